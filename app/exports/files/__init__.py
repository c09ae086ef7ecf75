"""Formats that hold a network, written and read.

It may import the engine. Begin with `layers.py`, the network as all formats have it.
"""
