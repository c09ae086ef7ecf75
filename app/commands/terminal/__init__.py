"""What a command does and shows in its own process.

It may import arguments, client, runs. Begin with `show.py`.
"""
