"""Measures live sessions on a real server, as a class of thirty and worse would load it."""
