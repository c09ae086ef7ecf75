"""The one value that describes a run: its data, its network and how it is trained.

The field names are the keys of TensorFlow Playground's links. Links, request bodies, the command line and the
page's controls are all this model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Unpack

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from engine.data.datasets import DATASETS, Dataset, Point, scattered
from engine.data.points import CHARACTERS, MAX_CLASSES, PATTERN, checked, decode
from engine.names import (
    ActivationName,
    ClassDatasetName,
    ControlName,
    DatasetName,
    Fields,
    InitializerName,
    LossName,
    ModeName,
    OptimizerName,
    OutputName,
    PenaltyName,
    ProblemName,
    RegDatasetName,
    ScheduleName,
)
from engine.problems import InvalidConfigError, problems
from engine.scalars import plain, seed_text
from engine.stream import Stream
from engine.tables import OneOf
from engine.tables.activations import ACTIVATIONS
from engine.tables.features import FEATURES
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS

MAX_LAYERS = 10
MAX_UNITS = 64
MIN_SAMPLES = 100
MAX_SAMPLES = 5_000
MAX_NOISE = 100
MIN_SPLIT, MAX_SPLIT = 1, 99
MIN_CLASSES = 2
MAX_MOMENTUM, MAX_DROPOUT = 0.999, 0.9
MAX_EPOCHS = 1_000_000
MAX_TEXT = 256
SEEDS = ("seed", "weightSeed")
"""The fields whose text may be handed in as the number that it writes."""

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
    "loss": "Loss",
    "settings": "More settings",
    "restarts": "Restarts",
    "compare": "Compare",
    "showWorst": "Worst points",
    "regenerate": "Regenerate",
    "lessons": "Lessons",
    "share": "Share",
    **{name: f"Feature {feature.label}" for name, feature in FEATURES.items()},
}
"""The controls that a link can hide by `NAME_hide=true`, with their labels."""

TEXT = "".join(f"\\{char}" if char in "-[\\]^" else char for char in map(chr, range(33, 127)) if char not in '&=#"<>`')
"""Characters that stand for themselves in a link, so that a seed reads the same in every browser; within a class of a
pattern, which JavaScript reads too, and by its flag `u` refuses what is escaped without need."""


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in CONTROLS if name in names)


def datasets_of(problem: str) -> list[str]:
    """The names of the data sets of a kind of problem."""
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

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )

    activation: Annotated[ActivationName, OneOf(ACTIVATIONS)] = "tanh"
    """The activation of every hidden layer."""
    regularization: Annotated[PenaltyName, OneOf(PENALTIES)] = "none"
    """What large weights cost."""
    batchSize: Annotated[Count, Field(ge=1, le=MAX_SAMPLES)] = 10
    """Points per update. A batch larger than the training set never fills, and then nothing is ever updated."""
    dataset: Annotated[DatasetName, OneOf(datasets_of("classification"))] = "circle"
    """The data set of a classification."""
    regDataset: Annotated[RegDatasetName, OneOf(datasets_of("regression"))] = "reg-plane"
    """The data set of a regression."""
    learningRate: Annotated[Number, Field(ge=0)] = 0.03
    """How far an update goes against the gradient."""
    regularizationRate: Annotated[Number, Field(ge=0)] = 0.0
    """The weight of the regularization beside the loss."""
    noise: Annotated[Number, Field(ge=0, le=MAX_NOISE)] = 0.0
    """Noise of the data in percent."""
    networkShape: Annotated[tuple[Units, ...], Field(max_length=MAX_LAYERS, fail_fast=True)] = (4, 2)
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
    """The name of a lesson to show beside the playground."""
    problem: Annotated[ProblemName, OneOf(TASKS)] = "classification"
    """Whether the answer is one of two classes, one of many, or a number."""
    initZero: Flag = False
    """Whether weights and biases start at zero."""
    hideText: Flag = False
    """Whether the explaining text below the playground is left out."""
    hide: Annotated[
        tuple[Annotated[ControlName, OneOf(CONTROLS)], ...],
        Field(max_length=len(CONTROLS), fail_fast=True),
        AfterValidator(_in_order),
    ] = ()
    """The controls that the page leaves out."""
    numSamples: Annotated[Count, Field(ge=MIN_SAMPLES, le=MAX_SAMPLES)] | None = None
    """How many points are drawn; where it is left out as many as the original draws, for many classes 500."""
    showWorst: Flag = False
    """Whether the points with the largest loss are marked."""
    compact: Flag = False
    """Whether the page leaves out all but the transport, the network and the output, as in a frame of a course page."""
    points: Points = ""
    """The points of one's own data set: nine characters for each, as `engine.data.points` encodes them."""

    classDataset: Annotated[ClassDatasetName, OneOf(datasets_of("multiclass"))] = "blobs"
    """The data set of a problem with many classes."""
    classes: Annotated[Count, Field(ge=MIN_CLASSES, le=MAX_CLASSES)] = 3
    """How many classes there are, where the data set does not say that."""
    loss: Annotated[LossName, OneOf(LOSSES)] | None = None
    """How wrong an answer is; where it is left out squared, of many classes the cross-entropy."""
    outputActivation: Annotated[OutputName, OneOf(OUTPUTS)] | None = None
    """The activation of the output; where it is left out tanh, of many classes softmax, of a regression linear."""
    activations: Annotated[
        tuple[Annotated[ActivationName, OneOf(ACTIVATIONS)], ...], Field(max_length=MAX_LAYERS, fail_fast=True)
    ] = ()
    """The activation of each hidden layer by itself; layers behind the last one named have `activation`."""
    optimizer: Annotated[OptimizerName, OneOf(OPTIMIZERS)] = "sgd"
    """What makes steps of gradients."""
    momentum: Annotated[Number, Field(ge=0, le=MAX_MOMENTUM)] = 0.9
    """How much of its speed a step keeps, for optimizers that have any: momentum, Nesterov, and Adam's beta 1."""
    schedule: Annotated[ScheduleName, OneOf(SCHEDULES)] = "constant"
    """How the learning rate falls."""
    decayRate: Annotated[Number, Field(ge=0, le=10)] = 0.5
    """The factor of a schedule."""
    decayEpochs: Annotated[Count, Field(ge=1, le=MAX_EPOCHS)] = 100
    """The period of a schedule in epochs."""
    initializer: Annotated[InitializerName, OneOf(INITIALIZERS)] = "uniform"
    """What the first weights are drawn from; all are zero where `initZero` says so."""
    weightSeed: Text = ""
    """The text that keys the first weights alone; where it is left out they follow the data in its stream."""
    normalize: Flag = False
    """Whether each input is taken less its mean and by its standard deviation over the training points."""
    percValidationData: Annotated[Number, Field(ge=0, le=MAX_SPLIT - MIN_SPLIT)] = 0.0
    """The share of the points that validates, in percent, beside the one that trains; the rest tests."""
    patience: Annotated[Count, Field(ge=0, le=MAX_EPOCHS)] = 0
    """Early stopping: after how many epochs without a better validation loss training ends; 0 for never."""
    minDelta: Annotated[Number, Field(ge=0)] = 0.0
    """Early stopping: by more than this the validation loss has to fall to count as better."""
    restoreBest: Flag = False
    """Early stopping: whether the weights of the best epoch are restored when it ends the run."""
    coverTest: Flag = False
    """Whether the test loss stays covered until it is asked for."""
    reshuffle: Flag = False
    """Whether each epoch takes the training points in another order."""
    dropout: Annotated[Number, Field(ge=0, le=MAX_DROPOUT)] = 0.0
    """The share of the hidden units that each update leaves out, drawn anew for every point."""
    clipNorm: Annotated[Number, Field(ge=0)] = 0.0
    """The largest norm of a gradient, which longer ones are cut down to; 0 for any."""
    regularizationMode: Annotated[ModeName, OneOf(MODES)] = "decoupled"
    """Whether the regularization is weight decay beside the optimizer's step, or part of the loss."""

    def __init__(self, **values: Unpack[Fields]) -> None:
        """A configuration from a script: NumPy's values are taken where Python's are, and numbers as seeds.

        InvalidConfigError, a ValueError, for what no configuration can be; it names every field that is wrong.
        """
        try:
            super().__init__(**from_script(values))
        except ValidationError as error:
            raise InvalidConfigError(*problems(error, "Config", type(self).model_fields)) from None

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # `model_validate` goes by the schema alone

    def replace(self, **changes: Unpack[Fields]) -> Config:
        """This configuration with some fields changed, checked as a new one is: InvalidConfigError."""
        return Config(**{**dict(self), **changes})

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """What is not at its default, so that the representation is a short call that makes the same configuration."""
        fields = type(self).model_fields
        return ((name, value) for name, value in self if value != fields[name].default)

    __str__ = BaseModel.__repr__

    if not TYPE_CHECKING:  # it would let a type checker take any attribute

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"A configuration cannot be changed: config.replace({name}=...) gives another one.")

    @field_validator("loss", "outputActivation")
    @classmethod
    def _fits(cls, name: str | None, info: ValidationInfo) -> str | None:
        """Losses and outputs belong to some problems alone."""
        table = LOSSES if info.field_name == "loss" else OUTPUTS
        problem = info.data.get("problem")
        if name and problem and problem not in table[name].problems:
            fitting = [other for other, entry in table.items() if problem in entry.problems]
            raise ValueError(f"one of {', '.join(fitting)} for the problem {problem}")
        return name

    @field_validator("percValidationData")
    @classmethod
    def _leaves_test_points(cls, share: float, info: ValidationInfo) -> float:
        train = info.data.get("percTrainData", MIN_SPLIT)
        if share > MAX_SPLIT - train:
            raise ValueError(f"at most {MAX_SPLIT - train:g} beside {train:g} % that train")
        return share

    @property
    def features(self) -> tuple[str, ...]:
        """The input features that are on, in network order."""
        return tuple(name for name in FEATURES if getattr(self, name))

    @property
    def shape(self) -> tuple[int, ...]:
        """Units per layer: inputs, hidden layers, the outputs."""
        return (len(self.features), *self.networkShape, self.class_count if self.problem == "multiclass" else 1)

    @property
    def class_count(self) -> int:
        """How many classes there are, where there are many: those of the data set, if it has always as many."""
        return self.data.classes or self.classes

    @property
    def hidden_activations(self) -> tuple[str, ...]:
        """The name of each hidden layer's activation."""
        own = self.activations[: len(self.networkShape)]
        return (*own, *[self.activation] * (len(self.networkShape) - len(own)))

    @property
    def output_name(self) -> str:
        """The name of the output's activation."""
        return self.outputActivation or TASKS[self.problem].output

    @property
    def loss_name(self) -> str:
        """The name of the loss."""
        return self.loss or TASKS[self.problem].loss

    @property
    def initializer_name(self) -> str:
        """The name of what the first weights are drawn from."""
        return "zero" if self.initZero else self.initializer

    @property
    def data_name(self) -> str:
        """The name of the data set in use."""
        return str(getattr(self, TASKS[self.problem].dataset))

    @property
    def data(self) -> Dataset:
        """The data set in use."""
        return DATASETS[self.data_name]

    @property
    def samples(self) -> int:
        """How many points there are, but for sets of two halves, which round up."""
        if self.data.own:
            return len(self.points) // CHARACTERS
        return self.numSamples or TASKS[self.problem].samples

    def draw(self, stream: Stream) -> list[Point]:
        """The points before they are shuffled: the data set's, or one's own, moved by the noise."""
        noise = self.noise / 100
        if not self.data.own:
            return self.data.make(self.samples, noise, stream, self.class_count)
        points = [point._replace(label=self._label(point.label)) for point in decode(self.points)]
        return scattered(points, noise, stream)

    def _label(self, label: float) -> float:
        """What the label of a point of one's own means here, which may have been made for another problem."""
        if self.problem == "classification":
            return 1.0 if label >= 0 else -1.0
        if self.problem == "multiclass":
            return float(min(max(math.floor(label + 0.5), 0), self.class_count - 1))
        return label

    @property
    def data_identity(self) -> tuple[object, ...]:
        """What the points depend on: as long as this is the same, so are they."""
        source = self.points if self.data.own else self.samples
        split = (self.percTrainData, self.percValidationData)
        return (self.data_name, source, self.noise, split, self.seed, self.shape[-1])

    @property
    def network_identity(self) -> tuple[object, ...]:
        """What the network's parameters mean and where they begin: while this is the same, they can be kept."""
        first = (self.initializer_name, self.weightSeed)
        return (self.shape, self.features, self.problem, self.normalize, first)

    def restarts(self, other: Config) -> Literal["data", "network"] | None:
        """What has to be made anew to go from this configuration to another: "data" means both."""
        if self.data_identity != other.data_identity:
            return "data"
        return None if self.network_identity == other.network_identity else "network"


def from_script(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a configuration as a script may hand them in, in Python's own types and with seeds as text."""
    found: dict[str, Any] = plain(values)
    return {name: seed_text(value) if name in SEEDS else value for name, value in found.items()}


def _limits() -> dict[str, tuple[float, float]]:
    limits = {}
    for name, schema in Config.model_json_schema()["properties"].items():
        number = schema["anyOf"][0] if "anyOf" in schema else schema
        if number["type"] in ("integer", "number"):
            limits[name] = (number["minimum"], number.get("maximum", math.inf))
    return limits


LIMITS = _limits()
"""The least and the largest value of each number."""
