"""What can be done to a row of a history, as tables: title, form, action; and the one page that serves each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from joinedup.errors import YourCommand, YourData
from joinedup_web.governance.scrutiny.forms import DAY, LONG, WHY
from joinedup_web.organisations.scope import Scope, scope_in

NOBODY = "Name no person, and nothing that could point to a patient."


def day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """A day, chosen."""
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def words(label: str, *, required: bool = True, hint: str = "", longest: int = 300) -> forms.CharField:
    """A line of words."""
    return forms.CharField(label=label, required=required, help_text=hint, max_length=longest)


def text(label: str, *, required: bool = True, hint: str = "") -> forms.CharField:
    """Words of more than a line."""
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=LONG, widget=forms.Textarea
    )


class Asking(forms.Form):
    """A form about one thing, or about none yet. The reason comes last, and stays in the history."""

    why = forms.CharField(
        label="Why, or where it is minuted", max_length=300, error_messages=WHY,
        help_text=f"Stays in the history. {NOBODY}",
    )  # fmt: skip

    def __init__(self, *given: Any, scope: Scope, thing: Any = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.scope, self.thing = scope, thing
        self.prepare()
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    def prepare(self) -> None:
        """Fill in choices; nothing here."""

    def asked(self) -> dict[str, Any]:
        """Keywords of the action."""
        return dict(self.cleaned_data)


@dataclass(frozen=True)
class Act:
    """One thing that can be done. `does` takes `by`, the row as `of` where there is one, and what the form asks."""

    title: str
    button: str
    done: str
    does: Callable[..., Any]
    form: type[Asking] = Asking
    lead: str = ""


Acts = Mapping[str, Act]


def answer(request: HttpRequest, act: Act, thing: Any, goes: Callable[[Any], str], back: str) -> HttpResponse:
    """The page of one act: its form, what is wrong with it, or what was done and where to go on."""
    scope = scope_in(request)
    form = act.form(request.POST if request.method == "POST" else None, scope=scope, thing=thing)
    if request.method == "POST" and form.is_valid():
        try:
            made = act.does(by=scope, **({"of": thing} if thing is not None else {}), **form.asked())
        except (YourCommand, YourData) as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, act.done)
            return redirect(goes(made))
    context = {"act": act, "form": form, "thing": thing, "back": back, "address": request.path}
    return render(request, "scrutiny/act.html", context, status=422 if form.errors else 200)
