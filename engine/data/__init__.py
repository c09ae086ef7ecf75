"""Points: the data sets, a person's own points, and their encoding.

It may import tables, problems, stream. Begin with `datasets.py`.
"""
