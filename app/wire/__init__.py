"""What page, server and worker agree on to the byte: messages, frames, saved runs, the pipe.

It may import the engine. Begin with `messages.py`, then `frames.py`.
"""
