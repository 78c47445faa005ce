"""Forms of bodies: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup.definitions.bodies import KINDS, SECTORS
from joinedup_web.governance.boards import cadence
from joinedup_web.governance.boards.actions import Plan
from joinedup_web.governance.boards.asking import bodies, organisations
from joinedup_web.organisations.asking import named_places, place_of
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}
YES_NO = (("", "No"), ("yes", "Yes"))


def day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """A day, chosen."""
    return forms.DateField(
        label=label, required=required, help_text=hint, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )


def text(label: str, *, required: bool = True, hint: str = "", longest: int = 4000) -> forms.CharField:
    """Words of more than a line."""
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=longest, widget=forms.Textarea
    )


def yes_no(label: str, hint: str = "") -> forms.TypedChoiceField:
    """Yes or no, no where nothing is chosen."""
    return forms.TypedChoiceField(
        label=label, help_text=hint, choices=YES_NO, required=False, empty_value=False,
        coerce=lambda value: value == "yes",
    )  # fmt: skip


class Asking(forms.Form):
    """A form about one thing: a body, a meeting, an item or a record. `asked` is what its action takes."""

    too_large = False

    def __init__(self, *given: Any, scope: Scope, thing: Any = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.scope, self.thing = scope, thing
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices; nothing here."""

    def start_with(self, now: dict[str, Any]) -> None:
        """Fill in what stands there, where nothing else was given to begin with."""
        for name, value in now.items():
            self.initial.setdefault(name, value)

    def asked(self) -> dict[str, Any]:
        """Keywords of the action."""
        return dict(self.cleaned_data)


class Confirm(Asking):
    """Nothing but a button."""


class Why(Asking):
    """A reason."""

    reason = forms.CharField(label="Why", max_length=300)


class PublicForm(Asking):
    """Whether the body meets in public, and why that changes."""

    public = yes_no("Its meetings are public")
    reason = forms.CharField(label="Why", max_length=300)

    def prepare(self) -> None:
        """The other of what it is."""
        self.start_with({"public": "" if self.thing.public_since else "yes"})


class EndOn(Asking):
    """The last day, and why."""

    last_day = day("Last day")
    reason = forms.CharField(label="Why it ends", max_length=300)


