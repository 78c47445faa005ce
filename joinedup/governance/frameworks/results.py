"""Everything that forms say of places: rounds, gaps, pace, roadmaps, charters, registers, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from joinedup.definitions.frameworks import Framework
from joinedup.governance.frameworks.assessments import Assessment, read_assessment
from joinedup.governance.frameworks.charters import Charter, read_charter
from joinedup.governance.frameworks.evidence import Holdings, NothingHeld
from joinedup.governance.frameworks.findings import FormFinding
from joinedup.governance.frameworks.neighbourhoods import Register, read_register
from joinedup.governance.frameworks.pace import Forecast, forecast
from joinedup.governance.frameworks.parts import CHARTER, NEIGHBOURHOODS, ROADMAP, SCORES, Form, Notes
from joinedup.governance.frameworks.reading import read_forms
from joinedup.governance.frameworks.roadmaps import Milestone, Roadmap, read_roadmap
from joinedup.governance.frameworks.scoring import Outcome, Round, rounds_of

_READERS = {
    SCORES.name: read_assessment,
    ROADMAP.name: read_roadmap,
    CHARTER.name: read_charter,
    NEIGHBOURHOODS.name: read_register,
}


@dataclass(frozen=True)
class Gap:
    """A core criterion below its target: from where to where, what its next level says, and what would help."""

    criterion: str
    title: str
    domain: str
    level: int | None
    target: int
    next_level: str
    statements: tuple[str, ...]
    unsupported: int | None
    measures: tuple[str, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class PlaceResult:
    """One place in one framework: its rounds by day, and the roadmap, charter and register where they were given."""

    framework: str
    place: str
    rounds: tuple[Round, ...]
    roadmap: Roadmap | None = None
    charter: Charter | None = None
    register: Register | None = None

    @property
    def latest(self) -> Round | None:
        """The newest round."""
        return self.rounds[-1] if self.rounds else None

    @property
    def decided(self) -> tuple[Round, ...]:
        """Rounds in which the view that decides has spoken."""
        return tuple(one for one in self.rounds if one.moderated)

    def pace(self) -> Forecast:
        """When its mean over the core criteria that every decided round has could reach the target."""
        framework = Framework.load(self.framework)
        common = self.common
        points = [
            (one.day, mean) for one in self.decided if common and (mean := one.mean(common)) is not None
        ]
        return forecast(points, float(framework.target.level), step=1 / max(len(common), 1))

    @property
    def common(self) -> tuple[str, ...]:
        """Core criteria that have a level that stands in every decided round: those that can be followed."""
        sets = [set(one.levels) for one in self.decided]
        names = Framework.load(self.framework).criteria
        return tuple(one.slug for one in names if sets and all(one.slug in found for found in sets))

    def gaps(self) -> tuple[Gap, ...]:
        """Core criteria below target in the newest round: most statements resting on it first, then the widest."""
        if self.latest is None:
            return ()
        framework = Framework.load(self.framework)
        found = [_gap(framework, one, self.roadmap) for one in self.latest.core]
        open_ = [gap for gap in found if gap is not None]
        return tuple(sorted(open_, key=lambda gap: (-len(gap.statements), (gap.level or 0) - gap.target)))


@dataclass(frozen=True)
class Results:
    """All places of the forms, by framework and place, and every finding: of reading, then for people to settle."""

    places: tuple[PlaceResult, ...]
    findings: tuple[FormFinding, ...] = field(repr=False)

    @property
    def left_out(self) -> bool:
        """Whether something of the files was not used."""
        return any(one.kind == "left out" for one in self.findings)

    def of(self, framework: str) -> tuple[PlaceResult, ...]:
        """The places of one framework."""
        return tuple(one for one in self.places if one.framework == framework)

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The frameworks that the forms speak of."""
        return tuple(dict.fromkeys(one.framework for one in self.places))


@dataclass
class _Read:
    assessments: list[Assessment] = field(default_factory=list)
    roadmaps: dict[tuple[str, str], Roadmap] = field(default_factory=dict)
    charters: dict[tuple[str, str], Charter] = field(default_factory=dict)
    registers: dict[tuple[str, str], Register] = field(default_factory=dict)
    findings: list[FormFinding] = field(default_factory=list)


