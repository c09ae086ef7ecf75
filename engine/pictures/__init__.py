"""Pictures of a run: maps of every unit, the decision boundary, a notebook's display.

It may import training, data, tables. Begin with `grid.py`.
"""
