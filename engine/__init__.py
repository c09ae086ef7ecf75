"""The mathematics of the playground: a small multilayer perceptron on 2D data, trained step by step.

NumPy, pydantic and the standard library; no files, no clock, no network, no printing.
"""

from engine.config import Config
from engine.early_stopping import Stop
from engine.grid import Grid
from engine.link import LinkError, ParsedLink, format_link, parse_link
from engine.link_keys import holds_link
from engine.link_repair import find_link
from engine.measures import Losses, Measures
from engine.network import Network
from engine.picture import boundary
from engine.problems import InvalidConfigError
from engine.snapshot import Snapshot
from engine.state import format_state, trainer_at
from engine.trainer import Divergence, Trainer

__all__ = [
    "Config",
    "Divergence",
    "Grid",
    "InvalidConfigError",
    "LinkError",
    "Losses",
    "Measures",
    "Network",
    "ParsedLink",
    "Snapshot",
    "Stop",
    "Trainer",
    "boundary",
    "find_link",
    "format_link",
    "format_state",
    "holds_link",
    "parse_link",
    "trainer_at",
]
