"""Sweeps that choose their runs: the objective, Optuna's samplers and pruners, the table of results.

It may import schemas, store. Begin with `objective.py`.
"""
