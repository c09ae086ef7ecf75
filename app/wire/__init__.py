"""The formats that page, server and worker share: messages, frames, saved runs, the pipe.

It may import the engine. Begin with `messages.py`, then `frames.py`.
"""
