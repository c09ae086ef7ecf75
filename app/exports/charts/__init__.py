"""Pictures of a run, made without a browser.

It may import wire. Begin with `loss_chart.py`.
"""
