"""Points: the data sets, a person's own, and how they are written.

It may import tables, problems, stream. Begin with `datasets.py`.
"""
