"""The mathematics of the playground: a small multilayer perceptron on 2D data, trained step by step.

NumPy, pydantic and the standard library; no files but the digits that it carries, no clock, no network, no printing.
"""

from engine.config import Config
from engine.errors import InvalidConfigError
from engine.link.keys import holds_link
from engine.link.link import LinkError, ParsedLink, format_link, parse_link
from engine.link.repair import find_link
from engine.pictures.boundary import boundary
from engine.pictures.grid import Grid
from engine.snapshot import Snapshot
from engine.state import format_state, trainer_at
from engine.trainer import Trainer
from engine.training.early_stopping import Stop
from engine.training.measures import Losses, Measures
from engine.training.network import Network
from engine.training.trained import Divergence

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
