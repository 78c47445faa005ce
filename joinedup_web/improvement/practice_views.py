"""Pages of best practice: scope, question, page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.definitions.lattice import BOROUGH
from joinedup_web.equity.practices import LEVELS, MEASURES
from joinedup_web.improvement import practice_actions, practice_asking, practice_forms
from joinedup_web.improvement.asking import objective_of
from joinedup_web.improvement.judging import judge_plan
from joinedup_web.improvement.practice_asking import Answer
from joinedup_web.improvement.released import State, name_of, newest
from joinedup_web.improvement.views import kept, page
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    """Are people in one place really better off, and where does their journey differ?"""
    measure, level = request.GET.get("measure", MEASURES[0]), request.GET.get("by", BOROUGH)
    if measure not in MEASURES or level not in LEVELS:
        raise Http404
    state = newest()
    answer = practice_asking.answer_of(state, measure, level)
    noted = practice_asking.notes_on(measure)
    context = {
        "answer": answer, "measure": measure, "level": level, "measures": practice_asking.measures(),
        "levels": [(one, f"by {one}") for one in LEVELS], "name_of": name_of,
        "notes": [one for one in noted if answer is None or answer.place(one.where)],
        "tried": practice_asking.tried_from(measure, answer) if answer is not None else [],
        "compared": [one for one in answer.told["places"] if "people" in one] if answer is not None else [],
    }  # fmt: skip
    return render(request, "improvement/practice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_practice_note(request: HttpRequest, measure: str, code: str) -> HttpResponse:
    """Write down what they do differently in a place that was compared."""
    scope, answer = scope_in(request), _answer(newest(), measure, code)
    form = practice_forms.WritePracticeNote(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        place, text = place_of(form.cleaned_data["place"]), form.cleaned_data["text"]
        if kept(
            form,
            lambda: practice_actions.write_practice_note(
                by=scope, place=place, measure=measure, where=code, text=text
            ),
        ):
            messages.success(request, "It is kept, with your name and the day.")
            return redirect(_back(answer))
    more = {"measure": measure, "code": code, "where": name_of(code), "answer": answer}
    notes = practice_asking.notes_on(measure, code)
    return page(request, "improvement/practice_note_form.html", form, notes=notes, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def replicate_practice(request: HttpRequest, measure: str, code: str) -> HttpResponse:
    """Do in another place what is done where people really do better."""
    scope, state = scope_in(request), newest()
    answer = _answer(state, measure, code)
    if state is None or not any(one["place"] == code for one in answer.named):
        raise Http404
    notes = practice_asking.notes_on(measure, code)
    form = practice_forms.ReplicatePractice(
        request.POST or None, scope=scope, level=answer.told["by"], better=code,
        initial={"at": request.GET.get("at", ""), "what": notes[0].text if notes else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        place, workstream = place_of(asked.pop("place")), objective_of(asked.pop("workstream"))
        plan = kept(
            form,
            lambda: practice_actions.replicate_practice(
                by=scope, place=place, workstream=workstream, answer=answer.told, better=code, state=state, **asked
            ),
        )  # fmt: skip
        if plan:
            judge_plan(plan, state)
            messages.success(request, "The replication is entered, with its predicted line.")
            return redirect("initiative", plan.initiative_id)
    more = {"measure": measure, "code": code, "where": name_of(code), "answer": answer}
    return page(request, "improvement/practice_replicate.html", form, **more)


def _answer(state: State | None, measure: str, code: str) -> Answer:
    found = practice_asking.answer_with(state, measure, code)
    if found is None:
        raise Http404
    return found


def _back(answer: Answer) -> str:
    return f"{reverse('practice')}?measure={answer.told['measure_id']}&by={answer.told['by']}"
