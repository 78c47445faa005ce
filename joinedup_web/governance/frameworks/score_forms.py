"""The form of one criterion: its level, why, and evidence. What it says becomes the library's `Score`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.text import slugify

from joinedup.definitions.frameworks import LOCAL, Criterion, Domain, Framework
from joinedup.definitions.measure import Measure
from joinedup.errors import UnknownName
from joinedup.governance.frameworks.assessments import Document, Evidence, Live, Score
from joinedup.governance.published import EVERYWHERE, Published, places_in
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.holding import boroughs_of

COMPARES = (("at_least", "at least"), ("at_most", "at most"))
DOCUMENT = ("document", "dated", "link")
LONG = 2_000
NO_LEVEL = ""


@dataclass(frozen=True)
class Offered:
    """What can be chosen as live evidence: measures and places of which figures are published."""

    measures: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]


def offered(published: Published | None, unit: str) -> Offered:
    """The choices that the released figures allow; the places of the unit come first."""
    if published is None:
        return Offered((), ())
    own = set(boroughs_of(unit))
    codes = set(published.released.value.table["measure_id"].to_pylist())
    titled = sorted((_title(code), code) for code in codes)
    names = {
        (row["level"], row["place_name"]): row["place"]
        for row in published.released.value.table.select(["level", "place", "place_name"])
        .group_by(["level", "place", "place_name"]).aggregate([]).to_pylist()
    }  # fmt: skip
    found = [(level, names.get((level, name), name), name) for level, name in places_in(published)]
    found.sort(key=lambda one: (one[1] not in own, one[0] != EVERYWHERE, one[2]))
    places = ((f"{level}|{code}", name) for level, code, name in found)
    return Offered(tuple((code, f"{title} ({code})") for title, code in titled), tuple(places))


def _title(code: str) -> str:
    try:
        return Measure.load(code).title
    except UnknownName:
        return code


class ScoreForm(forms.Form):
    """One criterion. `score` is what stands there; evidence beyond one document and one measure stays as it is."""

    level = forms.ChoiceField(label="Level", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label="Why this level", required=False, max_length=LONG, widget=forms.Textarea)
    document = forms.CharField(label="Document", required=False, max_length=300)
    dated = forms.DateField(
        label="Its date", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    link = forms.URLField(
        label="Its link", required=False, max_length=500, assume_scheme="https",
        error_messages={"invalid": "Write a link that begins with https://."},
    )  # fmt: skip
    measure = forms.ChoiceField(label="Measure", required=False)
    where = forms.ChoiceField(label="Where", required=False)
    comparison = forms.ChoiceField(label="Is", choices=COMPARES, required=False)
    threshold = forms.FloatField(label="Figure", required=False, min_value=-1e12, max_value=1e12)
    points = forms.IntegerField(
        label="How many in a row", required=False, min_value=1, max_value=24,
        help_text="The last released periods, one after another.",
    )  # fmt: skip

    def __init__(
        self, *given: Any, framework: Framework, code: str, domain: Domain, score: Score | None, choices: Offered,
        reasoned: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*given, prefix=code, initial=_initial(score), **more)
        self.framework, self.code, self.domain, self.score = framework, code, domain, score
        self.reasoned = reasoned
        levels = [(str(one.level), f"{one.level} {one.title}") for one in framework.levels]
        self.fields["level"].choices = [*levels, (NO_LEVEL, "Not scored")]
        kept = _first(score, Live)
        measures, places = choices.measures, choices.places
        if kept is not None:  # what is not published any more can stay
            series = kept.test.series
            measures = _with(measures, series.measure, _title(series.measure))
            places = _with(places, f"{series.level}|{series.place}", series.place)
        self.fields["measure"].choices = [("", "None"), *measures]
        self.fields["where"].choices = list(places)

    @property
    def title(self) -> str:
        """What is scored."""
        return self.criterion.title if self.criterion else self.score.title if self.score else ""

    @cached_property
    def criterion(self) -> Criterion | None:
        """The core criterion; None for one of the place's own."""
        return next((one for one in self.domain.criteria if one.slug == self.code), None)

    @property
    def further(self) -> tuple[Evidence, ...]:
        """Evidence that came by file beyond what the form shows."""
        found = self.score.evidence if self.score else ()
        shown = {_first(self.score, Document), _first(self.score, Live)}
        return tuple(one for one in found if one not in shown)

    def clean(self) -> dict[str, Any]:
        """The score itself, as `score`."""
        told = super().clean() or {}
        if self.reasoned and told.get("level") and not told.get("reason", "").strip():
            self.add_error("reason", "Say why this level was agreed.")
        evidence = [*self._document(told), *self._live(told), *self.further]
        if not self.errors:
            level = int(told["level"]) if told["level"] else None
            title, domain = ("", "") if self.criterion else (self.own_title(told), self.domain.slug)
            told["score"] = Score(self.code, level, told["reason"].strip(), tuple(evidence), title, domain)
        return told

    def own_title(self, told: dict[str, Any]) -> str:
        """The title of a local criterion."""
        return self.title

    def _document(self, told: dict[str, Any]) -> list[Evidence]:
        given = [name for name in DOCUMENT if told.get(name)]
        for name in DOCUMENT if given else ():
            if name not in given and name not in self.errors:
                self.add_error(name, "A document has a title, a date and a link.")
        if told.get("link") and not told["link"].startswith(("https://", "http://")):
            self.add_error("link", "Write a link that begins with https://.")
        if len(given) < len(DOCUMENT):
            return []
        return [Document(told["document"], told["dated"], told["link"])]

    def _live(self, told: dict[str, Any]) -> list[Evidence]:
        if not told.get("measure"):
            return []
        for name, missing in (("threshold", "Say which figure."), ("points", "Say how many in a row.")):
            if told.get(name) is None and name not in self.errors:
                self.add_error(name, missing)
        level, _, place = told.get("where", "").partition("|")
        if not place:
            self.add_error("where", "Say where.")
        if self.errors:
            return []
        return [
            keeping.live(
                told["measure"], level, place, told["comparison"] or "at_least", told["threshold"], told["points"]
            )
        ]  # fmt: skip


