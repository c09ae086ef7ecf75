"""How a run stands by what the server tells of it, and what an undisturbed page sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx

from app.wire.frames import Frame
from engine import Trainer, parse_link
from tests.app.pages import Answer, Page
from tests.server import PATIENCE, Server

LINK = "dataset=xor&networkShape=3,2&seed=0.123"
TROUBLE = {"recovered", "error", "diverged"}


@cache
def trained(link: str, epochs: int) -> bytes:
    """The bits of the parameters of a link after some epochs, trained without anybody looking."""
    trainer = Trainer(parse_link(link).config)
    trainer.train(epochs)
    return trainer.network.theta.tobytes()


def until(happens: Callable[[], Any]) -> Any:
    """Ask again and again until something has happened; gives what was answered then."""
    end = time.monotonic() + PATIENCE
    while not (answer := happens()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)  # the server has better things to do
    return answer


def view(server: Server, hello: Answer) -> httpx.Response:
    """What a script is told of a page's session."""
    headers = {"Authorization": f"Bearer {hello['session']}"}
    address = f"{server.address}/api/v1/sessions/{hello['id']}"
    return httpx.get(address, headers=headers, trust_env=False, timeout=PATIENCE)


def away(server: Server, hello: Answer) -> Any:
    """Where a session is whose page the server has found gone; waits for that."""
    return until(lambda: None if (told := view(server, hello).json())["connected"] else told)


def answer_to(page: Page, seq: int) -> Answer:
    """The answer to a control, by its number."""
    answer: Answer = page.hear(lambda heard: isinstance(heard, dict) and heard.get("seq") == seq)
    return answer


def well(page: Page, link: str = LINK) -> Frame:
    """See that a page is served as if nothing had happened: it trains on to the same bits and heard of no fault."""
    frame = page.stepped(3)
    assert frame.theta.tobytes() == trained(link, frame.epoch)
    assert not TROUBLE & {answer["type"] for answer in page.answers}
    return frame


def losses(page: Page) -> dict[float, tuple[float, float]]:
    """The training and test losses of all frames together, by their epochs, as a page puts them together."""
    return {row[0]: (row[1], row[2]) for frame in page.frames for row in frame.history.tolist()}
