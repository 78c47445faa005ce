"""Forms of improvement: they read and check; `actions.py` writes."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils import timezone

from joinedup.definitions.lattice import BOROUGH
from joinedup_web.improvement.actions import Declared
from joinedup_web.improvement.asking import may_stand_above, trusts, workstreams
from joinedup_web.improvement.models import DEGREES, LEVELS, RISK
from joinedup_web.improvement.released import COUNTED, measures_at, places_at
from joinedup_web.organisations.asking import named_places, person_of
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}
JUDGED, STORY = "judged", "story"
OWN, OTHERS, NAMED = "own trend", "others", "named"
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def own_choices(scope: Scope, kind: str) -> list[tuple[str, str]]:
    """Places where this person writes, as a list of choices."""
    return [(place.code, place.name) for place in named_places(scope.places_for("write", kind))]


def month_of(text: str) -> str:
    """A month, or nothing. Raises ValidationError."""
    if text.strip() and not MONTH.fullmatch(text.strip()):
        raise forms.ValidationError("Write the month as 2025-04.")
    return text.strip()


class WriteObjective(forms.Form):
    """A strategy, a priority or a workstream, and what it stands under."""

    kind = forms.ChoiceField(label="What it is", choices=LEVELS)
    above = forms.ChoiceField(
        label="Stands under", required=False,
        help_text="A priority stands under a strategy, a workstream under a priority. A strategy stands alone.",
    )  # fmt: skip
    title = forms.CharField(label="Title", max_length=200)
    note = forms.CharField(
        label="In a few words (may stay empty)", max_length=1000, required=False, widget=forms.Textarea
    )
    source = forms.CharField(
        label="Where it is written down (may stay empty)", max_length=300, required=False
    )
    place = forms.ChoiceField(label="Entered for")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["above"].choices = [("", "Nothing: it is a strategy"), *may_stand_above()]
        self.fields["place"].choices = own_choices(scope, "initiative")


class WriteInitiative(forms.Form):
    """What is done, where it belongs, who answers for it."""

    title = forms.CharField(label="Title", max_length=200)
    what = forms.CharField(
        label="What is done", max_length=2000, widget=forms.Textarea,
        help_text="In words that somebody who was not there understands. Name no patient.",
    )  # fmt: skip
    workstream = forms.ChoiceField(label="Workstream")
    source = forms.CharField(
        label="Where it is written down (may stay empty)", max_length=300, required=False
    )
    place = forms.ChoiceField(label="Entered for")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["workstream"].choices = workstreams()
        self.fields["place"].choices = own_choices(scope, "initiative")


class DeclarePlan(forms.Form):
    """What an initiative is judged by; or that it is a story."""

    kind = forms.ChoiceField(
        label="How it is told", choices=((JUDGED, "Judged by a measure"), (STORY, "A story: no verdict is asked for"))
    )  # fmt: skip
    measures = forms.MultipleChoiceField(label="Measures", required=False)
    population = forms.CharField(
        label="Population", max_length=300, required=False, help_text="Who it is for: adults in Brent, for instance."
    )  # fmt: skip
    places = forms.MultipleChoiceField(label="Where it is done", required=False)
    start = forms.CharField(
        label="First month", max_length=7, required=False, help_text="As 2025-04."
    )  # fmt: skip
    expected = forms.FloatField(
        label="Expected effect, in percentage points", required=False, min_value=0, max_value=100,
        help_text="Above 0 whichever way is better.",
    )  # fmt: skip
    worthwhile = forms.FloatField(
        label="Smallest effect that would be worth it, in percentage points", required=False, min_value=0, max_value=100
    )  # fmt: skip
    against = forms.ChoiceField(
        label="Compared with", required=False,
        choices=((OWN, "Its own trend"), (OTHERS, "All other places of this kind"), (NAMED, "The places ticked below")),
    )  # fmt: skip
    comparison = forms.MultipleChoiceField(label="Places where nothing changes", required=False)
    reason = forms.CharField(label="Why the plan changes", max_length=300, required=False)

    def __init__(self, *given: Any, level: str, again: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        self.level = level if level in COUNTED else BOROUGH
        self.fields["measures"].choices = measures_at(self.level)
        self.fields["places"].choices = self.fields["comparison"].choices = places_at(self.level)
        if not again:
            del self.fields["reason"]

    def clean_start(self) -> str:
        """A month."""
        return month_of(self.cleaned_data["start"])

    def declared(self) -> Declared:
        """What the form declares."""
        asked = self.cleaned_data
        if asked["kind"] == STORY:
            return Declared(story=True, reason=asked.get("reason", ""))
        places = tuple(asked["places"])
        others = tuple(code for code, _ in places_at(self.level) if code not in places)
        named = {OTHERS: others, OWN: ()}.get(asked["against"], tuple(asked["comparison"]))
        return Declared(
            measures=tuple(asked["measures"]), population=asked["population"], level=self.level, places=places,
            comparison=named, own_trend=asked["against"] == OWN, start=asked["start"],
            expected=_share(asked["expected"]), worthwhile=_share(asked["worthwhile"]), reason=asked.get("reason", ""),
        )  # fmt: skip


def _share(points: float | None) -> float | None:
    return None if points is None else round(points / 100, 6)


class StartReplication(forms.Form):
    """Where else it is done, from when, and for whom."""

    at = forms.ChoiceField(label="Where it is done next")
    start = forms.CharField(label="First month", max_length=7, help_text="As 2026-04.")
    population = forms.CharField(label="Population", max_length=300)
    place = forms.ChoiceField(label="Entered for")

    def __init__(self, *given: Any, scope: Scope, level: str, done_at: Collection[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["at"].choices = [one for one in places_at(level) if one[0] not in done_at]
        self.fields["place"].choices = own_choices(scope, "initiative")

    def clean_start(self) -> str:
        """A month."""
        return month_of(self.cleaned_data["start"])


class NameOwner(forms.Form):
    """Who answers for it in which trust."""

    trust = forms.ChoiceField(label="Trust")
    email = forms.EmailField(label="Email address of the owner", help_text="They need an account already.")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["trust"].choices = trusts()

    def clean_email(self) -> Any:
        """The account of that address."""
        person = person_of(self.cleaned_data["email"])
        if person is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return person


class AddItem(forms.Form):
    """A milestone or an action with its day, or a risk with its scores."""

    text = forms.CharField(label="What it is", max_length=500)
    who = forms.CharField(label="Who answers for it", max_length=200, help_text="A role and an organisation.")
    due = forms.DateField(label="Due on", widget=forms.DateInput(attrs=DAY))
    likelihood = forms.TypedChoiceField(label="How likely", choices=DEGREES, coerce=int)
    impact = forms.TypedChoiceField(label="How bad", choices=DEGREES, coerce=int)
    mitigation = forms.CharField(label="What is done about it", max_length=500)

    def __init__(self, *given: Any, kind: str, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("due",) if kind == RISK else ("likelihood", "impact", "mitigation"):
            del self.fields[name]


class EndItem(forms.Form):
    """How it ended."""

    how = forms.CharField(label="How it ended", max_length=300)


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(label="Why", max_length=300)


class WriteBenefit(forms.Form):
    """What an initiative has brought, as far as it is known."""

    text = forms.CharField(label="What it has brought", max_length=500)
    number = forms.FloatField(label="Number", required=False)
    unit = forms.CharField(label="Unit", max_length=100, required=False, help_text="Such as %, days, people.")
    baseline = forms.FloatField(label="Baseline it is measured from", required=False)
    date = forms.DateField(label="Date it holds for", required=False, widget=forms.DateInput(attrs=DAY))
    owner = forms.CharField(label="Owner", max_length=200, required=False)
    method = forms.CharField(
        label="Method by which it was found", max_length=500, required=False, widget=forms.Textarea
    )

    def clean_date(self) -> Any:
        """Not a day to come: nothing has been brought on it yet."""
        day = self.cleaned_data["date"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("A benefit holds for a day that has been.")
        return day
