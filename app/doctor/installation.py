"""Checks of the installation: Python, packages, and whether training gives the recorded losses."""

from __future__ import annotations

import platform
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import TYPE_CHECKING

from app.doctor.finding import Check, Finding, ok, problem, warning

if TYPE_CHECKING:
    from packaging.requirements import Requirement

NAME = "neural-playground"
EXTRAS = {
    "onnx": "exports to ONNX",
    "dask": "training on a cluster",
    "notebook": "tables in notebooks",
}
RECORDED = (
    "activation=tanh&batchSize=10&dataset=spiral&learningRate=0.03&networkShape=8,8,8&seed=0.68609&x=true&y=true"
    "&xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true"
)
LOSSES = {0: (0.5305430524445278, 0.5585891918328711), 10: (0.4458346367456056, 0.4682996635195637)}
"""Of that run, as the original playground trained it: training and test loss at some epochs."""
TOLERANCE = 1e-9
THREADS = """
import os, numpy
a = numpy.ones((600, 600))
a @ a
print(len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1)
"""


def python() -> Iterator[Finding]:
    """Whether Python is new enough."""
    from packaging.specifiers import SpecifierSet

    running = f"Python {platform.python_version()}"
    try:
        needed = metadata(NAME)["Requires-Python"]
    except PackageNotFoundError:
        yield ok("python", f"{running}.")
        return
    if SpecifierSet(needed).contains(platform.python_version(), prereleases=True):
        yield ok("python", f"{running}; {needed} is needed.")
    else:
        yield problem(
            "python", f"{running} is too old or too new: {needed} is needed. Install it, then reinstall the playground."
        )


def packages() -> Iterator[Finding]:
    """Whether all packages are there, and new enough."""
    try:
        needed = needs()
    except PackageNotFoundError:
        yield warning(
            "packages", "The playground itself is not installed, so what it needs is not known: pip install ."
        )
        return
    wrong = [(one, why) for one in needed if (why := _wrong(one))]
    for one, why in wrong:
        yield problem("packages", f"{why}: pip install --upgrade '{one.name}{one.specifier}'")
    if not wrong:
        yield ok("packages", f"All {len(needed)} are there and new enough.")


def extras() -> Iterator[Finding]:
    """What else could be installed."""
    for extra, purpose in EXTRAS.items():
        try:
            wrong = [why for one in needs(extra) if (why := _wrong(one))]
        except PackageNotFoundError:
            return
        if wrong:
            yield ok("extras", f"{extra}, for {purpose}, is not there. To have it: pip install '{NAME}[{extra}]'")
        else:
            yield ok("extras", f"{extra} is there, for {purpose}.")


def needs(extra: str = "") -> list[Requirement]:
    """What the playground needs, or an extra beside it; PackageNotFoundError where it is not installed."""
    from packaging.requirements import Requirement

    every = [Requirement(text) for text in requires(NAME) or []]
    without = [one for one in every if one.marker is None or one.marker.evaluate({"extra": ""})]
    if not extra:
        return without
    return [one for one in every if one not in without and one.marker and one.marker.evaluate({"extra": extra})]


def _wrong(needed: Requirement) -> str | None:
    """What is wrong with a package, if anything is."""
    try:
        there = version(needed.name)
    except PackageNotFoundError:
        return f"{needed.name} is missing"
    if needed.specifier.contains(there, prereleases=True):
        return None
    return f"{needed.name} is {there} and has to be {needed.specifier}"


def engine() -> Iterator[Finding]:
    """Whether the engine comes to the losses of a recorded run."""
    from engine import Trainer, parse_link

    began, worst = time.perf_counter(), 0.0
    trainer = Trainer(parse_link(RECORDED).config)
    for epoch, recorded in LOSSES.items():
        trainer.train(epoch - trainer.epoch)
        worst = max(worst, *(abs(loss - then) for loss, then in zip(trainer.losses(), recorded, strict=True)))
    milliseconds = 1000 * (time.perf_counter() - began)
    if worst <= TOLERANCE:
        yield ok(
            "engine", f"{trainer.epoch} epochs come to the recorded losses, to {worst:.0e}, in {milliseconds:.0f} ms."
        )
    else:
        yield problem("engine", f"A recorded run comes to losses that are {worst:.0e} off: reinstall NumPy.")


def tapes() -> Iterator[Finding]:
    """Whether updates run from tapes, and to the same bits."""
    from engine import tape_check
    from engine.tapes import tape

    if not tape.is_used():
        why = "is turned off by PLAYGROUND_TAPE" if tape.IS_BUILT else "was built without a compiler"
        yield ok("tapes", f"The extension for updates {why}: they are NumPy calls, slower and to the same bits.")
    elif different := tape_check.differences():
        yield warning("tapes", f"Updates from tapes have other bits for {different[0]}: set PLAYGROUND_TAPE=0.")
    else:
        yield ok("tapes", "Updates run from tapes, to the bits of NumPy calls.")


def updates_name() -> str:
    """How updates are made."""
    from engine.tapes import tape

    return "updates from tapes" if tape.is_used() else "updates by NumPy calls"


def product_version() -> str:
    """The playground's own version."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        return "from a folder that is not installed"


def numpy_name() -> str:
    """NumPy with the library that it multiplies matrices by, and the versions of both."""
    import numpy as np

    library = np.show_config(mode="dicts").get("Build Dependencies", {}).get("blas", {})
    words = [library.get("name", "its own products"), library.get("version", "")]
    return f"NumPy {np.__version__} with {' '.join(filter(None, words))}"


def blas() -> Iterator[Finding]:
    """Whether a process that trains can keep NumPy's products to one thread."""
    from app.process.subprocesses import environment, python

    ran = subprocess.run(python(THREADS), env=environment(), capture_output=True, text=True, check=True)
    name, threads = numpy_name(), int(ran.stdout)
    if threads == 1:
        yield ok("blas", f"{name} keeps to one thread.")
    else:
        yield warning("blas", f"{name} takes {threads} threads whatever it is set to: runs slow each other down.")


CHECKS: dict[str, Check] = {
    "python": python,
    "packages": packages,
    "extras": extras,
    "engine": engine,
    "tapes": tapes,
    "blas": blas,
}
"""All that is looked at here, by what it is about."""
