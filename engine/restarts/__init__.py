"""Many runs trained together: in turns, or as one stack of arrays.

It may import all of the engine but state. Begin with `restarts.py`.
"""
