"""Journeys of a lake: built once and stored beside the returns, or derived again for a state of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys.deriving import Keep, Progress, derive_with
from joinedup.journeys.division import MADE, by_person, derive_part, in_order
from joinedup.journeys.kept_record import (
    MadeOf,
    coder_of,
    forget_others,
    keep,
    keep_refreshed,
    made_of,
    place_of,
    record_before,
)
from joinedup.journeys.made_with import made_with
from joinedup.journeys.refreshing import BY_MONTH, refreshed
from joinedup.journeys.tables import (
    ANSWERS,
    CONTACTS,
    EVENTS,
    JOURNEYS,
    LINKED,
    READ,
    Journeys,
    JourneyTables,
)
from joinedup.journeys.touched import touched
from joinedup.lake import Change, Lake, LedgerEntry, Snapshot
from joinedup.linkage.arriving import LINKS

if TYPE_CHECKING:
    from joinedup.journeys.clustered_files import ClusteredRecord
    from joinedup.journeys.from_returns import Record

_RETURNS = "returns/"
_STORED = {"journeys": JOURNEYS, "contacts": CONTACTS, "events": EVENTS, "answers": ANSWERS}
LARGEST_SHARE = 0.4
"""Of all people: beyond it, to derive everything is as quick."""


def build_journeys(
    lake: Lake,
    pathway: str = "talking_therapies",
    progress: Progress | None = None,
    *,
    rebuild: bool = False,
) -> Snapshot:
    """Bring the stored journeys, contacts, events and answers up to date with the lake's returns, in one commit.

    Only the journeys that a change of returns or links touches are derived again; the result is that of deriving all,
    which is what happens the first time, when definitions changed, when a large share is touched, and with `rebuild`.
    The new state is known at the time of the state it was derived from, whose number its notes hold beside which of
    the two was done, and why. `progress` is told of each step. Raises YourCommand when there are no returns, or
    another process is writing.
    """
    with lake.writing():
        source, rules = _returns_state(lake), Pathway.load(pathway)
        made = made_of(_read_only(source.versions), rules, _days_held(lake))
        last = last_derived(lake)
        why = "asked for" if rebuild else why_rebuild(lake, last, rules)
        done = None
        if last is not None and not why:
            done = _refresh(lake, last, rules, made, progress)
            why = done.why
        if done is None or done.why:
            done = _rebuild(lake, rules, made, progress, why)
        notes = {
            "derived_from": source.number,
            "rule": rules.rule.name,
            "pathway": pathway,
            "made_with": made_with(),
            **done.notes,
        }
        after = lake.commit(done.changes, kind="derive", known_at=source.known_at, notes=notes)
        forget_others(lake.path, made)
        return after


@dataclass(frozen=True)
class _Done:
    """Changes to commit and what the ledger says of them; or why a refresh is not the way."""

    changes: Sequence[Change] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


def _rebuild(lake: Lake, rules: Pathway, made: MadeOf, progress: Progress | None, why: str) -> _Done:
    """Derive everything. The record is kept before the commit: whoever dies between has what the next run needs."""
    kept: list[Record] = []
    tables = _made(lake, rules, progress, kept.append)
    for record in kept:
        keep(lake.path, record, made)
    changes = [Change(name, getattr(tables, name), partition_by=_layout(lake, name)) for name in _STORED]
    return _Done(changes, {"done": "rebuilt", "because": why})


def _layout(lake: Lake, name: str) -> tuple[str, ...]:
    """By month of referral; a table keeps the partitions it was made with."""
    return lake.partitioned_by(name) if lake.has(name) else BY_MONTH


def _refresh(lake: Lake, last: LedgerEntry, rules: Pathway, made: MadeOf, progress: Progress | None) -> _Done:
    """Derive what the change touches; `why` says when that is too much."""
    found = touched(lake, last.notes["derived_from"], rules, LARGEST_SHARE)
    share = found.persons.num_rows / max(found.of, 1)
    if share > LARGEST_SHARE:
        return _Done(why=f"{share:.0%} of the people are touched")
    before = record_before(lake.path, _read_only(last.versions), rules)
    refresh = refreshed(lake, found, rules, coder=coder_of(before) if before else None, progress=progress)
    if before is not None:
        keep_refreshed(lake.path, before, refresh.record, refresh.months, made)
    people, months = found.persons.num_rows, len(refresh.rewritten)
    return _Done(refresh.changes, {"done": "refreshed", "people": people, "months": months})


def load_journeys(lake: Lake, pathway: str = "talking_therapies") -> Journeys:
    """The journeys of the lake's snapshot, stored or derived now.

    Those stored count if they were derived from exactly the returns of this snapshot by the rule that holds;
    else they are derived in memory, which is how a state of the past is answered. Stored contacts, events and
    answers come in the order of their files. Raises YourCommand when there are no returns.
    """
    source = _returns_state(lake)
    rules = Pathway.load(pathway)
    made = _stored(lake) if _is_stored(lake, rules) else _made(lake, rules, None)
    return Journeys(
        made.journeys,
        made.contacts,
        made.events,
        made.answers,
        rule=rules.rule.name,
        snapshot=source.number,
        **_days_held(lake),
    )


def _returns_state(lake: Lake) -> Snapshot:
    if lake.snapshot is None or not lake.has(f"{_RETURNS}IDS101"):
        raise YourCommand(
            "the lake holds no returns to make journeys of",
            remedy="load some first: joinedup returns load PATH --lake DIR",
        )
    return lake.snapshot


def clustered_record(lake: Lake, pathway: str = "talking_therapies") -> ClusteredRecord:
    """The record of the lake's snapshot as whole numbers, for whoever goes through all of it in one pass.

    It lies in the lake's folder as a cache: read where it is of this state, and made where it is absent, torn or of
    another. `build_journeys` makes it. Raises YourCommand when there are no returns.
    """
    from joinedup.journeys.clustered_files import read_record

    source, rules = _returns_state(lake), Pathway.load(pathway)
    made = made_of(_read_only(source.versions), rules, _days_held(lake))
    try:
        return read_record(place_of(lake.path, made), made)
    except YourCommand:
        kept: list[Record] = []
        _derived(lake, rules, None, kept.append)
        return keep(lake.path, kept[0], made)


def _days_held(lake: Lake) -> dict[str, date]:
    """The first and last day that the returns cover."""
    found: dict[str, date] = lake.query(
        "SELECT min(ReportingPeriodStartDate) AS first_day, max(ReportingPeriodEndDate) AS last_day "
        f"FROM {_view('IDS000')}"
    ).to_pylist()[0]
    return found


def _made(
    lake: Lake, rules: Pathway, progress: Progress | None, keep: Keep = lambda _: None
) -> JourneyTables:
    """The tables derived in one piece, or part by part where the lake works so; then no record is kept, as a record
    serves a single machine and is made when one asks for it."""
    division = by_person(rules)
    if lake.parts(division) == 1:
        return _derived(lake, rules, progress, keep)
    return in_order(lake.map_partitions(partial(derive_part, pathway=rules.id), division, MADE))


def _derived(
    lake: Lake, rules: Pathway, progress: Progress | None, keep: Keep = lambda _: None
) -> JourneyTables:
    absent = {
        _view(name): schema.empty_table()
        for name, schema in READ.items()
        if not lake.has(f"{_RETURNS}{name}")
    }
    if not lake.has(LINKED):
        absent[LINKED] = LINKS.empty_table()

    def ask(sql: str, /, **relations: pa.Table) -> pa.Table:
        missing = {name: rows for name, rows in absent.items() if name in sql}
        return lake.query(sql, **relations, **missing)

    return derive_with(
        ask,
        places=Places.load(),
        pathway=rules,
        thresholds=Thresholds.load(),
        progress=progress,
        keep=keep,
    )


def _view(table: str) -> str:
    return f"returns__{table}"


def last_derived(lake: Lake) -> LedgerEntry | None:
    """The entry of the last derivation."""
    derived = [entry for entry in lake.history() if entry.kind == "derive" and "derived_from" in entry.notes]
    return derived[-1] if derived else None


def _is_stored(lake: Lake, rules: Pathway) -> bool:
    """Whether the last derivation was of the returns this snapshot holds, by the rule that holds now."""
    last = last_derived(lake)
    if last is None or lake.snapshot is None:
        return False
    same_rule = (last.notes["pathway"], last.notes["rule"]) == (rules.id, rules.rule.name)
    return same_rule and _read_only(last.versions) == _read_only(lake.snapshot.versions)


def why_rebuild(lake: Lake, last: LedgerEntry | None, rules: Pathway) -> str:
    """Why the stored journeys cannot be brought up to date, empty when they can."""
    if last is None or lake.snapshot is None:
        return "nothing was stored"
    now, then = lake.snapshot.versions, last.versions
    if (last.notes["pathway"], last.notes["rule"], last.notes.get("made_with")) != (
        rules.id,
        rules.rule.name,
        made_with(),
    ):
        return "definitions or program changed"
    if any(now[name] != then[name] for name in _STORED):
        return "the stored tables were written to since"
    if lake.parts(by_person(rules)) > 1:
        return "the engine works part by part"
    return ""


def _read_only(versions: Mapping[str, int]) -> dict[str, int]:
    """Versions of what journeys are made of: the returns, and who stands for whom."""
    return {
        table: version for table, version in versions.items() if table.startswith(_RETURNS) or table == LINKED
    }


def _stored(lake: Lake) -> JourneyTables:
    journeys, contacts, events, answers = (lake.read(name, schema.names) for name, schema in _STORED.items())
    by_month = [("referral_month", "ascending"), ("pathway_id", "ascending")]
    return JourneyTables(journeys.sort_by(by_month), contacts, events, answers)
