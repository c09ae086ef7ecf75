"""The fields of a configuration: defaults, bounds and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from engine.config.field_types import (
    MAX_DROPOUT,
    MAX_EPOCHS,
    MAX_LAYERS,
    MAX_MOMENTUM,
    MAX_NOISE,
    MAX_SAMPLES,
    MAX_SPLIT,
    MAX_UNITS,
    MIN_CLASSES,
    MIN_SAMPLES,
    MIN_SPLIT,
    Count,
    Flag,
    Number,
    Points,
    Text,
    Units,
)
from engine.data.datasets import datasets_of
from engine.data.points import MAX_CLASSES
from engine.errors import InputError, Problem, shown
from engine.images.image_sets import IMAGE_SETS
from engine.names import (
    ActivationName,
    ClassDatasetName,
    ControlName,
    DatasetName,
    ImageSetName,
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
from engine.tables import OneOf
from engine.tables.activations import ACTIVATIONS
from engine.tables.hideable_controls import CONTROLS
from engine.tables.initializers import INITIALIZERS
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS
from engine.tables.outputs import OUTPUTS
from engine.tables.penalties import MODES, PENALTIES
from engine.tables.schedules import SCHEDULES
from engine.tables.tasks import TASKS


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in CONTROLS if name in names)


class ConfigFields(BaseModel):
    """The fields, in the order of links, and which of their values go together."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )

    activation: Annotated[ActivationName, OneOf(ACTIVATIONS)] = "tanh"
    """The activation of every hidden layer."""
    regularization: Annotated[PenaltyName, OneOf(PENALTIES)] = "none"
    """The penalty on large weights."""
    batchSize: Annotated[Count, Field(ge=1, le=MAX_SAMPLES)] = 10
    """Points per update. A batch larger than the training set never fills, so nothing is ever updated."""
    dataset: Annotated[DatasetName, OneOf(datasets_of("classification"))] = "circle"
    """The data set of a classification."""
    regDataset: Annotated[RegDatasetName, OneOf(datasets_of("regression"))] = "reg-plane"
    """The data set of a regression."""
    learningRate: Annotated[Number, Field(ge=0)] = 0.03
    """The step of an update: this times the gradient."""
    regularizationRate: Annotated[Number, Field(ge=0)] = 0.0
    """The weight of the regularization."""
    noise: Annotated[Number, Field(ge=0, le=MAX_NOISE)] = 0.0
    """Noise of the data in percent."""
    networkShape: Annotated[tuple[Units, ...], Field(max_length=MAX_LAYERS, fail_fast=True)] = (4, 2)
    """Units of each hidden layer, from the inputs on."""
    seed: Annotated[Text, Field(min_length=1)] = "0.5"
    """The seed of data and first weights: any text."""
    showTestData: Flag = False
    """Whether the test points are drawn."""
    discretize: Flag = False
    """Whether the output is shown as classes instead of shades."""
    percTrainData: Annotated[Number, Field(ge=MIN_SPLIT, le=MAX_SPLIT)] = 50.0
    """The share of training points, in percent; the rest are test points."""
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
    """Kept for links of the original; nothing is collected."""
    tutorial: Text = ""
    """The name of a lesson to show beside the playground."""
    problem: Annotated[ProblemName, OneOf(TASKS), Field(validate_default=True)] = "classification"
    """What is predicted: one of two classes, one of many, a number, or the class of an image."""
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
    """How many points are drawn; if left out as many as the original draws, for many classes 500."""
    showWorst: Flag = False
    """Whether the points with the largest loss are marked."""
    compact: Flag = False
    """Whether the page leaves out all but the transport, the network and the output, as in a frame of a course page."""
    points: Points = ""
    """A person's own points: nine characters for each, as `engine.data.points` encodes them."""

    classDataset: Annotated[ClassDatasetName, OneOf(datasets_of("multiclass"))] = "blobs"
    """The data set of a problem with many classes."""
    classes: Annotated[Count, Field(ge=MIN_CLASSES, le=MAX_CLASSES)] = 3
    """How many classes there are, unless the data set says so."""
    loss: Annotated[LossName, OneOf(LOSSES)] | None = None
    """The loss; if left out squared, for many classes the cross-entropy."""
    outputActivation: Annotated[OutputName, OneOf(OUTPUTS)] | None = None
    """The activation of the output; if left out tanh, for many classes softmax, for a regression linear."""
    activations: Annotated[
        tuple[Annotated[ActivationName, OneOf(ACTIVATIONS)], ...], Field(max_length=MAX_LAYERS, fail_fast=True)
    ] = ()
    """The activation of each hidden layer; layers after the last one named have `activation`."""
    optimizer: Annotated[OptimizerName, OneOf(OPTIMIZERS)] = "sgd"
    """The optimizer."""
    momentum: Annotated[Number, Field(ge=0, le=MAX_MOMENTUM)] = 0.9
    """The momentum, for optimizers that use one: momentum, Nesterov, and Adam's beta 1."""
    schedule: Annotated[ScheduleName, OneOf(SCHEDULES)] = "constant"
    """How the learning rate falls."""
    decayRate: Annotated[Number, Field(ge=0, le=10)] = 0.5
    """The factor of a schedule."""
    decayEpochs: Annotated[Count, Field(ge=1, le=MAX_EPOCHS)] = 100
    """The period of a schedule in epochs."""
    initializer: Annotated[InitializerName, OneOf(INITIALIZERS)] = "uniform"
    """The distribution of the first weights; with `initZero` all are zero."""
    weightSeed: Text = ""
    """The seed of the first weights alone; if left out, `seed` is used for them too."""
    normalize: Flag = False
    """Whether each input is normalized: minus its mean, divided by its standard deviation over the training points."""
    percValidationData: Annotated[Number, Field(ge=0, le=MAX_SPLIT - MIN_SPLIT)] = 0.0
    """The share of validation points, in percent, beside the training points; the rest are test points."""
    patience: Annotated[Count, Field(ge=0, le=MAX_EPOCHS)] = 0
    """Early stopping: training ends after so many epochs without a better validation loss; 0 for never."""
    minDelta: Annotated[Number, Field(ge=0)] = 0.0
    """Early stopping: the validation loss has to fall by more than this to count as better."""
    restoreBest: Flag = False
    """Early stopping: whether the weights of the best epoch are restored when it ends the run."""
    coverTest: Flag = False
    """Whether the test loss is covered until *Show* is pressed."""
    reshuffle: Flag = False
    """Whether each epoch takes the training points in another order."""
    dropout: Annotated[Number, Field(ge=0, le=MAX_DROPOUT)] = 0.0
    """The share of hidden units that each update leaves out, drawn again for every point."""
    clipNorm: Annotated[Number, Field(ge=0)] = 0.0
    """The largest norm of a gradient; longer ones are scaled down to it; 0 for no limit."""
    regularizationMode: Annotated[ModeName, OneOf(MODES)] = "decoupled"
    """Whether the regularization is weight decay beside the optimizer's step, or part of the loss."""
    images: Annotated[ImageSetName, OneOf(IMAGE_SETS)] = "digits"
    """The image set of a problem with images."""

    @model_validator(mode="before")
    @classmethod
    def _take_defaults_of_the_problem(cls, values: Any) -> Any:
        """A problem with images has defaults of its own."""
        problem = values.get("problem") if isinstance(values, Mapping) else None
        task = TASKS.get(problem) if isinstance(problem, str) else None
        return {**task.defaults, **values} if task and task.defaults else values

    @field_validator("problem")
    @classmethod
    def _fits_layers(cls, problem: str, info: ValidationInfo) -> str:
        """Only layers behind pixels may be wide."""
        widest = max(info.data.get("networkShape", ()), default=0)
        if problem != "images" and widest > MAX_UNITS:
            expected = f"layers of at most {MAX_UNITS} units, or the problem images"
            raise InputError(Problem("networkShape", expected, shown(info.data["networkShape"])))
        return problem

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
