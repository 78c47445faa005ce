"""One place in the report of a framework: its levels, gaps, evidence, roadmap, role charter and neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from joinedup.charts.frameworks import short, spread
from joinedup.charts.picture import Table
from joinedup.charts.words import capital, listed
from joinedup.definitions.frameworks import Framework
from joinedup.definitions.measure import Measure
from joinedup.governance.frameworks.charters import LETTERS
from joinedup.governance.frameworks.comparing import already_there
from joinedup.reports.content import Block, Section

if TYPE_CHECKING:
    from joinedup.charts.picture import Picture
    from joinedup.governance.frameworks.assessments import Evidence
    from joinedup.governance.frameworks.evidence import Judged
    from joinedup.governance.frameworks.results import PlaceResult

NOBODY = "nobody yet"


def place_section(place: PlaceResult, others: Sequence[PlaceResult], caption: str) -> Section:
    """Everything that is known of a place."""
    key = place.place.lower()
    items: list[Picture | Block] = []
    if place.latest is not None:
        items += [spread(place.latest, caption=caption), _gaps(place, others, key)]
        items += _evidence(place, key)
    items += [*_roadmap(place, key), *_charter(place, key), *_neighbourhoods(place, key)]
    return Section(key, short(place.place), tuple(_lead(place)), tuple(items))


def _lead(place: PlaceResult) -> Iterator[str]:
    if place.latest is None:
        yield "Nothing has been scored here yet."
        return
    if not place.latest.moderated:
        yield "The newest round has not been decided: no level of it stands. Proposals for the meeting that decides are in the gaps."
    yield f"{place.pace().why} {_scored(place)}"


def _scored(place: PlaceResult) -> str:
    found = place.latest
    return (
        f"{len(found.levels)} of {len(found.core)} core criteria have a level that stands." if found else ""
    )


def _gaps(place: PlaceResult, others: Sequence[PlaceResult], key: str) -> Block:
    framework = Framework.load(place.framework)
    found = {one.criterion: one for one in place.latest.outcomes} if place.latest else {}
    rows = []
    for gap in place.gaps():
        there = already_there(others, gap.criterion, (gap.level or 0) + 1, place.place)
        proposed = found[gap.criterion].proposed
        now = (
            f"{gap.level}"
            if gap.level is not None
            else "not decided" + ("" if proposed is None else f"; {proposed} proposed")
        )
        rows.append(
            (
                gap.title, now, str(gap.target), gap.next_level, _missing(gap.unsupported, gap.measures),
                listed([short(code) for code in there][:3]) or "no other place",
                listed([step.action for step in gap.milestones]) or "no step planned",
            )
        )  # fmt: skip
    header = ("Criterion", "Stands at", "Target", "The next level says", "Evidence", "Ask", "Planned")
    return Block(
        f"gaps-{key}", f"{short(place.place)}: {len(rows)} gaps to level {framework.target.level}",
        "Those on which most statements rest come first. Ask: places that stand at the next level or above.", _without_blank(header, rows),
    )  # fmt: skip


def _missing(claimed: int | None, measures: Sequence[str]) -> str:
    said = [f"Level {claimed} was claimed and would stand with evidence."] if claimed is not None else []
    if measures:
        said.append(
            f"Measures that could be: {listed([f'{Measure.load(name).title} ({name})' for name in measures])}."
        )
    return " ".join(said)


def _evidence(place: PlaceResult, key: str) -> Iterator[Block]:
    """A row for each piece of evidence of a criterion, with the levels it was offered for and by whom."""
    offered: dict[tuple[str, Evidence], list[Judged]] = {}
    for one in place.latest.outcomes if place.latest else ():
        for judged in one.evidence:
            offered.setdefault((one.title, judged.evidence), []).append(judged)
    if not offered:
        return
    rows = [
        (
            title, ", ".join(map(str, sorted({one.level for one in found}))), listed(list(dict.fromkeys(one.by for one in found))),
            found[0].words, f"{'Holds' if found[0].holds else capital(str(found[0].verdict))}. {found[0].why}", _figures(found[0]),
        )
        for (title, _), found in offered.items()
    ]  # fmt: skip
    holds = sum(found[0].holds for found in offered.values())
    header = ("Criterion", "For level", "Offered by", "Evidence", "Verdict", "Released figures")
    yield Block(
        f"evidence-{key}", f"{short(place.place)}: {holds} of {len(rows)} pieces of evidence hold",
        "Measures are judged on released figures; what cannot be told does not hold.", _without_blank(header, rows),
    )  # fmt: skip


def _without_blank(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The table without columns in which no row says anything: what is left has more room."""
    kept = [at for at in range(len(header)) if any(row[at] for row in rows) or not rows]
    return Table(tuple(header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows))


