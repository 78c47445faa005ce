"""The page of a framework: places beside each other, when they reach the target, each place, both maps, the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from joinedup.charts.frameworks import beside, on_two_maps, reached, short
from joinedup.charts.picture import Table
from joinedup.charts.words import capital, listed
from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.comparing import compare, differences, mean_of_view, on_map
from joinedup.reports.content import Block, Headline, Report, Section
from joinedup.reports.framework_places import place_section

if TYPE_CHECKING:
    from joinedup.governance.frameworks.results import PlaceResult, Results

BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)
"""The last day of eight boroughs and the first of thirteen, as the register of places assumes them."""


def framework_report(
    results: Results,
    framework: str,
    *,
    maps: tuple[date, date] = (BEFORE, AFTER),
    registry: Mapping[str, Any] | None = None,
) -> Report:
    """The report on one framework. `maps`: the two days whose maps are drawn. Raises YourCommand where nothing was scored."""
    found, judged = results.of(framework), Framework.load(framework)
    decided = [one for one in found if one.decided]
    if not found:
        raise YourCommand("No form of this framework was read.", remedy="Name files that hold its forms.")
    caption = f"Source: forms filled in by the bodies themselves; {judged.title}, version {judged.version}. {judged.texts_note}"
    sections = [
        *(_beside(decided, judged, caption) if decided else ()),
        *(_views(one, judged) for one in decided if not any(view.several for view in judged.views)),
        *(_when(decided, caption) if decided else ()),
        *(_maps(decided, judged, maps, caption) if decided and judged.unit == "partnership" else ()),
        *(place_section(one, found, caption) for one in found),
        *_texts(judged),
        *_found(results),
    ]
    return Report(
        title=judged.title,
        subtitle=f"{len(found)} {'place' if len(found) == 1 else 'places'}, scored by the bodies themselves, held to evidence",
        headlines=tuple(_headlines(found, decided, judged, results)),
        sections=tuple(sections),
        facts=tuple(_facts(judged)),
        footnotes=(judged.why_it_matters, judged.source),
        registry=dict(registry or {}),
    )


def _headlines(
    found: Sequence[PlaceResult], decided: Sequence[PlaceResult], judged: Framework, results: Results
) -> Iterator[Headline]:
    if decided:
        yield Headline(
            f"{beside(compare(decided), caption='').title}. Levels from {judged.evidence.from_level} on stand on evidence alone."
        )
    else:
        yield Headline("No place has decided levels yet. What follows is what single bodies said.")
    unsupported = [one for place in found if place.latest for one in place.latest.outcomes if one.unsupported]
    if unsupported:
        many = len(unsupported)
        yield Headline(
            f"{many} {'level was' if many == 1 else 'levels were'} claimed above what evidence allows, and {'does' if many == 1 else 'do'} not stand."
        )
    clashes = [
        one for one in results.findings if one.kind == "to settle" and one.rule != "level-without-evidence"
    ]
    if clashes:
        yield Headline(
            f"{len(clashes)} points in role charters and registers of neighbourhoods wait to be settled."
        )


def _facts(judged: Framework) -> Iterator[tuple[str, str]]:
    yield "Framework", f"{judged.title}, version {judged.version}"
    yield "Whose texts", judged.texts_note
    yield "Target", f"Level {judged.target.level} by {judged.target.by:%-d %B %Y}. {judged.target.source}."
    yield (
        "Evidence",
        (
            f"From level {judged.evidence.from_level} on: a document no older than {judged.evidence.document_months} months with a link, or a "
            f"measure whose released figures hold. {judged.evidence.source}."
        ),
    )
    yield "Reviewed by", f"{capital(judged.reviewer)}; next review {judged.next_review:%-d %B %Y}"
    for fact in judged.facts:
        yield "Known", f"{fact.text} ({fact.source})"


def _beside(decided: Sequence[PlaceResult], judged: Framework, caption: str) -> Iterator[Section]:
    compared = compare(decided)
    items: list[Any] = [beside(compared, caption=caption)]
    if judged.statements:
        items.append(_statements(decided, judged))
    local = [
        (short(place.place), one.title, domain.title, "not scored" if one.held is None else str(one.held))
        for place in decided for one in place.decided[-1].local
        for domain in judged.domains if domain.slug == one.domain
    ]  # fmt: skip
    if local:
        table = Table(("Place", "Criterion of its own", "Domain", "Stands at"), tuple(local))
        items.append(
            Block(
                "local",
                "Criteria of places' own",
                "These are shown apart: no two places have the same, so they are not compared.",
                table,
            )
        )
    lead = f"Compared on the {len(compared.criteria)} core criteria that every place has scored, and on nothing else."
    yield Section("beside", "Places beside each other", (lead,), tuple(items), (
        "A level is what a body said of itself, held to its evidence. It is no inspection.",
        "A place that scores itself strictly stands lower than one that does not. Look at the evidence before the order.",
    ))  # fmt: skip


def _statements(decided: Sequence[PlaceResult], judged: Framework) -> Block:
    rows = []
    for place in decided:
        cells = [place.decided[-1].statement(one.slug) for one in judged.statements]
        rows.append((short(place.place), *(f"{capital(state)} ({met} of {of})" for state, met, of in cells)))
    goal = f"level {judged.target.level} by {judged.target.by:%B %Y}"
    return Block(
        "statements", f"What is to be true of every place: {len(judged.statements)} statements",
        f"A statement is met where each of its criteria stands at {goal}; in brackets how many do.",
        Table(("Place", *(one.title for one in judged.statements)), tuple(rows)),
    )  # fmt: skip


def _views(place: PlaceResult, judged: Framework) -> Section:
    """Self, peers and panel beside each other: their means, and each criterion on which the first and the last differ."""
    found = place.decided[-1]
    sets = {"every core criterion": None} | {
        one.title: [c.slug for d in judged.domains if d.slug in one.domains for c in d.criteria]
        for one in judged.subsets
    }
    rows = [
        (
            name,
            *(
                "" if (mean := mean_of_view(found, view.slug, chosen)) is None else f"{mean:.2f}"
                for view in judged.views
            ),
        )
        for name, chosen in sets.items()
    ]
    first, last = judged.views[0], judged.deciding
    apart = differences(found, first.slug, last.slug)
    listed_ = tuple(
        (one.title, str(one.by_view(first.slug)[0]), str(one.by_view(last.slug)[0]), f"{by:+d}")
        for one, by in apart
    )
    name = short(place.place)
    return Section(
        f"views-{place.place.lower()}", f"{name}: views beside each other",
        (f"{last.title} differs from {first.title.lower()} on {len(apart)} of {len(found.core)} criteria.",),
        (
            Block(f"means-{place.place.lower()}", f"{name}: means by view", "As claimed, before evidence is asked for; only criteria that the view scored.",
                  Table(("Criteria", *(view.title for view in judged.views)), tuple(rows), frozenset(range(1, 1 + len(judged.views))))),
            Block(f"apart-{place.place.lower()}", f"{name}: where they differ", f"{last.title} minus {first.title.lower()}.",
                  Table(("Criterion", first.title, last.title, "Difference"), listed_, frozenset({1, 2, 3}))),
        ),
    )  # fmt: skip


def _when(decided: Sequence[PlaceResult], caption: str) -> Iterator[Section]:
    paces = [(one, one.pace()) for one in decided]
    yield Section("when", "When the target could be reached", (), (reached(paces, caption=caption),), (
        "Rounds are few, and those who score change. The limits are wide for that reason, and are not to be left out.",
    ))  # fmt: skip


def _maps(
    decided: Sequence[PlaceResult], judged: Framework, days: tuple[date, date], caption: str
) -> Iterator[Section]:
    first, second = (on_map(decided, day) for day in days)
    picture = on_two_maps(first, second, days, judged.highest, caption=caption)
    yield Section("maps", "The same scores on two maps", (), (picture,), (
        "The day of the merger of the integrated care boards is assumed in our register of places; the boroughs are not.",
    ))  # fmt: skip


def _texts(judged: Framework) -> Iterator[Section]:
    heads = ("Domain", *(f"{one.level} {one.title}" for one in judged.levels))
    rows = [(one.title, *(one.levels[level.level] for level in judged.levels)) for one in judged.domains]
    items = [
        Block(
            "levels",
            "What each level says",
            judged.texts_note,
            Table(heads, (("Anywhere", *(one.meaning for one in judged.levels)), *rows)),
        )
    ]
    asked = tuple(
        (
            one.title,
            one.asks,
            judged.domain_of(one.slug).title,
            listed([s.title for s in judged.statements if s.slug in one.statements]),
        )
        for one in judged.criteria
    )
    items.append(
        Block(
            "criteria",
            "What is asked",
            "The core criteria. A place may add its own.",
            Table(("Criterion", "Asked", "Domain", "Statements"), asked),
        )
    )
    if judged.questions:
        table = Table(
            ("Question", "In words", "Answered by"),
            tuple((one.title, one.asks, one.answered_by) for one in judged.questions),
        )
        items.append(
            Block(
                "questions",
                f"The {len(judged.questions)} questions",
                "The questions of the paper, in our words.",
                table,
            )
        )
    yield Section("framework", "The framework", (), tuple(items))


def _found(results: Results) -> Iterator[Section]:
    told = [one for one in results.findings if one.kind == "left out"]
    if told:
        rows = tuple((one.file, str(one.row or ""), one.column, one.message, one.remedy) for one in told)
        table = Table(("File", "Row", "Column", "What", "What to do"), rows)
        block = Block("left-out", "Left out", "Each of these was not used, and why.", table)
        yield Section("findings", "What of the forms could not be used", (), (block,))
