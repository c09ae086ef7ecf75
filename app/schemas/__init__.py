"""Bodies of requests and answers of the HTTP API, as pydantic models.

It may import store, wire, explain. Begin with `run_request.py`.
"""
