"""Explanations in sentences: topics behind the labels, notes on a configuration, reasons why a run ended.

It may import the engine. Begin with `topics.py`, the table of all explanations.
"""
