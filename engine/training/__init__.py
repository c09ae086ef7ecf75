"""One network and its training: passes, updates, which points, when to stop, what is measured.

It may import data, tables, config. Begin with `network.py`, then `descent.py`.
"""
