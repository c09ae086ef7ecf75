"""Two transports for the conversations of `app.client.calls`: blocking, or in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from functools import wraps
from ipaddress import ip_address
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import httpx

from app.client.calls import (
    STREAM_TIMEOUT,
    TIMEOUT,
    Calls,
    CloseStream,
    Conversation,
    LineStream,
    OpenStream,
    ReadLine,
    SendRequest,
    Sleep,
    Step,
)

P = ParamSpec("P")
T = TypeVar("T")
One = TypeVar("One", covariant=True)
C = TypeVar("C", bound="Connected")


class Flow(Protocol[One]):
    """Something that comes one after another, each by a conversation."""

    def next(self) -> Conversation[One | None]:
        """The next one; None at the end."""

    def close(self) -> Conversation[None]:
        """What is to be done when no more is wanted."""


class Connected:
    """Whatever speaks with a playground."""

    def __init__(self, transport: Any) -> None:
        self._transport: Any = transport  # either of the two below

    @property
    def calls(self) -> Calls:
        """The playground's HTTP API."""
        calls: Calls = self._transport.calls
        return calls


class Transport:
    """Waits for each step."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._http = httpx.Client(**_options(calls))

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def converse(self, conversation: Conversation[T]) -> T:
        """What a conversation comes to."""
        try:
            step = next(conversation)
            while True:
                try:
                    outcome = self._take(step)
                except BaseException as error:  # the conversation may mend it, or close what it has opened
                    step = conversation.throw(error)
                else:
                    step = conversation.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result

    def _take(self, step: Step) -> Any:
        match step:
            case SendRequest(method, path, options):
                return self._http.request(method, path, **options)
            case OpenStream(path, headers):
                request = self._http.build_request("GET", path, headers=headers, timeout=STREAM_TIMEOUT)
                response = self._http.send(request, stream=True)
                if not response.is_success:
                    response.read()
                return LineStream(response, response.iter_lines())
            case ReadLine(stream):
                return next(stream.lines, None)
            case CloseStream(stream):
                return stream.response.close()
            case Sleep(seconds):
                return time.sleep(seconds)


class AsyncTransport:
    """Takes each step in an event loop."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self._http = httpx.AsyncClient(**_options(calls))

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.aclose()

    async def converse(self, conversation: Conversation[T]) -> T:
        """What a conversation comes to."""
        try:
            step = next(conversation)
            while True:
                try:
                    outcome = await self._take(step)
                except BaseException as error:  # the conversation may mend it, or close what it has opened
                    step = conversation.throw(error)
                else:
                    step = conversation.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _take(self, step: Step) -> Any:
        match step:
            case SendRequest(method, path, options):
                return await self._http.request(method, path, **options)
            case OpenStream(path, headers):
                request = self._http.build_request("GET", path, headers=headers, timeout=STREAM_TIMEOUT)
                response = await self._http.send(request, stream=True)
                if not response.is_success:
                    await response.aread()
                return LineStream(response, response.aiter_lines())
            case ReadLine(stream):
                return await anext(stream.lines, None)
            case CloseStream(stream):
                return await stream.response.aclose()
            case Sleep(seconds):
                return await asyncio.sleep(seconds)


def _options(calls: Calls) -> dict[str, Any]:
    # A proxy cannot know what this machine calls itself.
    return {"base_url": calls.address, "timeout": TIMEOUT, "trust_env": not _is_local(calls.address.host)}


def _is_local(host: str) -> bool:
    """Whether an address is one of this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# --- methods of clients -----------------------------------------------------------------------------------------------


def blocking(conversation: Callable[Concatenate[C, P], Conversation[T]]) -> Callable[Concatenate[C, P], T]:
    """A method that holds a conversation and waits for what it comes to."""

    @wraps(conversation)
    def method(self: C, /, *args: P.args, **options: P.kwargs) -> T:
        result: T = self._transport.converse(conversation(self, *args, **options))
        return result

    return method


def in_event_loop(
    conversation: Callable[Concatenate[C, P], Conversation[T]],
) -> Callable[Concatenate[C, P], Coroutine[Any, Any, T]]:
    """The same as a coroutine."""

    @wraps(conversation)
    async def method(self: C, /, *args: P.args, **options: P.kwargs) -> T:
        result: T = await self._transport.converse(conversation(self, *args, **options))
        return result

    return method


def blocking_iterator(flow: Callable[Concatenate[C, P], Flow[T]]) -> Callable[Concatenate[C, P], Iterator[T]]:
    """A method that gives what comes, one after another."""

    @wraps(flow)
    def method(self: C, /, *args: P.args, **options: P.kwargs) -> Iterator[T]:
        coming, converse = flow(self, *args, **options), self._transport.converse
        try:
            while (one := converse(coming.next())) is not None:
                yield one
        finally:
            converse(coming.close())

    return method


def async_iterator(flow: Callable[Concatenate[C, P], Flow[T]]) -> Callable[Concatenate[C, P], AsyncGenerator[T, None]]:
    """The same for `async for`."""

    @wraps(flow)
    async def method(self: C, /, *args: P.args, **options: P.kwargs) -> AsyncGenerator[T, None]:
        coming, converse = flow(self, *args, **options), self._transport.converse
        try:
            while (one := await converse(coming.next())) is not None:
                yield one
        finally:
            await converse(coming.close())

    return method
