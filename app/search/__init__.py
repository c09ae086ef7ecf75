"""Sweeps that choose: what runs are compared by, Optuna's samplers and pruners, the table of results.

It may import schemas, store. Begin with `objective.py`.
"""
