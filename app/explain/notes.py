"""Notes on what may surprise about a valid configuration."""

from __future__ import annotations

from engine import Config
from engine.tables.losses import LOSSES
from engine.tables.optimizers import OPTIMIZERS


def notes_on(config: Config, train_size: int | None = None) -> list[str]:
    """A sentence about each surprise; `train_size` says how many points train where that is known to the point."""
    size = training_size(config) if train_size is None else train_size
    found = (_batch(config, size), _patience(config), _step(config), _decay(config), _images(config))
    return [sentence for sentence in found if sentence]


def points_in(config: Config, share: float) -> int:
    """How many points a share in percent comes to."""
    return int(config.samples * share / 100)


def training_size(config: Config) -> int:
    """How many points train, or images: of these all that do not validate."""
    if config.image_set:
        return config.samples - points_in(config, config.percValidationData)
    return points_in(config, config.percTrainData)


def _images(config: Config) -> str:
    images, asked = config.image_set, config.numSamples or 0
    if images is None:
        return ""
    if asked > images.most:
        return f"There are {images.most:,} images to train with, not {asked:,}: all of them are taken."
    if config.percTrainData != Config.model_fields["percTrainData"].default:
        return "percTrainData has no effect, because images have test images of their own: see numSamples."
    return ""


def _batch(config: Config, size: int) -> str:
    if config.data.own or config.batchSize <= size:
        return ""
    return (
        f"The batch of {config.batchSize} is larger than the {size} training points, so no update is ever made, as in "
        f"the original. Try at most {size}."
    )


def _patience(config: Config) -> str:
    if not config.patience:
        names = [name for name in ("minDelta", "restoreBest") if getattr(config, name)]
        have = "have" if len(names) > 1 else "has"
        return f"{' and '.join(names)} {have} no effect, because early stopping is off: see patience." if names else ""
    if points_in(config, config.percValidationData):
        return ""
    return f"The patience of {config.patience} stops nothing early, because no points validate: see percValidationData."


def _decay(config: Config) -> str:
    optimizer = OPTIMIZERS[config.optimizer]
    if not optimizer.decouples or config.regularization == "none" or config.regularizationMode == "decoupled":
        return ""
    return (
        f"{optimizer.label} keeps the regularization out of the gradient, whatever regularizationMode says: take adam "
        "to have it in the loss."
    )


def _step(config: Config) -> str:
    if config.output_name != "step" or LOSSES[config.loss_name].of_sums:
        return ""
    fitting = " or ".join(name for name, loss in LOSSES.items() if loss.of_sums and config.problem in loss.problems)
    return f"The step has no slope that the {config.loss_name} loss could go down, so nothing is learnt: try {fitting}."