class LocalForm(ScoreForm):
    """A criterion that the place adds by itself: it has a title, and is not compared with other places. `taken`: codes
    that there are already, in whichever domain."""

    own = forms.CharField(
        label="A criterion of your own (may stay empty)", required=False, max_length=200,
        help_text="It is shown apart, and not compared with other places.",
    )  # fmt: skip
    field_order = ("own", "level", "reason")

    def __init__(self, *given: Any, taken: frozenset[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.taken = taken

    def own_title(self, told: dict[str, Any]) -> str:
        """As it was written."""
        return str(told["own"].strip())

    def clean(self) -> dict[str, Any]:
        """The score, with a code of its own; none where nothing was written."""
        told = super().clean()
        if not self.errors and not told["own"].strip():
            found = told.pop("score")
            if found.level is not None or found.reason or found.evidence:
                self.add_error("own", "Write what is scored.")
        elif not self.errors:
            found = told["score"]
            code = LOCAL + (slugify(found.title).replace("-", "_")[:50] or "own")
            if code in self.taken:
                self.add_error(
                    "own", "There is one of that name already. Change it there, or choose another."
                )
            told["score"] = Score(code, found.level, found.reason, found.evidence, found.title, found.domain)
        return told


def score_forms(
    data: Any,
    framework: Framework,
    domain: Domain,
    scores: Sequence[Score],
    choices: Offered,
    *,
    reasoned: bool = False,
) -> list[ScoreForm]:
    """A form for each criterion of a domain, for the place's own in it, and an empty one for one more. `reasoned`: no
    level without a reason."""
    held = {one.criterion: one for one in scores}
    codes = [one.slug for one in domain.criteria]
    codes += [one.criterion for one in scores if one.local and one.domain == domain.slug]
    more: dict[str, Any] = {
        "framework": framework,
        "domain": domain,
        "choices": choices,
        "reasoned": reasoned,
    }
    made = [ScoreForm(data, code=code, score=held.get(code), **more) for code in codes]
    taken = frozenset(one.criterion for one in scores if one.local)
    return [*made, LocalForm(data, code="new", score=None, taken=taken, **more)]


def _first(score: Score | None, kind: type[Any]) -> Any:
    return next((one for one in score.evidence if isinstance(one, kind)), None) if score else None


def _with(choices: tuple[tuple[str, str], ...], value: str, words: str) -> tuple[tuple[str, str], ...]:
    return choices if any(one == value for one, _ in choices) else (*choices, (value, words))


def _initial(score: Score | None) -> dict[str, Any]:
    told: dict[str, Any] = {"comparison": "at_least", "points": 3}
    if score is None:
        return told
    told |= {"level": "" if score.level is None else str(score.level), "reason": score.reason}
    document, kept = _first(score, Document), _first(score, Live)
    if document is not None:
        told |= {"document": document.title, "dated": document.dated, "link": document.link}
    if kept is not None:
        test = kept.test
        told |= {
            "measure": test.series.measure, "where": f"{test.series.level}|{test.series.place}",
            "comparison": test.comparison, "threshold": test.threshold, "points": test.points,
        }  # fmt: skip
    return told
