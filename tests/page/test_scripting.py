"""The page beside scripts: what they need stands in the share dialog, and what they do is seen at once."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
from playwright.sync_api import Page, expect

from app.exports import export
from engine import Config, Trainer
from tests.person import step_to
from tests.server import Server, clean_environment

LINK = "dataset=xor&networkShape=3&seed=7"
Open = Callable[..., Page]


def script_of(page: Page) -> Callable[..., Any]:
    """Steers the page's run, with the id and the token that its share dialog shows."""
    page.get_by_role("button", name="Share").first.click()
    page.click("#share-show-token")
    session, token = page.input_value("#share-session"), page.input_value("#share-token")
    page.keyboard.press("Escape")
    url = f"{page.url.split('#')[0]}api/v1/sessions/{session}"

    def steer(**asked: Any) -> Any:
        answer = httpx.patch(url, json=asked, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return steer


def test_the_page_follows_a_script_at_once(open_page: Open) -> None:
    page = open_page(LINK)
    steer = script_of(page)
    steer(config={"learningRate": 0.1, "dataset": "spiral"})
    expect(page.locator("[name=learningRate]")).to_have_value("0.1")
    expect(page.locator("#notice span")).to_contain_text("A script changed this run.")
    page.wait_for_url("**#*dataset=spiral*")
    steer(step=3)
    expect(page.locator("#epoch")).to_have_text("000,003")
    steer(playing=True)
    expect(page.locator("#play")).to_have_accessible_name("Pause")
    steer(playing=False)
    expect(page.locator("#play")).to_have_accessible_name("Play")
    page.keyboard.press("Control+z")
    page.wait_for_url("**#*dataset=xor*")


def test_page_http_and_command_line_come_to_the_same_bits(open_page: Open, server: Server) -> None:
    page = open_page(LINK)
    steer = script_of(page)
    steer(step=30)
    expect(page.locator("#epoch")).to_have_text("000,030")
    asked = {"link": page.url, "epochs": 30}
    run = httpx.post(f"{server.address}/api/v1/runs", json=asked).json()["id"]
    events = httpx.get(f"{server.address}/api/v1/runs/{run}/events", timeout=60).text
    command = [sys.executable, "-m", "playground", "train", page.url, "--epochs", "30", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
    ended = json.loads(events.rpartition("data: ")[2])
    digests = {steer()["theta_sha256"], ended["progress"]["theta_sha256"], json.loads(done.stdout)["theta_sha256"]}
    assert len(digests) == 1


def test_a_script_reads_what_the_page_shows(open_page: Open) -> None:
    page = open_page(LINK)
    step_to(page, 4)
    told = script_of(page)()
    assert told["epoch"] == 4
    assert f"{told['test_loss']:.3g}" == page.inner_text("#test-loss")


def test_the_command_in_the_share_dialog_works_as_it_stands(open_page: Open) -> None:
    page = open_page(LINK)
    page.get_by_role("button", name="Share").first.click()
    page.click("#share-show-token")
    command = shlex.split(page.input_value("#share-script"))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert '"learningRate":0.1' in done.stdout
    page.keyboard.press("Escape")
    expect(page.locator("#play")).to_have_accessible_name("Pause")


def test_the_token_is_shown_on_a_press_alone(open_page: Open) -> None:
    page = open_page(LINK)
    page.click("#share")
    hidden = page.input_value("#share-token")
    assert set(hidden) == {"•"}
    assert "Bearer TOKEN'" in page.input_value("#share-script")
    page.click("#share-show-token")
    token = page.input_value("#share-token")
    assert token != hidden
    assert f"Bearer {token}'" in page.input_value("#share-script")
    page.keyboard.press("Escape")
    page.click("#share")
    expect(page.locator("#share-token")).to_have_value(hidden)


def chosen(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("button", name="Share").first.click()
    page.set_input_files("#share-chooser", {"name": name, "mimeType": "application/octet-stream", "buffer": content})


def opened_file(page: Page, name: str, content: bytes) -> None:
    chosen(page, name, content)
    expect(page.locator("#share-dialog")).to_be_hidden()


def test_an_exported_network_opens_at_its_very_state(open_page: Open) -> None:
    trainer = Trainer(Config(dataset="spiral", networkShape=(5,), seed="1"))
    trainer.train(20)
    page = open_page(LINK)
    for suffix in ("npz", "json"):
        opened_file(page, f"network.{suffix}", export(trainer, suffix))
        expect(page.locator("#epoch")).to_have_text("000,020")
        expect(page.locator("#test-loss")).to_have_text(f"{trainer.losses().test:.3g}")
        page.keyboard.press("r")
        expect(page.locator("#epoch")).to_have_text("000,000")


def test_bare_weights_are_put_into_the_network_on_show_where_they_fit(open_page: Open, server: Server) -> None:
    file = io.BytesIO()
    np.savez(file, coefs_0=np.ones((2, 3)), intercepts_0=np.zeros(3), coefs_1=np.ones((3, 1)), intercepts_1=np.ones(1))
    page = open_page(LINK)
    opened_file(page, "bare.npz", file.getvalue())
    link = page.url.split("#")[1]
    assert "networkShape=3" in link
    expect(page.locator("#epoch")).to_have_text("000,000")


def test_weights_of_another_shape_are_opened_in_their_own(open_page: Open) -> None:
    file = io.BytesIO()
    np.savez(file, coefs_0=np.ones((2, 1)), intercepts_0=np.zeros(1))
    page = open_page(LINK)
    chosen(page, "bare.npz", file.getvalue())
    expect(page.locator("#notes li").filter(has_text="The network in the file is 2-1.")).to_be_visible()
    expect(page.locator("#layers-count")).to_have_text("0 hidden layers")
