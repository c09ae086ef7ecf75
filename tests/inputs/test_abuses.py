"""Whoever breaks the rules of HTTP and of websockets is hung up on, and nobody else notices."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from app.server.protocol import MOST_UNREAD
from tests.faults.witness import until
from tests.inputs import abuses, handshakes
from tests.inputs.abuses import ABUSES, PLAY, WELL, single
from tests.inputs.handshakes import HANDSHAKES, OPEN
from tests.inputs.raw import PING, Raw, frame, head, more, said, text
from tests.inputs.usage import files, megabytes, sessions
from tests.server import Serve, Server

pytestmark = pytest.mark.usefixtures("untroubled")


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator[Server]:
    """The server that is abused; in the end nothing is left of whoever did."""
    with serve(workers=1, processes=1, resume_seconds=0.1, messages_per_second=100_000) as started:
        before = files(started)
        yield started
        until(lambda: sessions(started) == 0)
        until(lambda: files(started) <= before)


@pytest.mark.parametrize("name", ABUSES)
def test_an_abused_websocket_is_closed_by_the_right_code_or_still_well(server: Server, name: str) -> None:
    pieces, ending = ABUSES[name]
    with Raw(server) as raw:
        raw.greet()
        raw.say(pieces)
        if ending == WELL:
            assert raw.is_well()
        else:
            assert raw.ending() == ending


@pytest.mark.parametrize("name", abuses.UNFINISHED)
def test_a_page_that_ends_within_a_frame_is_let_go(server: Server, name: str) -> None:
    with Raw(server) as raw:
        raw.greet()
        raw.say([abuses.UNFINISHED[name]])
        raw.end()
        assert raw.ending() is None


@pytest.mark.parametrize("name", abuses.UNFINISHED)
def test_a_line_that_is_cut_within_a_frame_troubles_nobody(server: Server, name: str) -> None:
    with Raw(server) as raw:
        raw.greet()
        raw.say([abuses.UNFINISHED[name]])
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close by a reset


@pytest.mark.parametrize("name", HANDSHAKES)
def test_a_bad_handshake_is_answered_by_the_right_status(server: Server, name: str) -> None:
    asked, status = HANDSHAKES[name]
    with Raw(server) as raw:
        raw.say([asked])
        answered, told = raw.response()
        assert answered == status, told
        if status == OPEN:
            assert b"permessage-deflate" not in told
            raw.say([said({"type": "play"})])
            raw.answer("error")  # it has not said hello
        else:
            raw.drain()


@pytest.mark.parametrize("name", handshakes.UNFINISHED)
def test_half_a_handshake_is_let_go(server: Server, name: str) -> None:
    with Raw(server) as raw:
        raw.say([handshakes.UNFINISHED[name]])
        raw.end()
        assert raw.response()[0] in (handshakes.SILENT, 400)


def test_a_handshake_may_come_a_byte_at_a_time(server: Server) -> None:
    with Raw(server) as raw:
        raw.say(single(head()))
        assert raw.response()[0] == OPEN
        raw.say(single(said({"type": "play"})))
        raw.answer("error")


def test_what_breaks_off_amid_a_message_and_closes_at_once_troubles_nobody(server: Server) -> None:
    with Raw(server) as raw:
        raw.greet()
        raw.say([text(b"\xff") + abuses.close(1000)])
        assert raw.ending() in (1000, 1007)


def test_whoever_pings_and_never_listens_is_hung_up_on(server: Server) -> None:
    with Raw(server) as raw:
        raw.greet()
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):
            raw.socket.sendall(frame(PING, b"?" * 125) * (10 * MOST_UNREAD // 125))


def test_a_message_takes_no_more_memory_for_coming_in_pieces(server: Server) -> None:
    with Raw(server) as raw:
        raw.greet()
        raw.say([text(PLAY, fin=False), frame(PING)])
        raw.hear_pong()
        before = megabytes(server)
        raw.say([more(b" ") * 100_000, frame(PING)])
        raw.hear_pong()
        assert megabytes(server) - before < 2
