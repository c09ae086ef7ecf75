"""Damaged links: what mail, chats and pages do to them is undone, and a link without damage is never changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given

from engine import Config, format_link, parse_link
from engine.link.repair import find_link, repaired_link
from tests.engine.link.test_link import configs, without_scheme
from tests.golden.links import LINKS

GOLDEN = Path(__file__).parents[2] / "golden"
PASTED: list[dict[str, Any]] = json.loads((GOLDEN / "pasted.json").read_text())
REPLAYS: list[dict[str, Any]] = json.loads((GOLDEN / "replays.json").read_text())
HOST = "https://playground.tensorflow.org/#"
LINK = (
    "activation=relu&batchSize=30&dataset=xor&regDataset=reg-gauss&learningRate=0.1&regularizationRate=0.003"
    "&noise=15&networkShape=8,6,4&seed=0.68609&xTimesY=true&regularization=L2&problem=regression&hideText=false"
)
MEANT = parse_link(LINK).config


@pytest.mark.parametrize("case", PASTED, ids=lambda case: repr(case["text"])[:60])
def test_a_link_is_found_in_a_text_as_it_was_before_it_was_damaged(case: dict[str, Any]) -> None:
    assert find_link(case["text"]) == case["link"]


@pytest.mark.parametrize("link", [*(replay["link"] for replay in REPLAYS), *LINKS])
@pytest.mark.parametrize("before", ["", "#", HOST, "http://localhost:8000/?a=1#"])
def test_a_recorded_link_is_left_as_it_is(link: str, before: str) -> None:
    found = repaired_link(before + link)
    assert found
    assert (found.link, found.damage, found.words) == (link, (), "")


@given(configs)
def test_a_link_of_any_configuration_is_read_without_repair(config: Config) -> None:
    for before in ["#", HOST, *([""] if without_scheme(config) else [])]:
        assert parse_link(before + format_link(config)) == (config, [], "")


@pytest.mark.parametrize("seed", ["a.", "(a)", "a)", "a%2Cb", "a%26noise%3D5", "a\\_b", "3D", "%3E", "a,", "'a'"])
def test_a_seed_is_never_taken_for_damage(seed: str) -> None:
    config = Config(seed=seed)
    assert parse_link(HOST + format_link(config)) == (config, [], "")
    assert parse_link(f"#seed={seed}&noise=0").config == config


DAMAGE: dict[str, Callable[[str], str]] = {
    "HTML": lambda link: HOST + escape(link),
    "HTML twice": lambda link: HOST + escape(escape(link)),
    "HTML in numbers": lambda link: HOST + link.replace("&", "&#x26;"),
    "HTML without semicolons": lambda link: HOST + link.replace("&", "&amp"),
    "HTML with names for all": lambda link: HOST + link.replace("=", "&equals;").replace(",", "&comma;"),
    "a registered sign": lambda link: HOST + link.replace("&reg", "\u00ae"),
    "a registered sign, encoded": lambda link: quote(link.replace("&reg", "\u00ae"), safe="&=,"),
    "Markdown": lambda link: HOST + link.replace("&", r"\&").replace("=", r"\="),
    "encoded as a whole": lambda link: HOST.replace("#", "%23") + quote(link, safe=""),
    "encoded commas": lambda link: HOST + link.replace(",", "%2C"),
    "encoded but for &": lambda link: HOST + link.replace("=", "%3D"),
    "encoded but for =": lambda link: HOST + link.replace("&", "%26"),
    "an encoded hash": lambda link: HOST.replace("#", "%23") + link,
    "an encoded bracket": lambda link: HOST + link + "%3E",
    "white space behind commas": lambda link: HOST + link.replace(",", ", "),
    "white space behind &": lambda link: HOST + link.replace("&", "& "),
    "white space before &": lambda link: HOST + link.replace("&", " &"),
    "encoded white space": lambda link: HOST + link.replace("&", "&%20"),
    "white space for &": lambda link: link.replace("&", " "),
    "lines": lambda link: "\n".join((HOST + link)[at : at + 60] for at in range(0, 999, 60)).strip(),
    "lines with returns": lambda link: "\r\n".join((HOST + link)[at : at + 37] for at in range(0, 999, 37)).strip(),
    "lines of an answered mail": lambda link: HOST + link.replace("&", "&\n> "),
    "soft breaks": lambda link: "=\r\n".join((HOST + link)[at : at + 75] for at in range(0, 999, 75)).strip("=\r\n"),
    "quoted-printable": lambda link: HOST + link.replace("=", "=3D").replace("noise", "no=\nise"),
    "zero-width space": lambda link: HOST + link.replace("&", "&\u200b"),
    "encoded zero-width space": lambda link: HOST + link.replace("&", "%E2%80%8B&"),
    "soft hyphens": lambda link: HOST + link.replace("ing", "\u00ading"),
    "a byte order mark": lambda link: "\ufeff" + HOST + link,
    "a full stop": lambda link: HOST + link + ".",
    "a bracket": lambda link: HOST + link + ").",
    "a comma": lambda link: HOST + link + ",",
    "angle brackets": lambda link: f"<{HOST}{link}>",
    "quotes": lambda link: f'"{HOST}{link}"',
    "typographic quotes": lambda link: f"\u201c{HOST}{link}\u201d.",
    "a code span": lambda link: f"`{HOST}{link}`",
    "a Markdown link": lambda link: f"[the playground]({HOST}{link})",
    "a Markdown link in a sentence": lambda link: f"Open [the playground]({HOST}{link}), and press play.",
    "a sentence": lambda link: f"Open {HOST}{link} and press play.",
    "an HTML link": lambda link: f'<p><a href="{HOST}{escape(link)}">Open it</a></p>',
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_link_opens_what_it_meant_with_one_note(damage: str) -> None:
    text = DAMAGE[damage](LINK)
    config, (note,), _ = parse_link(text)
    assert config == MEANT
    assert note.startswith(
        ("The link was damaged on its way and has been repaired (", "The link was taken out of the text")
    )
    assert parse_link(text, strict=True).config == MEANT


def test_a_bracket_behind_a_switch_does_not_turn_it_on() -> None:
    assert not parse_link(f"{HOST}dataset=xor&hideText=false)").config.hideText


def test_a_sentence_ends_a_seed() -> None:
    assert parse_link(f"Compare this ({HOST}dataset=xor&seed=0.5).").config == Config(dataset="xor")
    assert parse_link(f"Compare {HOST}dataset=xor&seed=0.5, then go on.").config == Config(dataset="xor")


def test_of_two_links_the_first_is_taken() -> None:
    found = parse_link(f"{HOST}dataset=xor&seed=1 and {HOST}dataset=gauss&seed=2")
    assert found.config == Config(dataset="xor", seed="1")
    assert found.notes == ["The link was taken out of the text around it."]


def test_two_numbers_are_not_made_one() -> None:
    config, (note,), _ = parse_link("noise=5 5&batchSize=3")
    assert config == Config(batchSize=3)
    assert note == "noise: expected a finite number, got '5%205'. The default was taken."


def test_points_that_a_mail_broke_into_lines_are_whole_again() -> None:
    link = format_link(Config(dataset="own", points="AAA___djw" * 100))
    broken = "\n".join(link[at : at + 76] for at in range(0, len(link), 76))
    assert find_link(broken) == link
