"""Scripted runs without HTTP: who trains them, in which order, and what is worked out of them.

It may import search, schemas, store, exports, process. Begin with `runner.py`.
"""
