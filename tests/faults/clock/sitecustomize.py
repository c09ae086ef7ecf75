"""Read by every Python that has this folder in its path: a time of day that may be set, by seconds in a file."""

import os
import time
from pathlib import Path

_told, _shift = time.time, Path(os.environ["CLOCK_SHIFT"])
time.time = lambda: _told() + float(_shift.read_text())
