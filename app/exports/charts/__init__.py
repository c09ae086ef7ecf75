"""The loss chart and the boundary as PNG files, made without a browser.

It may import wire. Begin with `loss_chart.py`.
"""
