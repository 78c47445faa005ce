"""How operations answer: pages of a longer list, entity tags, changes, and refusals of what is not understood."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from ninja import Schema
from pydantic import ConfigDict, Field

from joinedup import __version__
from joinedup.errors import UnknownName, YourCommand, YourData
from joinedup_web.api.problems import Refused, problem

MOST = 1000
"""Items of one page at most."""
T = TypeVar("T")
View = Callable[..., Any]


class PageAsked(Schema):
    """Which part of a longer list is asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=MOST, description=f"items of one answer, {MOST} at most")
    offset: int = Field(0, ge=0, le=10_000_000, description="items to leave out at the start")


class Page(Schema):
    """Part of a longer list; the Link header names the parts before and after it."""

    total: int = Field(description="items of the whole list")
    limit: int = Field(description="items of one answer at most")
    offset: int = Field(description="items left out at the start")


def paged(request: HttpRequest, asked: PageAsked, items: Sequence[T]) -> dict[str, Any]:
    """The part of a list that is asked for, with its total; the Link header is set."""
    link(request, asked, len(items))
    chosen = items[asked.offset : asked.offset + asked.limit]
    return {"total": len(items), "limit": asked.limit, "offset": asked.offset, "items": list(chosen)}


def part_of(request: HttpRequest, asked: PageAsked, rows: QuerySet[Any]) -> dict[str, Any]:
    """The same of rows of the database, of which no more are read than are asked for."""
    total = rows.count()
    link(request, asked, total)
    chosen = rows[asked.offset : asked.offset + asked.limit]
    return {"total": total, "limit": asked.limit, "offset": asked.offset, "items": list(chosen)}


def link(request: HttpRequest, asked: PageAsked, total: int) -> None:
    """Set the Link header (RFC 8288): first, previous, next, last."""
    last = max(0, (total - 1) // asked.limit * asked.limit)
    places = {"first": 0, "last": last}
    if asked.offset > 0:
        places["prev"] = max(0, min(asked.offset - asked.limit, last))
    if asked.offset + asked.limit < total:
        places["next"] = asked.offset + asked.limit
    told = [f'<{_at(request, asked.limit, offset)}>; rel="{name}"' for name, offset in places.items()]
    headers_of(request)["Link"] = ", ".join(sorted(told, key=lambda text: text.rpartition("rel=")[2]))


def _at(request: HttpRequest, limit: int, offset: int) -> str:
    kept = [(name, value) for name, values in request.GET.lists() for value in values]
    kept = [(name, value) for name, value in kept if name not in ("limit", "offset")]
    return f"{request.path}?{urlencode([*kept, ('limit', limit), ('offset', offset)])}"


def headers_of(request: HttpRequest) -> dict[str, str]:
    """Headers that the answer will carry."""
    if not hasattr(request, "answer_headers"):
        request.answer_headers = {}
    found: dict[str, str] = request.answer_headers
    return found


def operation(made_of: Callable[[HttpRequest], str]) -> Callable[[View], View]:
    """Around every operation: parameters that it does not have are refused, and an answer that has not changed is 304.

    `made_of` names what the answer is made of besides the question: a state of the lake and its release, a day.
    """

    def around(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *given: Any, **named: Any) -> Any:
            _only_known(request, named.get("asked"))
            try:
                tag = _tag(request, made_of(request))
                headers_of(request)["ETag"] = tag
                if _has(request, tag):
                    return HttpResponse(status=304)
                return view(request, *given, **named)
            except YourCommand as error:
                raise _refusal(error) from error

        return _signed(answer, view)

    return around


def change(view: View) -> View:
    """Around every operation that changes something: it is refused whole, and nothing of it is kept then."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> Any:
        _only_known(request, named.get("asked"))
        try:
            with transaction.atomic():
                return view(request, *given, **named)
        except (YourCommand, YourData) as error:
            raise _refusal(error) from error

    return _signed(answer, view)


def _refusal(error: YourCommand | YourData) -> Refused:
    return Refused(404 if isinstance(error, UnknownName) else 422, error.message, error.remedy)


def _signed(answer: View, view: View) -> View:
    """ninja reads annotations in the module of the function that it is given, which is this one."""
    answer.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return answer


def _tag(request: HttpRequest, made_of: str) -> str:
    query = sorted((name, value) for name, values in request.GET.lists() for value in values)
    told = repr((__version__, made_of, request.path, query))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _has(request: HttpRequest, tag: str) -> bool:
    """Whether whoever asks holds this very answer."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return tag in {one.removeprefix("W/") for one in held}


def _only_known(request: HttpRequest, asked: Schema | None) -> None:
    """A misspelt filter must not give everything: what is not a parameter is refused, and so is one given twice."""
    fields = type(asked).model_fields if asked is not None else {}
    wrong = [
        {"where": f"query.{name}", "what": "this operation has no such parameter"}
        for name in request.GET
        if name not in fields
    ]
    wrong += [
        {"where": f"query.{name}", "what": "this parameter is given once"}
        for name, values in request.GET.lists()
        if name in fields and len(values) > 1 and "list" not in str(fields[name].annotation)
    ]
    if wrong:
        raise NotUnderstood(wrong)


class NotUnderstood(Exception):
    """Raised for parameters that an operation does not have, and for a body whose fields do not hold."""

    def __init__(self, errors: Sequence[dict[str, str]]) -> None:
        super().__init__("not understood")
        self.errors = list(errors)

    def answer(self) -> HttpResponse:
        """The problem document."""
        return problem(422, f"{self.errors[0]['where']}: {self.errors[0]['what']}", errors=self.errors)
