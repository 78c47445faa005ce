"""Journeys of a lake: built once and stored beside the returns, or derived again for a state of the past."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys.deriving import Keep, Progress, derive_with
from joinedup.journeys.division import MADE, by_person, derive_part, in_order
from joinedup.journeys.lookups import scored_columns
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
from joinedup.lake import Change, Lake, Snapshot
from joinedup.linkage.arriving import LINKS

if TYPE_CHECKING:
    from joinedup.journeys.clustered_files import ClusteredRecord
    from joinedup.journeys.from_returns import Record

_RETURNS = "returns/"
_STORED = {"journeys": JOURNEYS, "contacts": CONTACTS, "events": EVENTS, "answers": ANSWERS}
_BY_MONTH = ("referral_month",)


def build_journeys(
    lake: Lake, pathway: str = "talking_therapies", progress: Progress | None = None
) -> Snapshot:
    """Derive journeys, contacts, events and answers from the lake's returns; store the four in one commit.

    The new state is known at the time of the state it was derived from, whose number its notes hold.
    `progress` is told of each step. Raises YourCommand when there are no returns, or another process is
    writing.
    """
    with lake.writing():
        source = _returns_state(lake)
        rules = Pathway.load(pathway)
        kept: list[Record] = []
        made = _made(lake, rules, progress, kept.append)
        changes = [
            Change("journeys", made.journeys, partition_by=_BY_MONTH),
            Change("contacts", made.contacts),
            Change("events", made.events, partition_by=_BY_MONTH),
            Change("answers", made.answers),
        ]
        notes = {"derived_from": source.number, "rule": rules.rule.name, "pathway": pathway}
        made_of = _made_of(lake, source, rules)
        after = lake.commit(changes, kind="derive", known_at=source.known_at, notes=notes)
        for record in kept:
            _forget_others(_keep(lake, record, made_of))
        return after


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
    made_of = _made_of(lake, source, rules)
    try:
        return read_record(_cache(lake, made_of), made_of)
    except YourCommand:
        kept: list[Record] = []
        _derived(lake, rules, None, kept.append)
        return _keep(lake, kept[0], made_of)


def _cache(lake: Lake, made_of: Mapping[str, Any]) -> Path:
    """The folder of a record; states of the past have their own."""
    name = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:16]
    return lake.path / ".clustered" / name


def _keep(lake: Lake, record: Record, made_of: Mapping[str, Any]) -> ClusteredRecord:
    from joinedup.journeys.clustered_files import write_record

    return write_record(_cache(lake, made_of), record.by_month(), record.coder, made_of)


def _forget_others(kept: ClusteredRecord) -> None:
    """Records of other states go, and what killed processes left."""
    for folder in kept.folder.parent.iterdir():
        if folder != kept.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _made_of(lake: Lake, source: Snapshot, rules: Pathway) -> dict[str, Any]:
    """What a clustered record of this state is made of."""
    derivations, thresholds = Derivations.load(rules.id), Thresholds.load()
    return {
        "returns": _read_only(source.versions),
        "pathway": rules.id,
        "rule": rules.rule.name,
        "questions": list(scored_columns(derivations, thresholds)),
        **{name: str(day) for name, day in _days_held(lake).items()},
    }


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


def _is_stored(lake: Lake, rules: Pathway) -> bool:
    """Whether the last derivation was of the returns this snapshot holds, by the rule that holds now."""
    derived = [entry for entry in lake.history() if entry.kind == "derive" and "derived_from" in entry.notes]
    if not derived or lake.snapshot is None:
        return False
    last = derived[-1]
    same_rule = (last.notes["pathway"], last.notes["rule"]) == (rules.id, rules.rule.name)
    return same_rule and _read_only(last.versions) == _read_only(lake.snapshot.versions)


def _read_only(versions: Mapping[str, int]) -> dict[str, int]:
    """Versions of what journeys are made of: the returns, and who stands for whom."""
    return {
        table: version for table, version in versions.items() if table.startswith(_RETURNS) or table == LINKED
    }


def _stored(lake: Lake) -> JourneyTables:
    journeys, contacts, events, answers = (lake.read(name, schema.names) for name, schema in _STORED.items())
    by_month = [("referral_month", "ascending"), ("pathway_id", "ascending")]
    return JourneyTables(journeys.sort_by(by_month), contacts, events, answers)
