"""Programs that train a run anew and check that they come to its losses.

It may import exports.files. Begin with `script.py`.
"""
