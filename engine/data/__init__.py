"""Points: the data sets, a person's own points, and their encoding.

It may import tables, errors, stream. Begin with `datasets.py`.
"""