def score_files(paths: Iterable[Path], held: Holdings | None = None) -> Results:
    """The results of the forms in these files; figures for measures from `held`.

    What cannot be read of a file is in the findings. Raises UnreadableFile, UnsafeFile for a file that is none.
    """
    forms: list[Form] = []
    findings: list[FormFinding] = []
    for path in paths:
        some, found = read_forms(path)
        forms += some
        findings += found
    return score_forms(forms, held, findings)


def score_forms(
    forms: Iterable[Form], held: Holdings | None = None, findings: Sequence[FormFinding] = ()
) -> Results:
    """The same of forms that were read."""
    read = _Read(findings=list(findings))
    for form in forms:
        _take(form, read)
    rounds = rounds_of(read.assessments, held or NothingHeld())
    keys = dict.fromkeys(
        (*((one.framework, one.place) for one in rounds), *read.roadmaps, *read.charters, *read.registers)
    )
    places = [
        PlaceResult(
            *key,
            tuple(one for one in rounds if (one.framework, one.place) == key),
            read.roadmaps.get(key), read.charters.get(key), read.registers.get(key),
        )
        for key in sorted(keys)
    ]  # fmt: skip
    return Results(tuple(places), (*read.findings, *_differing(read.assessments), *_to_settle(places)))


def _take(form: Form, read: _Read) -> None:
    notes = Notes(form.file)
    found = _READERS[form.kind.name](form, notes)
    read.findings += notes.found
    if found is None:
        return
    if isinstance(found, Assessment):
        fresh = all(one.key != found.key for one in read.assessments)
        if fresh:
            read.assessments.append(found)
    elif not found.rows:
        return  # a blank form that came along: it says nothing
    else:
        fresh = _keep(found, read)
    if not fresh:
        read.findings.append(_twice(form))


def _keep(found: Roadmap | Charter | Register, read: _Read) -> bool:
    """Whether it is the first of its place."""
    key = (found.framework, found.place)
    if isinstance(found, Roadmap):
        return read.roadmaps.setdefault(key, found) is found
    if isinstance(found, Charter):
        return read.charters.setdefault(key, found) is found
    return read.registers.setdefault(key, found) is found


def _twice(form: Form) -> FormFinding:
    return FormFinding(
        form.file, 0, form.kind.title, "form-twice", "Keep one of the two, or give the round another name."
    )


def _differing(assessments: Sequence[Assessment]) -> Iterable[FormFinding]:
    """Local criteria that two forms of one round call by one code and mean differently."""
    meant: dict[tuple[str, str, str, str], set[tuple[str, str]]] = {}
    for one in assessments:
        for score in (score for score in one.scores if score.local):
            key = (one.framework, one.place, one.round, score.criterion)
            meant.setdefault(key, set()).add((score.title, score.domain))
    for (_, place, round_, code), titles in meant.items():
        if len(titles) > 1:
            text = f"{place}, {round_}, {code}: {', '.join(sorted(title for title, _ in titles))}"
            yield FormFinding(
                "", 0, "Criterion", "local-differs", "Agree on one title and domain, or use two codes.", text
            )


def _to_settle(places: Sequence[PlaceResult]) -> Iterable[FormFinding]:
    for place in places:
        for one in place.latest.outcomes if place.latest else ():
            if one.unsupported:
                text = f"{place.place}, {one.criterion}: {one.decided} claimed, {one.allowed} allowed"
                remedy = "Give evidence that holds, or lower the level."
                yield FormFinding("", 0, "Level", "level-without-evidence", remedy, text)
        yield from place.charter.clashes() if place.charter else ()
        yield from place.register.findings() if place.register else ()


def _gap(framework: Framework, one: Outcome, roadmap: Roadmap | None) -> Gap | None:
    criterion = framework.criterion(one.criterion)
    if (one.held or 0) >= framework.target.level or (one.held is None and criterion.optional):
        return None
    domain = framework.domain_of(one.criterion)
    steps = roadmap.rows if roadmap else ()
    return Gap(
        one.criterion, one.title, domain.slug, one.held, framework.target.level,
        domain.levels[min((one.held or 0) + 1, framework.highest)], criterion.statements,
        one.decided if one.unsupported else None, criterion.measures,
        tuple(step for step in steps if step.criterion == one.criterion),
    )  # fmt: skip
