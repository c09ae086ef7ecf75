"""Scripted runs without HTTP: the runner, the processes that train, results, retention.

It may import search, schemas, store, exports, process. Begin with `runner.py`.
"""
