"""Checks of every request before a route sees it: size and rate limits, origins, headers, refusals.

It may import the engine. Begin with `problem_json.py`, how a request is refused.
"""
