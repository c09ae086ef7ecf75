"""Image sets: what a network takes as pixels, read from the archives beside the code or drawn from the seed.

It may import data, tables, random_draws, errors. Begin with `image_set.py`, then `image_sets.py`.
"""
