"""Sessions of pages in the server, each between its websocket and its worker; the waiting list; the worker pool.

It may import wire, http, process; nothing of live. Begin with `session.py`.
"""
