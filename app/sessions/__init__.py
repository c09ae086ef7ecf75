"""A page's session in the server: its websocket on one side, its worker on the other.

It may import wire, http, process; nothing of live. Begin with `session.py`.
"""
