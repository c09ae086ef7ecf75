"""The configuration of a run: its fields, their bounds, and what follows from them.

It may import data, tables, errors. Begin with `fields.py`, then `config.py`.
"""

from engine.config.config import LIMITS, Config

__all__ = ["LIMITS", "Config"]
