"""One network and its training: passes, updates, batches, early stopping, measures, predictions.

It may import data, tables, config. Begin with `network.py`, then `descent.py`.
"""
