"""Routers of the areas become one API: problems for errors, its description, and a page that explains it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError
from ninja.openapi.schema import get_schema
from ninja.security import APIKeyCookie, HttpBearer

from joinedup import __version__
from joinedup_web.api.answering import NotUnderstood
from joinedup_web.api.documenting import page_of
from joinedup_web.api.problems import CONTENT_TYPE, KINDS, Problem, Refused, not_understood, problem

DESCRIPTION = """\
Released figures of the workspace, and what is behind them, for programs. Everything that pages show is here, by the
same functions. Counts of 0 to 4 are hidden, others are to the nearest 5, and everything else is computed from those: a
hidden value is null, and the field `hidden` says why. Every number has a code of ten characters that opens it. Answers
are of one state of the lake: the parameter `state` asks for an earlier one that is still kept. What changes something
is a POST, takes a token that was made for it, and is kept whole or not at all."""
EVERY = (401, 403, 404, 422, 429, 503)
"""Statuses with a problem document that every operation may give."""
CHANGING = (400, 411, 413, 415)
"""Those that operations may give besides to which something is sent."""


class ByToken(HttpBearer):
    """The token of a person. The middleware has found the person by now, or refused."""

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever asks."""
        return request.scope.person

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Not called: see `__call__`."""
        return request.scope.person


class BySession(APIKeyCookie):
    """The session of somebody who has signed in: only for what changes nothing."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever asks."""
        return request.scope.person

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Not called: see `__call__`."""
        return request.scope.person


def mounted(routers: Iterable[Router]) -> list[URLPattern]:
    """Addresses of an API made of these routers. Every operation has a name, which stands in the policy table."""
    api = NinjaAPI(
        title="joinedup", version="1", description=DESCRIPTION, docs_url=None, openapi_url=None, urls_namespace="api",
        auth=[ByToken(), BySession(csrf=False)],
    )  # fmt: skip
    for router in routers:
        api.add_router("", router)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(NotUnderstood, _misread)
    api.add_exception_handler(ValidationError, _misread)
    api.add_exception_handler(Http404, lambda request, error: problem(404))
    api.add_exception_handler(PermissionDenied, lambda request, error: problem(403))
    return [
        path("openapi.json", partial(_openapi, api=api), name="api_openapi"),
        path("docs", partial(_docs, api=api), name="api_docs"),
        *(one for one in api.urls[0] if one.name != "api-root"),
    ]


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status, error.detail, error.remedy, headers=error.headers)


def _misread(request: HttpRequest, error: Any) -> HttpResponse:
    return error.answer() if isinstance(error, NotUnderstood) else not_understood(error.errors)


@require_safe
def _openapi(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    return JsonResponse(description_of(api))


@require_safe
def _docs(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    told = {"page": page_of(description_of(api)), "kinds": KINDS, "rate": settings.API_RATE}
    return render(request, "api/docs.html", {**told, "origin": settings.ENVIRONMENT.origin})


@lru_cache(maxsize=4)
def description_of(api: NinjaAPI) -> dict[str, Any]:
    """The description of an API (OpenAPI 3.1), with the problems and headers that every operation has."""
    told: dict[str, Any] = copy.deepcopy(dict(get_schema(api, path_prefix="api/v1/")))
    told["info"]["x-version-of-joinedup"] = __version__
    schemas = told["components"].setdefault("schemas", {})
    problems = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update({**problems.pop("$defs", {}), "Problem": problems})
    for methods in told["paths"].values():
        for name, one in methods.items():
            for parameter in one["parameters"]:
                parameter["schema"] = _without_null(parameter["schema"])
            one["responses"] = _responses(one["responses"], reading=name == "get")
    return told


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What may be left out of an address cannot be null there."""
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) != 1:
        return schema
    return {
        **{name: value for name, value in schema.items() if name not in ("anyOf", "default")},
        **choices[0],
    }


def _responses(given: dict[Any, Any], *, reading: bool) -> dict[str, Any]:
    """Responses of an operation with those that it shares with all others."""
    found: dict[str, Any] = {str(status): one for status, one in given.items()}
    if reading:
        text = {"schema": {"type": "string"}}
        found["200"]["headers"] = {"ETag": {"description": "names this very answer", **text}}
        found["304"] = {"description": "What If-None-Match names is still the answer"}
    found["414"] = {
        "description": "The address is longer than the server takes",
        "content": {"text/html": {}},
    }
    document = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in EVERY if reading else (*EVERY, *CHANGING):
        found[str(status)] = {"description": KINDS[status][1], "content": document}
    return found
