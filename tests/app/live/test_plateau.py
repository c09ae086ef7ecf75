"""A live run says once that it is stuck."""

from __future__ import annotations

from typing import Any

import pytest

from app.explain.plateau import LONG
from engine import Config
from tests.app.screen import Screen, playing
from tests.app.talk import apply

STUCK = Config(dataset="circle", activation="linear", networkShape=(1,))


def plateaus(screen: Screen) -> list[dict[str, Any]]:
    return [said for said in screen.said if said["type"] == "stuck"]


def until(screen: Screen, epoch: int) -> list[dict[str, Any]]:
    while screen.run.trainer.epoch < epoch:
        screen.watch(0.5)
    return plateaus(screen)


def until_said(screen: Screen, times: int = 1) -> None:
    while len(plateaus(screen)) < times:
        screen.watch(0.5)


def stuck() -> Screen:
    screen = Screen(playing(STUCK, "max"))
    until_said(screen)
    return screen


def test_a_run_that_gets_stuck_says_so_once_and_what_would_help() -> None:
    screen = stuck()
    (said,) = until(screen, screen.run.trainer.epoch + 2 * LONG)
    assert LONG / 3 < said["since"] < LONG
    assert [move["label"] for move in said["moves"]] == ["Use Tanh", "Add squares"]


def test_a_change_of_what_it_is_trained_with_takes_that_back_and_begins_a_new_watch() -> None:
    screen = stuck()
    apply(screen.run, "configure", set={"learningRate": 0.1})
    began = screen.run.trainer.epoch
    until_said(screen, 2)
    assert plateaus(screen)[-1] == {"type": "stuck", "since": None, "moves": []}
    until_said(screen, 3)
    assert plateaus(screen)[-1]["since"] >= began


@pytest.mark.parametrize("change", [{"activation": "linear", "networkShape": [2]}, {"noise": 10}])
def test_another_network_begins_a_new_watch(change: dict[str, Any]) -> None:
    screen = stuck()
    apply(screen.run, "configure", set=change)
    assert not screen.run.plateau.due(LONG - 1)


def test_a_page_that_comes_back_is_told_again() -> None:
    screen = stuck()
    screen.run.detach()
    screen.run.attach(-1)
    until_said(screen, 2)


def test_a_paused_run_says_nothing() -> None:
    screen = Screen(playing(STUCK, "max"))
    until(screen, LONG // 2)
    screen.run.pause()
    screen.watch(1.0)
    screen.run.stop_at("epoch", 2 * LONG)  # steps are watched by whoever makes them
    screen.watch(1.0)
    assert plateaus(screen) == []