class BodyForm(Asking):
    """A body: what it is, to whom it reports, when it meets, how many seats make a quorum."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=list(KINDS.items()))
    formal = yes_no("Formal", "Whether it is set up by law, contract or a scheme of delegation.")
    host = forms.ChoiceField(
        label="Run by", required=False, help_text="For an outside body: who runs it and keeps its own record."
    )
    reports_to = forms.ChoiceField(label="Reports to", required=False)
    valid_from = day("Since")
    every = forms.ChoiceField(label="It meets", choices=list(cadence.EVERY.items()), required=False)
    week = forms.ChoiceField(label="In which week of the month", choices=list(cadence.WEEKS.items()))
    weekday = forms.ChoiceField(label="On which day", choices=list(cadence.DAYS.items()))
    starts_on = day("Counted from", required=False, hint="The first day, for a cadence of more than a month.")
    begins_at = forms.TimeField(
        label="Begins at", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label="Minutes", min_value=15, max_value=480)
    venue = forms.CharField(label="Where (may stay empty)", max_length=200, required=False)
    quorum = forms.IntegerField(
        label="Quorum: seats that must be filled", min_value=0, max_value=100, required=False
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label="Why it changes", max_length=300)

    def prepare(self) -> None:
        """Bodies, organisations, and what the body is now."""
        others = [one for one in bodies() if self.thing is None or one.pk != self.thing.pk]
        self.fields["reports_to"].choices = [("", "Nobody here"), *((one.slug, one.name) for one in others)]
        self.fields["host"].choices = [("", "Ourselves"), *organisations()]
        self._above = {one.slug: one for one in others}
        self.start_with(self._now())

    def _now(self) -> dict[str, Any]:
        one = self.thing
        every, week, weekday = cadence.parts_of(one.rule if one else "")
        told = {"every": every, "week": week, "weekday": weekday}
        if one is None:
            return {**told, "begins_at": "10:00", "minutes": 90, "valid_from": timezone.localdate()}
        return {
            **told, "name": one.name, "kind": one.kind, "formal": "yes" if one.formal else "", "host": one.host_id,
            "reports_to": one.reports_to.slug if one.reports_to else "", "valid_from": one.valid_from,
            "starts_on": one.starts_on, "begins_at": one.begins_at, "minutes": one.minutes, "venue": one.venue,
            "quorum": one.quorum, "edition": one.edition,
        }  # fmt: skip

    def plan(self) -> Plan:
        """The body that the form asks for."""
        asked = self.cleaned_data
        rule = cadence.rule_of(asked["every"], asked["week"], asked["weekday"])
        return Plan(
            name=asked["name"], kind=asked["kind"], formal=asked["formal"], begins_at=asked["begins_at"],
            minutes=asked["minutes"], valid_from=asked["valid_from"],
            host=place_of(asked["host"]) if asked["host"] else None, reports_to=self._above.get(asked["reports_to"]),
            rule=rule, starts_on=(asked["starts_on"] or asked["valid_from"]) if rule else None,
            venue=asked["venue"], quorum=asked["quorum"] or 0,
        )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """Plan, edition and reason."""
        asked = self.cleaned_data
        return {"plan": self.plan(), "edition": asked["edition"] or 0, "reason": asked["reason"]}


class NewBody(BodyForm):
    """A body that is entered: where it is kept, and its terms of reference."""

    place = forms.ChoiceField(label="Kept by", help_text="Whose record it is: one of your own organisations.")
    terms = text("Terms of reference", longest=20_000)
    field_order = ("place", "name", "kind", "formal", "host", "reports_to", "valid_from", "terms")

    def prepare(self) -> None:
        """One's own organisations; a quorum comes with seats."""
        super().prepare()
        own = named_places(self.scope.places_for("keep", "body"))
        self.fields["place"].choices = [(place.code, place.name) for place in own]
        for name in ("quorum", "edition"):
            del self.fields[name]
        self.fields["reason"].label = "Why it is entered"

    def clean(self) -> dict[str, Any]:
        """Without a quorum."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        return {**found, "quorum": 0, "edition": 0}

    def asked(self) -> dict[str, Any]:
        """Place, plan, terms and reason."""
        asked = self.cleaned_data
        return {
            "place": place_of(asked["place"]), "plan": self.plan(), "terms": asked["terms"], "reason": asked["reason"],
        }  # fmt: skip


class TermsForm(Asking):
    """The next version of the terms of reference."""

    text = text("Terms of reference", longest=20_000)
    from_day = day("From")
    reason = forms.CharField(label="Why they change", max_length=300)


class SeatForm(Asking):
    """A seat."""

    office = forms.CharField(
        label="Office", max_length=200, help_text="For instance Chief Operating Officer."
    )
    organisation = forms.ChoiceField(label="Organisation", required=False)
    sector = forms.ChoiceField(label="Sector", choices=list(SECTORS.items()))
    needed = yes_no("Needed", "Whether nothing is decided without this organisation.")
    from_day = day("From")
    reason = forms.CharField(label="Why it is added", max_length=300)

    def prepare(self) -> None:
        """Organisations of the register."""
        self.fields["organisation"].choices = [("", "None"), *organisations()]

    def asked(self) -> dict[str, Any]:
        """The organisation as a place."""
        code = self.cleaned_data["organisation"]
        return {**self.cleaned_data, "organisation": place_of(code) if code else None}


class DelegateForm(Asking):
    """What the body may decide in another's stead."""

    what = text("What is delegated", longest=500)
    from_whom = forms.CharField(label="From whom", max_length=200)
    limits = text("Within which limits (may stay empty)", required=False, longest=500)
    from_day = day("From")
    last_day = day("Until (may stay empty)", required=False)
    reason = forms.CharField(label="Why", max_length=300)
