"""Points that are moved by hand: the network stays, and goes on from there."""

from __future__ import annotations

import pytest

from engine import Config
from tests.app.live.undoing import amid_an_epoch
from tests.app.talk import apply, run_at

SPIRAL = Config(dataset="spiral", noise=20, percTrainData=60, percValidationData=15, patience=99, normalize=True)
KINDS = {
    "classification": SPIRAL,
    "multiclass": Config(problem="multiclass", classDataset="arms", classes=4),
    "regression": Config(problem="regression"),
}


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_only_that_point_moves_and_the_network_stays(part: str) -> None:
    run = amid_an_epoch(SPIRAL)
    before, number = run.trainer, run.number
    answer = apply(run, "point", part=part, point=3, x=1.5, y=-2.25)
    for name in ("train", "validation", "test"):
        were, are = getattr(before.parts, name).points, answer["points"][name]
        expected = [p._replace(x=1.5, y=-2.25) if (name, i) == (part, 3) else p for i, p in enumerate(were)]
        assert [tuple(point) for point in are] == [pytest.approx(tuple(point), abs=6e-5) for point in expected]
    assert (run.trainer.snapshot(), run.number) == (before.snapshot(), number)
    assert (run.config.data_name, run.config.noise) == ("own", 0)
    assert answer["restarted"] is None


@pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)
def test_points_of_every_kind_of_problem_keep_their_labels(config: Config) -> None:
    run = run_at(1, config)
    before = [point.label for point in run.trainer.train_data.points]
    apply(run, "point", part="train", point=0, x=0.5, y=0.5)
    assert [point.label for point in run.trainer.train_data.points] == pytest.approx(before, abs=6e-5)
    run.trainer.train(2)
    assert run.trainer.epoch == 3


def test_one_undo_takes_back_the_whole_way_of_a_point() -> None:
    run = amid_an_epoch(SPIRAL)
    before = run.config
    for x in (0.5, 1.0, 1.5):
        apply(run, "point", part="train", point=0, x=x, y=0.5, gesture=3)
    apply(run, "undo")
    assert run.config == before


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"part": "train", "point": 300, "x": 0, "y": 0}, "point", "0 to 249"),
        ({"part": "validation", "point": 0, "x": 0, "y": 0}, "point", "none, as there are no points of this part"),
        ({"part": "train", "point": 0, "x": 50, "y": 0}, "x", "-13.1072 to 13.1071"),
    ],
)
def test_a_point_that_cannot_be_moved_is_refused(fields: dict[str, object], field: str, expected: str) -> None:
    run = run_at(1)
    answer = apply(run, "point", **fields)  # type: ignore[arg-type]
    assert answer["type"] == "error"
    assert field in answer["problems"][0]["field"]
    assert answer["problems"][0]["expected"] == expected
    assert answer["undo"] is None
