"""The one value that describes a run: its data, its network and how it is trained.

The field names are the keys of TensorFlow Playground's links. Links, request bodies, the command line and the
page's controls are all this model.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS, Dataset, Point, scattered
from engine.features import FEATURES
from engine.penalties import PENALTIES
from engine.points import CHARACTERS, PATTERN, checked, decode
from engine.stream import Stream
from engine.tables import OneOf

MAX_LAYERS = 10
MAX_UNITS = 64
MIN_SAMPLES = 100
MAX_SAMPLES = 5_000
MAX_NOISE = 100
MIN_SPLIT, MAX_SPLIT = 1, 99
MAX_TEXT = 256
SAMPLES = {"classification": 500, "regression": 1200}
"""How many points the original draws for each problem."""

CONTROLS = {
    "showTestData": "Show test data",
    "discretize": "Discretize output",
    "playButton": "Play button",
    "stepButton": "Step button",
    "resetButton": "Reset button",
    "learningRate": "Learning rate",
    "activation": "Activation",
    "regularization": "Regularization",
    "regularizationRate": "Regularization rate",
    "problem": "Problem type",
    "dataset": "Data set",
    "percTrainData": "Ratio of training data",
    "noise": "Noise level",
    "batchSize": "Batch size",
    "numHiddenLayers": "Number of hidden layers",
}
"""The controls that a link can hide by `NAME_hide=true`, with their labels."""

TEXT = "".join(re.escape(char) for char in map(chr, range(33, 127)) if char not in '&=#"<>`')
"""Characters that stand for themselves in a link, so that a seed reads the same in every browser."""


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in CONTROLS if name in names)


def _datasets(problem: str) -> list[str]:
    return [name for name, dataset in DATASETS.items() if dataset.problem == problem]


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(strict=True, max_length=MAX_TEXT, pattern=f"^[{TEXT}]*$")]
Points = Annotated[
    str, Field(strict=True), AfterValidator(checked), WithJsonSchema({"type": "string", "pattern": PATTERN})
]
Units = Annotated[Count, Field(ge=1, le=MAX_UNITS)]


class Config(BaseModel):
    """A run, whole: the same Config gives the same bits everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    activation: Annotated[str, OneOf(ACTIVATIONS)] = "tanh"
    """The activation of every hidden layer."""
    regularization: Annotated[str, OneOf(PENALTIES)] = "none"
    """What large weights cost."""
    batchSize: Annotated[Count, Field(ge=1, le=MAX_SAMPLES)] = 10
    """Points per update. A batch larger than the training set never fills, and then nothing is ever updated."""
    dataset: Annotated[str, OneOf(_datasets("classification"))] = "circle"
    """The data set of a classification."""
    regDataset: Annotated[str, OneOf(_datasets("regression"))] = "reg-plane"
    """The data set of a regression."""
    learningRate: Annotated[Number, Field(ge=0)] = 0.03
    """How far an update goes against the gradient."""
    regularizationRate: Annotated[Number, Field(ge=0)] = 0.0
    """The weight of the regularization beside the loss."""
    noise: Annotated[Number, Field(ge=0, le=MAX_NOISE)] = 0.0
    """Noise of the data in percent."""
    networkShape: Annotated[tuple[Units, ...], Field(max_length=MAX_LAYERS)] = (4, 2)
    """Units of each hidden layer, from the inputs on."""
    seed: Annotated[Text, Field(min_length=1)] = "0.5"
    """The text that keys the random stream of data and first weights."""
    showTestData: Flag = False
    """Whether the test points are drawn."""
    discretize: Flag = False
    """Whether the output is shown as classes instead of shades."""
    percTrainData: Annotated[Number, Field(ge=MIN_SPLIT, le=MAX_SPLIT)] = 50.0
    """The share of the points that trains, in percent; the rest tests."""
    x: Flag = True
    y: Flag = True
    xSquared: Flag = False
    ySquared: Flag = False
    xTimesY: Flag = False
    sinX: Flag = False
    sinY: Flag = False
    cosX: Flag = False
    cosY: Flag = False
    collectStats: Flag = False
    """Carried for the original's links; nothing is collected."""
    tutorial: Text = ""
    """The name of a tutorial to show beside the playground."""
    problem: Literal["classification", "regression"] = "classification"
    """Whether the output is a class (tanh) or a number (linear)."""
    initZero: Flag = False
    """Whether weights and biases start at zero."""
    hideText: Flag = False
    """Whether the explaining text below the playground is left out."""
    hide: Annotated[
        tuple[Annotated[str, OneOf(CONTROLS)], ...], Field(max_length=len(CONTROLS)), AfterValidator(_in_order)
    ] = ()
    """The controls that the page leaves out."""
    numSamples: Annotated[Count, Field(ge=MIN_SAMPLES, le=MAX_SAMPLES)] | None = None
    """How many points are drawn; as many as the original draws where it is left out."""
    showWorst: Flag = False
    """Whether the points with the largest loss are marked."""
    compact: Flag = False
    """Whether the page leaves out all but the transport, the network and the output, as in a frame of a course page."""
    points: Points = ""
    """The points of one's own data set: nine characters for each, as `engine.points` encodes them."""

    @property
    def features(self) -> tuple[str, ...]:
        """The input features that are on, in network order."""
        return tuple(name for name in FEATURES if getattr(self, name))

    @property
    def shape(self) -> tuple[int, ...]:
        """Units per layer: inputs, hidden layers, the output."""
        return (len(self.features), *self.networkShape, 1)

    @property
    def data_name(self) -> str:
        """The name of the data set in use."""
        return self.dataset if self.problem == "classification" else self.regDataset

    @property
    def data(self) -> Dataset:
        """The data set in use."""
        return DATASETS[self.data_name]

    @property
    def samples(self) -> int:
        """How many points there are, but for sets of two halves, which round up."""
        if self.data.own:
            return len(self.points) // CHARACTERS
        return self.numSamples or SAMPLES[self.problem]

    def draw(self, stream: Stream) -> list[Point]:
        """The points before they are shuffled: the data set's, or one's own, moved by the noise."""
        noise = self.noise / 100
        if not self.data.own:
            return self.data.make(self.samples, noise, stream)
        points = decode(self.points)
        if self.problem == "classification":  # they may have been made for a regression
            points = [point._replace(label=1.0 if point.label >= 0 else -1.0) for point in points]
        return scattered(points, noise, stream)

    @property
    def data_identity(self) -> tuple[object, ...]:
        """What the points depend on: as long as this is the same, so are they."""
        source = self.points if self.data.own else self.samples
        return (self.data_name, source, self.noise, self.percTrainData, self.seed)

    @property
    def network_identity(self) -> tuple[object, ...]:
        """What the network's parameters mean: while this is the same, they can be kept."""
        return (self.shape, self.features, self.problem, self.initZero)

    def restarts(self, other: Config) -> Literal["data", "network"] | None:
        """What has to be made anew to go from this configuration to another: "data" means both."""
        if self.data_identity != other.data_identity:
            return "data"
        return None if self.network_identity == other.network_identity else "network"


def _limits() -> dict[str, tuple[float, float]]:
    limits = {}
    for name, schema in Config.model_json_schema()["properties"].items():
        number = schema["anyOf"][0] if "anyOf" in schema else schema
        if number["type"] in ("integer", "number"):
            limits[name] = (number["minimum"], number.get("maximum", math.inf))
    return limits


LIMITS = _limits()
"""The least and the largest value of each number."""
