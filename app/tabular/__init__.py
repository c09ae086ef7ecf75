"""Tables of people's own points: files of many formats in, rows with names, roles and notes out.

It may import the engine alone. Begin with `reading.py`; `formats.py` is the table of what can be read.
"""
