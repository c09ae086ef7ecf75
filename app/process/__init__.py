"""A process: its memory, priority and limits, and how it starts others.

It may import nothing of ours. Begin with `subprocesses.py`.
"""
