"""What holds for every request before a route sees it: limits, origins, names, headers, refusals.

It may import the engine. Begin with `problem_json.py`, how a request is refused.
"""
