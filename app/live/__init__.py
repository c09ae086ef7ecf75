"""One page's run as a value, and the controls that change it: play, step, undo, galleries. No socket and no clock.

It may import wire, explain. Begin with `controlled_run.py`, then `controls.py` and `run.py`.
"""
