"""A run as pictures: what every unit says at every place, the boundary, a notebook's view.

It may import training, data, tables. Begin with `grid.py`.
"""
