"""The run store: scripted runs and sweeps in an SQLite file, and the training step whose results it keeps.

It may import explain, wire. Begin with `step.py`, then `store.py` and `run_queue.py`.
"""
