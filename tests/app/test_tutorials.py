"""The tutorials: how they are served, and that what they tell is so."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from app.assets import TEMPLATES
from app.problem_json import MEDIA_TYPE
from app.tutorials import TUTORIALS, fragment
from engine import Config, Trainer
from engine.link import parse_link
from engine.measures import Losses
from tests.server import PATIENCE, Server

PATH = "/api/v1/tutorials"


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with httpx.Client(base_url=server.address, trust_env=False, timeout=PATIENCE) as client:
        yield client


def links(name: str) -> dict[str, str]:
    """The links of a tutorial, by their words."""
    found = re.findall(r'<a href="#([^"]*)">(.*?)</a>', fragment(name), re.DOTALL)
    return {" ".join(re.sub("<[^>]+>", "", words).split()): html.unescape(link) for link, words in found}


def config(name: str, words: str) -> Config:
    """What a link of a tutorial sets."""
    return parse_link(links(name)[words]).config


def losses(name: str, words: str, *epochs: int) -> list[Losses]:
    """Training and test loss after some numbers of epochs of a link."""
    trainer = Trainer(config(name, words))
    found = []
    for start, end in zip((0, *epochs), epochs, strict=False):
        trainer.train(epochs=end - start)
        found.append(trainer.losses())
    return found


# --- how they are served ----------------------------------------------------------------------------------------------


def test_all_tutorials_are_listed(client: httpx.Client) -> None:
    listed = client.get(PATH).json()
    assert listed == [{"name": name, "title": title} for name, title in TUTORIALS.items()]


def test_every_template_is_a_tutorial_whose_name_can_stand_in_a_link() -> None:
    assert {path.stem for path in TEMPLATES.joinpath("tutorials").iterdir()} == set(TUTORIALS)
    assert all(re.fullmatch("[a-z0-9-]+", name) for name in TUTORIALS)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_is_a_fragment_of_html(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith(f"<h2>{TUTORIALS[name]}</h2>")
    assert not re.search(r"<script|<style|<html|style=|\son\w+=", answer.text)


@pytest.mark.parametrize("name", ["nope", "First-Steps", "first-steps.html", "first-steps%00", "%2E%2E", "x" * 40])
def test_an_unknown_name_is_refused_and_the_known_ones_are_told(client: httpx.Client, name: str) -> None:
    answer = client.get(f"{PATH}/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["detail"].startswith("There is no tutorial named '")
    assert answer.json()["detail"].endswith("; there are first-steps, spiral.")


def test_what_is_too_long_for_a_name_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/{'x' * 41}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert answer.json()["errors"][0]["field"] == "name"


def test_no_name_leads_out_of_the_folder(client: httpx.Client) -> None:
    assert client.get(f"{PATH}/%2E%2E%2Fplayground").status_code == 404


@pytest.mark.parametrize("name", TUTORIALS)
def test_every_link_in_a_tutorial_is_good_and_keeps_one_open(name: str) -> None:
    assert len(links(name)) >= 4
    for link in links(name).values():
        parsed = parse_link(link)
        assert parsed.notes == []
        assert parsed.config.tutorial in TUTORIALS


# --- what they tell ---------------------------------------------------------------------------------------------------


def test_ten_epochs_part_the_two_clouds() -> None:
    ((train, test),) = losses("first-steps", "two clouds", 10)
    assert max(train, test) < 0.01


def test_one_unit_does_not_learn_xor() -> None:
    assert min(test for _, test in losses("first-steps", "XOR with one unit", 50, 200, 800)) > 0.4


def test_four_units_learn_xor() -> None:
    ((_, test),) = losses("first-steps", "four units", 200)
    assert test < 0.03


def test_one_unit_learns_xor_from_the_product() -> None:
    ((_, test),) = losses("first-steps", "a better feature", 10)
    assert test < 0.03


def test_six_units_do_not_learn_the_spiral() -> None:
    assert all(0.45 < train < 0.47 for train, _ in losses("spiral", "Six units", 50, 600))


def test_three_layers_learn_the_spiral_late_and_with_a_gap() -> None:
    (before, _), (train, test) = losses("spiral", "Three layers of eight", 300, 1000)
    assert before > 0.2
    assert train < 0.03
    assert test > 2 * train


def test_sines_make_the_spiral_easy() -> None:
    ((_, test),) = losses("spiral", "sin x1 and sin x2", 200)
    assert test < 0.05
    sizes = [
        len(Trainer(config("spiral", words)).network.theta) for words in ("sin x1 and sin x2", "Three layers of eight")
    ]
    assert sizes == [49, 177]


def test_a_rate_of_3_never_settles() -> None:
    assert all(min(pair) > 0.45 for pair in losses("spiral", "a rate of 3", 50, 100, 200, 300, 400))


def test_a_rate_of_0_3_is_fast_and_then_learns_by_heart() -> None:
    (_, soon), (train, test), (last_train, last_test) = losses("spiral", "0.3", 50, 100, 1000)
    assert soon < 0.05
    assert last_train < train
    assert last_test > 2 * test


def test_steps_that_share_data_and_shape_start_from_other_weights() -> None:
    steps = [config("spiral", words) for words in links("spiral")]
    assert all(
        one.restarts(other) for place, one in enumerate(steps) for other in steps[place + 1 :]
    )  # else a step would go on with the network of another
