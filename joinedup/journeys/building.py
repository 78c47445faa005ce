"""Journeys of a lake: built once and stored beside the returns, or derived again for a state of the past."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys.deriving import Progress, derive_with
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS, READ, Journeys, JourneyTables
from joinedup.lake import Change, Lake, Snapshot

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
        made = _derived(lake, rules, progress)
        changes = [
            Change("journeys", made.journeys, partition_by=_BY_MONTH),
            Change("contacts", made.contacts),
            Change("events", made.events, partition_by=_BY_MONTH),
            Change("answers", made.answers),
        ]
        notes = {"derived_from": source.number, "rule": rules.rule.name, "pathway": pathway}
        return lake.commit(changes, kind="derive", known_at=source.known_at, notes=notes)


def load_journeys(lake: Lake, pathway: str = "talking_therapies") -> Journeys:
    """The journeys of the lake's snapshot, stored or derived now.

    Those stored count if they were derived from exactly the returns of this snapshot by the rule that holds;
    else they are derived in memory, which is how a state of the past is answered. Stored contacts, events and
    answers come in the order of their files. Raises YourCommand when there are no returns.
    """
    source = _returns_state(lake)
    rules = Pathway.load(pathway)
    made = _stored(lake) if _is_stored(lake, rules) else _derived(lake, rules, None)
    days = lake.query(
        "SELECT min(ReportingPeriodStartDate) AS first_day, max(ReportingPeriodEndDate) AS last_day "
        f"FROM {_view('IDS000')}"
    ).to_pylist()[0]
    return Journeys(
        made.journeys,
        made.contacts,
        made.events,
        made.answers,
        rule=rules.rule.name,
        snapshot=source.number,
        **days,
    )


def _returns_state(lake: Lake) -> Snapshot:
    if lake.snapshot is None or not lake.has(f"{_RETURNS}IDS101"):
        raise YourCommand(
            "the lake holds no returns to make journeys of",
            remedy="load some first: joinedup returns load PATH --lake DIR",
        )
    return lake.snapshot


def _derived(lake: Lake, rules: Pathway, progress: Progress | None) -> JourneyTables:
    absent = {
        _view(name): schema.empty_table()
        for name, schema in READ.items()
        if not lake.has(f"{_RETURNS}{name}")
    }

    def ask(sql: str, /, **relations: pa.Table) -> pa.Table:
        missing = {name: rows for name, rows in absent.items() if name in sql}
        return lake.query(sql, **relations, **missing)

    return derive_with(
        ask, places=Places.load(), pathway=rules, thresholds=Thresholds.load(), progress=progress
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
    return same_rule and _returns_only(last.versions) == _returns_only(lake.snapshot.versions)


def _returns_only(versions: Mapping[str, int]) -> dict[str, int]:
    return {table: version for table, version in versions.items() if table.startswith(_RETURNS)}


def _stored(lake: Lake) -> JourneyTables:
    journeys, contacts, events, answers = (lake.read(name, schema.names) for name, schema in _STORED.items())
    by_month = [("referral_month", "ascending"), ("pathway_id", "ascending")]
    return JourneyTables(journeys.sort_by(by_month), contacts, events, answers)
