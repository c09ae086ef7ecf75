"""Checks of a running server from outside, through its proxy, as a browser sees it."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.doctor.finding import Check, Finding, found, ok, problem, warning

if TYPE_CHECKING:
    import httpx
    from websockets.http11 import Response
    from websockets.sync.client import ClientConnection

SECONDS = 10
OWN_ADDRESS = ("localhost", "127.0.0.1", "::1")


def check_server(url: str) -> Iterator[Finding]:
    """All findings about the server at an address; a single one where it cannot be reached."""
    import httpx

    with httpx.Client(base_url=url, timeout=SECONDS, trust_env=False, verify=ssl.create_default_context()) as client:
        reached = _reached(client)
        yield reached
        if reached.state == "ok":
            every = {"readyz": _ready, "headers": _headers, "page": _page, "metrics": _metrics}
            checks: dict[str, Check] = {about: partial(check, client) for about, check in every.items()}
            yield from found(checks)


# --- HTTP -------------------------------------------------------------------------------------------------------------


def _reached(client: httpx.Client) -> Finding:
    import httpx

    url, name = client.base_url, client.base_url.host
    try:
        answer = client.get("/healthz")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return problem("server", f"Nobody answers at {url}: {error}.")
    if answer.status_code == 400 and "host" in answer.text.lower():
        return problem(
            "server", f"""It does not know itself by the name {name}: PLAYGROUND_ALLOWED_HOSTS='["{name}"]'"""
        )
    if answer.text != '{"status":"ok"}':
        return problem(
            "server", f"What answers at {url} is no playground, or a proxy without one ({answer.status_code})."
        )
    return ok("server", f"A playground answers at {url} after {answer.elapsed.total_seconds() * 1000:.0f} ms.")


def _ready(client: httpx.Client) -> Iterator[Finding]:
    answer = client.get("/readyz")
    if answer.is_success:
        yield ok("ready", "All its processes live, and its run store can be written.")
    else:
        yield problem("ready", f"It is not ready: {_detail(answer.content)}")


def _headers(client: httpx.Client) -> Iterator[Finding]:
    from app.http.security_headers import HEADERS

    there = client.get("/").headers
    wrong = [name for name, value in HEADERS.items() if there.get(name) != value]
    if wrong:
        yield problem(
            "headers", f"Missing, or changed on their way: {', '.join(wrong)}. Let the proxy leave them alone."
        )
    else:
        yield ok("headers", "The page has all the headers that keep it to itself.")


def _metrics(client: httpx.Client) -> Iterator[Finding]:
    if client.base_url.host in OWN_ADDRESS:
        return
    if client.get("/metrics").is_success:
        yield warning("metrics", "Whoever wants to can read /metrics: let the proxy refuse it, as those in deploy/ do.")
    else:
        yield ok("metrics", "Its numbers cannot be read from here.")


def _detail(body: bytes | bytearray | None) -> str:
    """What a refusal says, where it is the playground's."""
    try:
        return str(json.loads(body or b"")["detail"])
    except (ValueError, KeyError, TypeError):
        return "the proxy does not say why."


# --- the websocket ----------------------------------------------------------------------------------------------------


def _page(client: httpx.Client) -> Iterator[Finding]:
    from websockets.exceptions import InvalidStatus

    began = time.perf_counter()
    try:
        with _connected(client, own=True) as socket:
            refusal = _greeted(socket)
    except InvalidStatus as refused:
        yield _refused(client, refused.response)
    except (OSError, TimeoutError, ssl.SSLError) as error:
        yield problem("page", f"No websocket can be opened: {error or 'nobody answers'}.")
    else:
        milliseconds = (time.perf_counter() - began) * 1000
        if refusal:
            yield problem("page", refusal)
        else:
            yield ok(
                "page",
                f"Its websocket is passed on, and has said hello and sent a picture after {milliseconds:.0f} ms.",
            )


def _connected(client: httpx.Client, *, own: bool) -> ClientConnection:
    """A websocket, of a page of the server's own or of a program, which says nothing of where it comes from."""
    from websockets.sync.client import connect
    from websockets.typing import Origin

    url, safe = client.base_url, client.base_url.scheme == "https"
    return connect(
        str(url.copy_with(scheme="wss" if safe else "ws", path="/api/v1/live")),
        origin=Origin(f"{url.scheme}://{url.netloc.decode()}") if own else None,
        ssl=ssl.create_default_context() if safe else None,
        compression=None,
        max_size=None,
        proxy=None,
        open_timeout=SECONDS,
    )


def _greeted(socket: ClientConnection) -> str | None:
    """Say hello and wait for the first picture; what went wrong, if anything did."""
    from websockets.exceptions import ConnectionClosed

    from app.wire.frames import unpack
    from app.wire.limits import PROTOCOL

    socket.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "link": ""}))
    try:
        while isinstance(said := socket.recv(SECONDS), str):
            answer = json.loads(said)
            if answer["type"] == "error":
                return f"It is of another version than this command: {answer['problems']}"
        unpack(said)
    except TimeoutError:
        return f"It has sent no picture within {SECONDS} seconds."
    except ConnectionClosed as closed:
        return f"It has closed the connection: {closed}."
    return None


def _refused(client: httpx.Client, refusal: Response) -> Finding:
    """Why no websocket was opened: most often something that the proxy does not pass on."""
    from websockets.exceptions import InvalidStatus

    status = refusal.status_code
    if status == 503:
        return warning("page", f"No page is let in at present: {_detail(refusal.body)}")
    if status != 403:
        return problem(
            "page", f"The proxy does not pass the upgrade to a websocket on (status {status}): see deploy/nginx.conf."
        )
    try:
        with _connected(client, own=False):
            pass
    except (InvalidStatus, OSError, TimeoutError):
        return problem("page", "Every websocket is refused with 403.")
    return problem(
        "page",
        "The proxy does not pass Host on, so that the server's own pages are foreign to it: see deploy/nginx.conf.",
    )
