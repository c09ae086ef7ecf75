"""Controls that wait for their turn: one may overwrite the one before."""

from __future__ import annotations

from app.live import controls
from app.live.run import LiveRun
from app.wire.messages import Control
from app.worker.hosted_run import HostedRun
from engine import Config, Trainer
from engine.data.datasets import DATASETS
from engine.tables.hideable_controls import CONTROLS as HIDEABLE
from engine.tables.tasks import TASKS
from tests.app.screen import bits
from tests.app.talk import apply, message, run_at


def noise(value: float, seq: int) -> Control:
    return message("configure", seq, set={"noise": value})


def coalesced(messages: list[Control]) -> list[Control]:
    """Those that are left waiting when all have come before the first had its turn."""
    hosted = HostedRun(LiveRun(Trainer(Config())))
    for number, one in enumerate(messages):
        hosted.enqueue(one, number)
    return [control for control, _ in hosted.waiting]


def test_of_a_slider_on_its_way_only_the_last_value_counts() -> None:
    assert coalesced([noise(value, value) for value in range(50)]) == [noise(49, 49)]


def test_other_controls_are_all_kept_in_their_order() -> None:
    plain = [
        message("play", 1),
        message("pause", 2),
        message("step", 3),
        message("step", 4),
        message("weight", 5, layer=0, unit=0, source=0, value=1.0),
        message("weight", 6, layer=0, unit=0, source=0, value=2.0),
        message("regenerate", 7),
        message("regenerate", 8),
    ]
    assert coalesced(plain) == plain


def test_a_value_before_another_control_is_kept() -> None:
    mixed = [noise(1, 1), noise(2, 2), message("step", 3), noise(3, 4), noise(4, 5)]
    assert coalesced(mixed) == [noise(2, 2), message("step", 3), noise(4, 5)]


def test_a_value_is_kept_where_the_next_change_is_of_another_field() -> None:
    rate = message("configure", 2, set={"learningRate": 0.1})
    assert coalesced([noise(1, 1), rate, noise(2, 3)]) == [noise(1, 1), rate, noise(2, 3)]


def test_a_change_of_more_fields_stands_for_one_of_fewer_and_not_the_other_way_round() -> None:
    both = message("configure", 2, set={"noise": 3, "learningRate": 0.1})
    assert coalesced([noise(1, 1), both]) == [both]
    assert coalesced([both, noise(1, 3)]) == [both, noise(1, 3)]


def test_links_are_all_kept() -> None:
    links = [message("configure", 1, link="noise=1"), message("configure", 2, link="noise=2"), noise(3, 3)]
    assert coalesced(links) == links


def test_the_thinned_controls_lead_to_where_all_would_have() -> None:
    every = [noise(1, 1), noise(2, 2), message("configure", 3, set={"networkShape": [3]}), noise(3, 4), noise(5, 5)]
    whole, thinned = run_at(1), run_at(1)
    for control in every:
        controls.apply(whole, control)
    for control in coalesced(every):
        controls.apply(thinned, control)
    assert thinned.config == whole.config
    assert bits(thinned.trainer) == bits(whole.trainer)


def test_two_gestures_are_kept_apart() -> None:
    """Else one undo would go back to the middle of the first."""
    first, second = (message("configure", n, set={"noise": n}, gesture=n) for n in (1, 2))
    on_its_way = message("configure", 3, set={"noise": 3}, gesture=2)
    assert coalesced([first, second, on_its_way]) == [first, on_its_way]


def test_of_a_probe_on_its_way_only_the_last_place_counts() -> None:
    probes = [message("probe", n, x=float(n), y=0.0) for n in range(5)]
    assert coalesced(probes) == probes[-1:]
    assert coalesced([probes[0], message("probe", 9)]) == [message("probe", 9)]
    assert coalesced([probes[0], message("step", 2), probes[1]]) == [probes[0], message("step", 2), probes[1]]


def test_every_dataset_and_every_hidden_control_can_be_configured() -> None:
    run = run_at(0)
    for key, dataset in DATASETS.items():
        field = TASKS[dataset.problem].dataset
        assert apply(run, "configure", set={"problem": dataset.problem, field: key})["type"] == "applied"
        assert run.config.data is dataset
    apply(run, "configure", set={"hide": list(HIDEABLE)})
    assert run.config.hide == tuple(HIDEABLE)
