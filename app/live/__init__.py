"""One page's run as a value, and what may be done to it. No socket and no clock.

It may import wire, explain. Begin with `controlled_run.py`, then `controls.py` and `run.py`.
"""
