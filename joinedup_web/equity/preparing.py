"""Release the figures of one state of a lake and write them for pages to read: whole, or not at all.

What is released here is what the report on the same state releases, by the same calls, so that a number has one value
and one code wherever it is met.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.charts import (
    Lens,
    Picture,
    by_group,
    control,
    figures,
    funnel,
    gap_compared,
    gap_registry,
    gap_waterfall,
    journey_steps,
)
from joinedup.charts.cells import KEYS, codes_of
from joinedup.definitions import Breakdown, Measure
from joinedup.lake import Lake, open_lake
from joinedup.lake.durable import fsync, fsync_all
from joinedup.reports.asked import GROUPS, MONTHLY, YEARLY
from joinedup.reports.content import Block
from joinedup.reports.gap_sections import all_gaps, gap_section
from joinedup.reports.material import Material, gather, scanned, target
from joinedup.reports.over_time import spread_section, wait_pictures
from joinedup.reports.quality import quality
from joinedup.reports.sections import access, outcomes, services_only, waits
from joinedup.reports.tables import grid
from joinedup.reports.talking_therapies import caption_of, facts, headlines
from joinedup_web.equity.figures import ABOUT, TREATED, Shown, name_of_gap, name_of_view
from joinedup_web.equity.group_waits import released_waits, wait_pieces
from joinedup_web.equity.offer import BOROUGHS, MONTHS, SERVICES, load_offer, measure_title
from joinedup_web.equity.practices import released_practices, write_practices

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult
    from joinedup.reports.content import Section

Progress = Callable[[str, int, int], None]
RATES = {"M001": "Referrals", "M031": "First treatments"}
KEPT = 3
"""States kept beside the newest, so that addresses that name one go on working for a while."""


def prepare(lake: Path, folder: Path, progress: Progress | None = None) -> int:
    """Release the lake's last state into `folder`/<its number>, unless it is there; the number, 0 for an empty lake.

    Raises as `gather`.
    """
    show = progress or (lambda step, done, total: None)
    opened = open_lake(lake)
    if not holds_returns(opened):
        drop_foreign(folder, {})  # what was shown stands on returns that were all withdrawn
        return 0
    written = {entry.number: entry.committed_at.isoformat() for entry in opened.history()}
    drop_foreign(folder, written)
    if opened.snapshot is not None and (folder / str(opened.snapshot.number) / ABOUT).is_file():
        return opened.snapshot.number
    material = gather(lake, progress=show)
    found = int(material.journeys.snapshot or 0)
    if (folder / str(found) / ABOUT).is_file():  # its journeys are those of an earlier load
        return found
    folder.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        _write(material, staged, written.get(found, ""), show)
        staged.chmod(0o755)
        fsync_all([*staged.iterdir(), staged])
        staged.rename(folder / str(found))
        fsync(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    _drop_old(folder)
    return found


def holds_returns(lake: Lake) -> bool:
    """Whether there is anything to release: a new lake is empty, and one whose returns were all withdrawn."""
    return lake.has("returns/IDS000") and bool(lake.partitions("returns/IDS000"))


def _drop_old(folder: Path) -> None:
    numbers = sorted((int(path.name) for path in folder.iterdir() if path.name.isdigit()), reverse=True)
    for number in numbers[KEPT + 1 :]:
        shutil.rmtree(folder / str(number), ignore_errors=True)


def drop_foreign(folder: Path, written: Mapping[int, str]) -> None:
    """Remove states that are not of this lake: a demo made anew begins to count from one again."""
    for kept in folder.iterdir() if folder.is_dir() else ():
        if kept.name.isdigit():
            about = json.loads((kept / ABOUT).read_text(encoding="utf-8")) if (kept / ABOUT).is_file() else {}
            if about.get("committed_at", "") != written.get(int(kept.name)):
                shutil.rmtree(kept)


def _write(material: Material, folder: Path, committed_at: str, show: Progress) -> None:
    caption, views, step = caption_of(material), _Views(), "Writing pages"
    found = {code: entry for _, gap in scanned(material.scan) for code, entry in gap_registry(gap).items()}
    waited = released_waits(material)
    found |= {code: entry for one in waited for code, entry in one.registry.items()}
    found |= write_practices(released_practices(material.journeys), folder, caption)
    pieces = [*_measures(material, caption, views), *_gaps(material, caption), *_sections(material, caption)]
    pieces += [*wait_pieces(waited, caption)]
    for done, piece in enumerate(pieces):
        show(step, done, len(pieces))
        shown = Shown.of(piece) if isinstance(piece, Picture) else _table_alone(piece, caption)
        (folder / f"{shown.slug}.json").write_text(shown.to_json(), encoding="utf-8")
    show(step, len(pieces), len(pieces))
    (folder / TREATED).write_text(json.dumps(_treated(material), default=str), encoding="utf-8")
    registry = json.dumps({**material.registry, **found}, ensure_ascii=False, default=str)
    (folder / "registry.json").write_text(registry, encoding="utf-8")
    about = {**_about(material, caption, views.found), "committed_at": committed_at}
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def _treated(material: Material) -> dict[str, Any]:
    """What was released of services, as rows with their codes: the pages ask them as they ask the cube."""
    kinds = (material.monthly, services_and_all(material), material.groups)
    rows = [
        {**row, "code": codes.get(tuple(row.get(name) for name in KEYS), "")}
        for released in kinds
        for codes in (codes_of(released),)
        for row in released.value.table.to_pylist()
    ]
    return {"snapshot": material.journeys.snapshot, "rule": material.journeys.rule, "rows": rows}


def services_and_all(material: Material) -> Released[MeasureResult]:
    """The year of the services of the home area, and of everyone."""
    kept = [one.place for one in figures(services_only(material.yearly, material))]
    everyone = [row["place"] for row in material.yearly.value.only(level="total").table.to_pylist()]
    return replace(
        material.yearly, value=material.yearly.value.only(place=tuple(dict.fromkeys((*kept, *everyone))))
    )


@dataclass
class _Views:
    """Which views each measure has, in the order in which they were made."""

    found: dict[str, list[str]]

    def __init__(self) -> None:
        self.found = {}

    def add(self, measure: str, view: str) -> str:
        """Note a view, and name its picture."""
        self.found.setdefault(measure, []).append(view)
        return name_of_view(measure, view)


def _measures(material: Material, caption: str, views: _Views) -> Iterator[Picture | Block]:
    """Every measure of the offer in every view that was released of it."""
    year, services = material.year.end, services_only(material.yearly, material)
    for identity in load_offer().measures:
        measure = Measure.load(identity)
        if identity in MONTHLY:
            yield control(
                material.monthly,
                measure,
                slug=views.add(identity, MONTHS),
                caption=caption,
                target=target(measure, year),
            )
        if identity in YEARLY and measure.statistic == "percentage":
            yield funnel(
                services, measure, slug=views.add(identity, SERVICES), caption=caption, unit="People counted"
            )
        elif identity in YEARLY:
            table = grid(
                material.yearly, {identity: measure.title}, first="Service", levels=("service", "total")
            )
            yield Block(
                views.add(identity, SERVICES),
                f"{measure.title} by service",
                "Each counted by its own national date.",
                table,
            )
        yield from _by_group(material, measure, caption, views)
        yield from _per_resident(material, identity, caption, views)


def _by_group(material: Material, measure: Measure, caption: str, views: _Views) -> Iterator[Picture]:
    if measure.id not in {m.id for m in material.groups.value.measures}:
        return
    name = measure_title(measure.id).rpartition(" (")[0]
    for slug in GROUPS:
        lens = Lens(measure, name)
        yield by_group(
            material.groups, Breakdown.load(slug), [lens], slug=views.add(measure.id, slug), caption=caption
        )


def _per_resident(material: Material, identity: str, caption: str, views: _Views) -> Iterator[Picture]:
    """Referrals and first treatments stand side by side in these: both measures show the same picture."""
    if identity in RATES:
        for picture in access(material, caption).items:
            if isinstance(picture, Picture):
                view = (
                    BOROUGHS
                    if picture.slug == "boroughs"
                    else "residents:" + picture.slug.removeprefix("residents-").replace("-", "_")
                )
                yield replace(picture, slug=views.add(identity, view))


def _gaps(material: Material, caption: str) -> Iterator[Picture | Block]:
    for slug, gaps in material.gaps.items():
        for gap in gaps:
            group = gap.value.group
            yield gap_waterfall(gap, slug=name_of_gap(slug, group), caption=caption)
            yield gap_compared(gap, slug=name_of_gap(slug, group, "compared"), caption=caption)
        if gaps:
            yield all_gaps(slug, gaps)
    for place, gap in scanned(material.scan):
        named = f"{place}-{gap.value.group}"
        yield gap_waterfall(gap, slug=name_of_gap("ethnic_group", named), caption=caption)
        yield gap_compared(gap, slug=name_of_gap("ethnic_group", named, "compared"), caption=caption)
    yield from (
        item
        for item in gap_section(material, caption).items
        if isinstance(item, Block) and item.slug == "scan"
    )
    if material.journey is not None:
        yield journey_steps(material.journey, slug="journey-steps", caption=caption)


def _sections(material: Material, caption: str) -> Iterator[Picture | Block]:
    """What the report shows beside the measures: waits, how far places differ, and quality."""
    yield from wait_pictures(material.over_time, caption)
    sections: list[Section | None] = [
        waits(material, caption),
        outcomes(material, caption),
        quality(material),
    ]
    wanted = {"waiting", "all-outcomes", "not-stated", "paired", "returns"}
    yield from (
        item
        for one in sections
        if one
        for item in one.items
        if isinstance(item, Block) and item.slug in wanted
    )
    spread = spread_section(material.over_time, caption)
    yield from spread.items if spread is not None else ()


def _table_alone(block: Block, caption: str) -> Shown:
    return Shown(block.slug, block.title, "", block.sentence, "", caption, block.table)


def _about(material: Material, caption: str, views: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "snapshot": material.journeys.snapshot,
        "year": material.year.key,
        "caption": caption,
        "facts": list(map(list, facts(material))),
        "headlines": [[headline.text, headline.code] for headline in headlines(material)],
        "views": views,
        "gaps": {
            slug: [
                gap.value.group
                for gap in sorted(gaps, key=lambda one: one.value.gap if one.value.gap is not None else 1.0)
            ]
            for slug, gaps in material.gaps.items()
        },
        "gaps_at": _gaps_at(material),
        "unavailable": list(material.unavailable),
    }


def _gaps_at(material: Material) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, gap in scanned(material.scan):
        found.setdefault(place, []).append(gap.value.group)
    return found
