"""Scripts that reproduce a run in NumPy, PyTorch or scikit-learn, and check its losses.

It may import exports.files. Begin with `script.py`.
"""
