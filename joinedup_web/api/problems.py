"""Errors of the API: problem documents (RFC 9457) that say what is wrong and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

CONTENT_TYPE = "application/problem+json"
KINDS = {
    400: ("bad-request", "The request cannot be read", "Send it as the description of the operation says."),
    401: ("not-signed-in", "Nobody is signed in", "Send a token: Authorization: Bearer joinedup_..."),
    403: ("not-open-to-you", "Your role does not open this", "Ask the administrator of your organisation."),
    404: ("not-there", "There is nothing here", "Check the name; lists of the API say what there is."),
    405: ("wrong-method", "This address is not asked like that", "Use a method that the Allow header names."),
    411: ("no-length", "How long it is was not said", "Send it whole, with Content-Length."),
    413: ("too-large", "It is larger than is taken", "Check what was exported."),
    415: ("wrong-kind", "It is of a kind that is not taken here", "Send what the operation describes."),
    422: ("not-understood", "Something asked for is not as described", "Mend what `errors` names."),
    429: ("too-often", "Asked too often", "Wait as many seconds as Retry-After says."),
    500: ("our-fault", "A fault of ours", "Try again later; it has been logged."),
    503: ("not-ready", "Not there yet", "Ask again after as many seconds as Retry-After says."),
}
"""Status -> slug of the kind of problem, title, and what to do where nothing better is known."""


class Wrong(Schema):
    """One thing that is wrong with what was asked."""

    where: str = Field(description="where it stands, such as query.period")
    what: str = Field(description="what is wrong with it")


class Problem(Schema):
    """What is wrong and what to do about it (RFC 9457)."""

    type: str = Field(description="kind of problem, explained on the page of the API")
    title: str = Field(description="the kind of problem in words")
    status: int = Field(description="status of the answer")
    detail: str = Field(description="what is wrong this time")
    remedy: str = Field(description="what to do about it")
    errors: list[Wrong] = Field(default=[], description="each thing that was not understood")


class Refused(Exception):
    """Raised by an operation that cannot answer: becomes a problem document."""

    def __init__(
        self, status: int, detail: str, remedy: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy
        self.headers = dict(headers or {})


def problem(
    status: int,
    detail: str = "",
    remedy: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """The answer that tells a problem; statuses that have no kind of their own are told as 400 or 500."""
    slug, title, usual = KINDS.get(status, KINDS[500 if status >= 500 else 400])
    told: dict[str, Any] = {
        "type": f"/api/v1/docs#{slug}", "title": title, "status": status,
        "detail": detail or title, "remedy": remedy or usual, "errors": list(errors),
    }  # fmt: skip
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False),
        status=status,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
    )
    answer["Cache-Control"] = "no-store"
    return answer


def not_understood(errors: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """What ninja found wrong with parameters; values are not repeated."""
    found = [
        {
            "where": ".".join(str(part) for part in one.get("loc", ()) if part not in ("asked", "told")),
            "what": str(one.get("msg", "")),
        }
        for one in errors
    ]
    first = f"{found[0]['where']}: {found[0]['what']}" if found else ""
    return problem(422, first, errors=found)
