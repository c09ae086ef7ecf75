"""Updates as lists of calls of NumPy's own loops, which an extension in C repeats without Python.

May import: tables, copying, config. Begin with `tape.py`.
"""