def _figures(judged: Judged) -> str:
    return "; ".join(
        f"{one.period}: {'hidden' if one.value is None else f'{one.value:g}'}"
        + (f" [{one.code}]" if one.code else "")
        for one in judged.points
    )


def _roadmap(place: PlaceResult, key: str) -> Iterator[Block]:
    if place.roadmap is None:
        return
    framework = Framework.load(place.framework)
    titles = {one.slug: one.title for one in framework.criteria}
    on = place.latest.day if place.latest else framework.valid_from
    steps = sorted(place.roadmap.rows, key=lambda one: (one.due is None, one.due or on))
    rows = tuple(
        (
            titles.get(one.criterion, one.criterion), str(one.to_level), one.action, one.owner or NOBODY,
            f"{one.due:%-d %B %Y}" if one.due else "", capital(one.status(on)),
        )
        for one in steps
    )  # fmt: skip
    late = sum(one.status(on) == "overdue" for one in steps)
    yield Block(
        f"roadmap-{key}", f"{short(place.place)}: roadmap of {len(rows)} steps, {late} overdue",
        f"As at the newest round, {on:%-d %B %Y}.", Table(("Criterion", "To level", "Step", "Owner", "Due", "State"), rows),
    )  # fmt: skip


def _charter(place: PlaceResult, key: str) -> Iterator[Block]:
    if place.charter is None:
        return
    rules = Framework.load(place.framework).charter
    titles = {one.slug: one.title for one in rules.duties} if rules else {}
    duties = dict.fromkeys((*titles, *(role.duty for role in place.charter.rows)))
    clashes = place.charter.clashes()
    unsigned = sum(one.rule == "unsigned" for one in clashes)
    rows = []
    for duty in duties:
        parties = [listed([role.party for role in place.charter.of(duty, letter)]) for letter in LETTERS]
        told = [one.message for one in clashes if one.text.partition(":")[0] == duty]
        rows.append((titles.get(duty, duty), *parties, " ".join(told) or "Settled"))
    posts = [one for one in clashes if one.rule == "posts-exclude"]
    header = ("Duty", *(capital(word) for word in LETTERS.values()), "To settle")
    more = (
        f" One person holds posts that exclude each other ({'; '.join(one.text.replace('_', ' ') for one in posts)})."
        if posts
        else ""
    )
    yield Block(
        f"charter-{key}", f"{short(place.place)}: role charter, {len(clashes) - unsigned} clashes, {unsigned} not signed",
        f"Each duty has one that is accountable and at least one that is responsible.{more}", Table(header, tuple(rows)),
    )  # fmt: skip


def _neighbourhoods(place: PlaceResult, key: str) -> Iterator[Block]:
    register = place.register
    if register is None or register.rule is None:
        return
    sizes = register.sizes()
    fits = sum(one.verdict == "fits" for one in sizes)
    rows = [
        (
            one.name,
            str(one.areas),
            "not known" if one.residents is None else f"{one.residents:,}",
            capital(one.verdict),
        )
        for one in sizes
    ]
    cover = " ".join(
        f"{one.name} has {one.counted:,} residents ({one.as_of:%B %Y}), {one.inside:,} of them in a neighbourhood: "
        f"{one.fewest} to {one.most} neighbourhoods would fit."
        for one in register.cover()
    )
    areas = [one for one in register.findings() if one.rule.startswith("area")]
    told = f" {' '.join(f'{one.text}: {one.message}' for one in areas)}" if areas else ""
    yield Block(
        f"neighbourhoods-{key}", f"{short(place.place)}: {fits} of {len(sizes)} neighbourhoods have {register.rule.lowest:,} to {register.rule.highest:,} residents",
        f"{cover}{told}", Table(("Neighbourhood", "Areas", "Residents", "Verdict"), tuple(rows), frozenset({1, 2})),
    )  # fmt: skip
