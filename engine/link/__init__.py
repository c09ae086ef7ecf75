"""Links: a Config as the part of a URL after `#`, read and written, repaired and found in a text.

It may import config, tables and problems. Begin with `link.py`.
"""
