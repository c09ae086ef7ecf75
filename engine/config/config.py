"""The configuration: one value that describes a run, its data, its network and its training.

The field names are the keys of TensorFlow Playground's links. Links, request bodies, the command line and the
page's controls are all this model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Unpack

from pydantic import BaseModel, ValidationError

from engine.config.fields import ConfigFields
from engine.data.datasets import DATASETS, Dataset, Point, with_noise
from engine.data.points import CHARACTERS, decode
from engine.errors import InvalidConfigError, problems
from engine.images.image_set import ImageSet
from engine.images.image_sets import IMAGE_SETS
from engine.names import Fields
from engine.random_stream import Stream
from engine.scalars import python_values, seed_text
from engine.tables.features import FEATURES
from engine.tables.schedules import learning_rate
from engine.tables.tasks import TASKS

SEEDS = ("seed", "weightSeed")
"""The fields whose text may be handed in as the number that it writes."""


class Config(ConfigFields):
    """The whole description of a run: on one kind of machine the same Config gives the same bits."""

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
        return ((name, value) for name, value in self if not self.is_default(name))

    def is_default(self, name: str) -> bool:
        """Whether a field is as it is where nothing is said, for the present problem."""
        default = type(self).model_fields[name].default
        return bool(getattr(self, name) == TASKS[self.problem].defaults.get(name, default))

    __str__ = BaseModel.__repr__

    if not TYPE_CHECKING:  # it would let a type checker take any attribute

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"A configuration cannot be changed: config.replace({name}=...) gives another one.")

    @property
    def features(self) -> tuple[str, ...]:
        """The input features that are on, in network order; none where the inputs are pixels."""
        return () if self.image_set else tuple(name for name in FEATURES if getattr(self, name))

    @property
    def image_set(self) -> ImageSet | None:
        """The image set in use, where the problem is one with images."""
        return IMAGE_SETS[self.images] if self.problem == "images" else None

    @property
    def inputs(self) -> int:
        """How many inputs there are: features, or pixels."""
        return self.image_set.pixels if self.image_set else len(self.features)

    @property
    def shape(self) -> tuple[int, ...]:
        """Units per layer: inputs, hidden layers, the outputs."""
        return (self.inputs, *self.networkShape, self.class_count if self.has_many_classes else 1)

    @property
    def has_many_classes(self) -> bool:
        """Whether there is an output for each class."""
        return TASKS[self.problem].many

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

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        return learning_rate(self.schedule, self.learningRate, epoch, self.decayRate, self.decayEpochs)

    @property
    def data_name(self) -> str:
        """The name of the data set in use."""
        return str(getattr(self, TASKS[self.problem].dataset))

    @property
    def data(self) -> Dataset:
        """The data set in use."""
        return self.image_set or DATASETS[self.data_name]

    @property
    def samples(self) -> int:
        """How many points there are, but for sets of two halves, which round up; of images those that do not test."""
        if self.data.own:
            return len(self.points) // CHARACTERS
        if self.image_set:
            return min(self.numSamples or self.image_set.most, self.image_set.most)
        return self.numSamples or TASKS[self.problem].samples

    def draw(self, stream: Stream) -> list[Point]:
        """The points before they are shuffled: the data set's, or one's own, moved by the noise."""
        noise = self.noise / 100
        if not self.data.own:
            return self.data.make(self.samples, noise, stream, self.class_count)
        points = [point._replace(label=self._label(point.label)) for point in decode(self.points)]
        return with_noise(points, noise, stream)

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
        """What has to be created again to change from this configuration to another: "data" means both."""
        if self.data_identity != other.data_identity:
            return "data"
        return None if self.network_identity == other.network_identity else "network"


def from_script(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a configuration as a script may hand them in, in Python's own types and with seeds as text."""
    found: dict[str, Any] = python_values(values)
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
