"""What the product says in sentences: topics behind the labels, notes about a configuration, reasons of an end.

It may import the engine. Begin with `topics.py`, the table of all explanations.
"""
