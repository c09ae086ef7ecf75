"""The HTTP API: one module for each noun of an address.

It may import runs, sessions, search, schemas, http. Begin with `runs.py`.
"""
