"""Runs as they are kept: a step of a run, what it brings, and the SQLite file that holds it.

It may import explain, wire. Begin with `step.py`, then `store.py` and `run_queue.py`.
"""
