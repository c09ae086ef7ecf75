"""What a process may take, and how it starts others.

It may import nothing of ours. Begin with `subprocesses.py`.
"""
