"""Pages on which something is recorded of a recommendation: a form, the action, and back to its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from joinedup.errors import JoinedupError, YourCommand, YourData
from joinedup.governance.evidence import DocumentTest, MeasureTest
from joinedup.governance.published import evidence_in
from joinedup_web.governance.scrutiny import actions, asking, presenting
from joinedup_web.governance.scrutiny.asking import Line
from joinedup_web.governance.scrutiny.forms import (
    Decide,
    OfferDocument,
    Publish,
    RecordAction,
    RecordAnswer,
    SetTest,
    Why,
)
from joinedup_web.organisations.scope import scope_in

METHODS = ("GET", "HEAD", "POST")
View = Callable[[HttpRequest, Line], HttpResponse]


def of_a_row(action: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of the row that the address names, where this may be done; any other, and a blank one, is not there."""

    def named(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, recommendation: UUID) -> HttpResponse:
            row = asking.row_of(scope_in(request), action, recommendation)
            line = asking.line_of(row) if row is not None else None
            if line is None or line.state is None:
                raise Http404
            return view(request, line) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

        return answer

    return named


@of_a_row("keep")
def answer(request: HttpRequest, line: Line) -> HttpResponse:
    """What the body answered."""
    form = RecordAnswer(request.POST or None, initial={"received_on": timezone.localdate().isoformat()})

    def act() -> None:
        actions.record_answer(by=scope_in(request), row=line.row, **form.cleaned_data)

    return _page(request, line, form, act, "Record the answer", "The answer is recorded.")


@of_a_row("keep")
def action(request: HttpRequest, line: Line) -> HttpResponse:
    """An action; and whether somebody says that it is all done."""
    form = RecordAction(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        actions.record_action(
            by=scope_in(request),
            row=line.row,
            action=told["action"],
            done=bool(told["done"]),
            why=told["why"],
        )

    return _page(request, line, form, act, "Record an action", "The action is recorded.")


@of_a_row("keep")
def test(request: HttpRequest, line: Line) -> HttpResponse:
    """What would show that it was done."""
    figures = asking.figures(scope_in(request), timezone.localdate())
    raised = line.state.raised if line.state else None
    told = {"measure": raised.measures[0] if raised and raised.measures else "", "points": 3}
    form = SetTest(request.POST or None, places=presenting.place_choices(figures), initial=told)

    def act() -> None:
        asked = form.cleaned_data
        actions.set_test(by=scope_in(request), row=line.row, test=asked["test"], why=asked["why"])

    return _page(request, line, form, act, "Say what would show that it was done", "The test is agreed.")


@of_a_row("keep")
def evidence(request: HttpRequest, line: Line) -> HttpResponse:
    """Evidence for the test: the last released figures of its series, or a document that answers its questions."""
    state = line.state
    if state is None or state.test is None:
        messages.error(request, "It has no test yet. Say first what would show that it was done.")
        return redirect("recommendation", line.row.pk)
    if isinstance(state.test, MeasureTest):
        return _figures(request, line, state.test)
    return _document(request, line, state.test)


def _figures(request: HttpRequest, line: Line, asked: MeasureTest) -> HttpResponse:
    form, offered, problem = Why(request.POST or None), None, ""
    found = asking.figures(scope_in(request), timezone.localdate())
    try:
        offered = evidence_in(asked, found) if found is not None else None
        problem = "" if offered else "No released figures can be shown to you today."
    except YourCommand as error:
        problem = f"{error.message} {error.remedy}"

    def act() -> None:
        if offered is None:
            raise YourCommand(problem, remedy="")
        actions.offer_evidence(
            by=scope_in(request), row=line.row, evidence=offered, why=form.cleaned_data["why"]
        )

    more = {"offered": offered, "problem": problem}
    return _page(request, line, form, act, "Offer the released figures", "The evidence is offered.", **more)


def _document(request: HttpRequest, line: Line, asked: DocumentTest) -> HttpResponse:
    form = OfferDocument(request.POST or None, questions=asked.questions)

    def act() -> None:
        actions.offer_evidence(
            by=scope_in(request), row=line.row, evidence=form.document(), why=form.cleaned_data["why"]
        )

    return _page(request, line, form, act, "Offer a document", "The evidence is offered.")


@of_a_row("accept")
def decide(request: HttpRequest, line: Line) -> HttpResponse:
    """Accept the evidence, which closes it; or not."""
    form = Decide(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        done = actions.accept_evidence if told["accept"] == "yes" else actions.refuse_evidence
        done(by=scope_in(request), row=line.row, why=told["why"])

    return _page(request, line, form, act, "Decide about the evidence", "The decision is recorded.")


@of_a_row("accept")
def withdraw(request: HttpRequest, line: Line) -> HttpResponse:
    """Take it back."""
    form = Why(request.POST or None)

    def act() -> None:
        actions.withdraw(by=scope_in(request), row=line.row, why=form.cleaned_data["why"])

    return _page(request, line, form, act, "Withdraw it", "It is withdrawn; its history stays.")


@of_a_row("publish")
def publish(request: HttpRequest, line: Line) -> HttpResponse:
    """Show it on the page of promises, or take it off."""
    form, public = Publish(request.POST or None), line.row.public_since is None

    def act() -> None:
        actions.make_public(by=scope_in(request), row=line.row, public=public, why=form.cleaned_data["why"])

    words = (
        ("Make it public", "Everybody can read it now.")
        if public
        else (
            "Take it off the public page",
            "It is off the public page.",
        )
    )
    return _page(request, line, form, act, *words)


def _page(
    request: HttpRequest,
    line: Line,
    form: forms.Form,
    act: Callable[[], None],
    title: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    """The form; sent and right, the action and back to the row. What the action refuses stands above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except (YourCommand, YourData) as error:
            form.add_error(None, _told(error))
        else:
            messages.success(request, done)
            return redirect("recommendation", line.row.pk)
    context = {
        "form": form,
        "line": line,
        "row": line.row,
        "state": line.state,
        "title": title,
        "words": presenting,
    }
    return render(request, "scrutiny/record.html", {**context, **more}, status=422 if form.errors else 200)


def _told(error: JoinedupError) -> str:
    return f"{error.message} {error.remedy}".strip()
