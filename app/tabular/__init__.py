"""Tables of people's own points: files of many formats in, rows with names, roles and notes out.

It may import app.process and the engine. Begin with `reading.py`; `formats.py` is the table of what can be read.
"""
