"""Links: a Config as the part of a URL after `#`; parsed and formatted, found in a text and repaired.

It may import config, tables and errors. Begin with `link.py`.
"""
