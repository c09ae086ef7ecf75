"""Documented responses of the API's operations, other than success."""

from __future__ import annotations

from app.http.problem_json import Responses

STORED = {503: "The run store cannot be read or written now; Retry-After says when to try again."}
"""What every route may answer that asks the store."""


SEVERAL = {409: "Several ids begin with these characters; `detail` lists them."}


NOT_FOUND = {404: "There is no such run.", 422: "This is not an id of a run."} | SEVERAL | STORED


BODY = {400: "The body is not UTF-8 text.", 413: "The body is too large.", 415: "The body is not sent as JSON."}


WORKED_OUT = {503: "The run store, or the processes that compute the answer, cannot be used now."}


ACCEPTED: Responses = {
    202: {
        "headers": {"Location": {"description": "The address that shows its progress.", "schema": {"type": "string"}}}
    }
}
"""What an accepted run or sweep is answered with, for the OpenAPI document."""


ACCEPTING = {
    **BODY,
    422: "The request cannot be met, or its Idempotency-Key was used before with another body.",
    429: "Too many runs wait already; Retry-After says when to try again.",
    **STORED,
}


NOT_CHANGED: Responses = {304: {"description": "Nothing has changed since that ETag."}}
