"""Forms of work programmes: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup.definitions.scrutiny import Criteria
from joinedup_web.governance.scrutiny.doing import NOBODY, Asking, day, text, words
from joinedup_web.governance.scrutiny.programme.actions import CRITERIA
from joinedup_web.governance.scrutiny.programme.asking import committees, places

POINTS = "points_"


class Suggest(Asking):
    """A topic, who asked for it in words, and where it can be read."""

    place = forms.ChoiceField(label="Council that keeps the programme")
    committee = words("Committee", longest=200)
    title = words("Topic", longest=200)
    about = text("What it is about (may stay empty)", required=False)
    from_whom = words(
        "Who asked for it",
        longest=200,
        hint=f"Such as residents of a borough, or a member of the committee. {NOBODY}",
    )
    source = words(
        "Where it can be read (may stay empty)", required=False, longest=500, hint="An address, or paper and page."
    )  # fmt: skip

    def prepare(self) -> None:
        """Councils of one's own, and the first committee that is known."""
        self.places = {place.code: place for place in places(self.scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.places.items()]
        self.initial.setdefault("committee", next(iter(committees(self.scope)), ""))

    def clean_place(self) -> Any:
        """The council itself."""
        return self.places[self.cleaned_data["place"]]


class Score(Asking):
    """Points on each criterion, whose questions are data."""

    def prepare(self) -> None:
        """A choice for each criterion."""
        criteria = Criteria.load(CRITERIA)
        choices = [(str(points), str(points)) for points in range(criteria.points + 1)]
        for one in criteria.criteria:
            self.fields[f"{POINTS}{one.slug}"] = forms.TypedChoiceField(
                label=f"{one.title} (0 to {criteria.points}, weight {one.weight})", help_text=one.question,
                choices=[("", "Choose"), *choices], coerce=int,
            )  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """Points by criterion, and why."""
        given = self.cleaned_data.items()
        points = {name.removeprefix(POINTS): value for name, value in given if name.startswith(POINTS)}
        return {"points": points, "why": self.cleaned_data["why"]}


class ToMeeting(Asking):
    """A meeting of the committee."""

    meeting = day("Day of the meeting")
