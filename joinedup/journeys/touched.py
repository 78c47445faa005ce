"""Whom a change of the returns or of links touches, and every row that bears on them: nobody else is derived again.

A person at a provider is the unit: what is derived of one needs nothing of another (see `division`). Touched is whoever
has a row that differs between the two states of the lake, whoever shares a patient identifier or a contact with such a
row, and whoever stands under another person than before. That a later month says of a referral what the month before
said is no news.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from joinedup.definitions.pathway import Pathway
from joinedup.journeys.division import by_person
from joinedup.journeys.statements import statement
from joinedup.journeys.tables import LINKED, READ
from joinedup.lake import PART, Differing, Division, Lake, Session, Source

_KEYS: Mapping[str, tuple[str, ...]] = {
    "IDS001": ("LocalPatientId",),
    "IDS004": ("LocalPatientId",),
    "IDS007": ("LocalPatientId",),
    "IDS011": ("LocalPatientId",),
    "IDS101": ("ServiceRequestId",),
    "IDS201": ("CareContactId", "ServiceRequestId"),
    "IDS202": ("CareContactId",),
    "IDS205": ("ServiceRequestId",),
    "IDS602": ("ServiceRequestId",),
    "IDS603": ("ServiceRequestId",),
    "IDS606": ("ServiceRequestId",),
    "IDS607": ("CareActId",),
}
"""The identifiers by which rows belong together."""
_LATER_COUNTS = ("IDS001", "IDS004", "IDS101", "IDS201")
"""Tables of which, of two rows of the first key in one return, the later counts."""
_BY_PATIENT = ("IDS001", "IDS004", "IDS007", "IDS011")
_BY_REFERRAL = ("IDS101", "IDS205", "IDS602", "IDS603")
_SAID_AGAIN = (*_BY_PATIENT, *_BY_REFERRAL)
"""Tables that say every month what holds. Rows of the others happened once: each counts."""
_FOLLOWS = pa.schema([(name, pa.string()) for name in ("provider", "period", "earlier")])
_THEIRS = "CASE WHEN (provider, person_id) IN (SELECT (provider, person_id) FROM touched) THEN 0 END"

Views = dict[str, Differing]


@dataclass(frozen=True)
class Touched:
    """Who is derived again (provider, person_id as counted before or now) of how many, and the returns' rows of theirs,
    as the lake holds them now, with the links that bear on them."""

    persons: pa.Table
    of: int
    tables: Mapping[str, pa.Table]


def touched(lake: Lake, since: int, rules: Pathway, most: float = 1.0) -> Touched:
    """What has changed between entry `since` of the ledger and the lake's snapshot, by the people it touches.

    Where those are more than the share `most` of all, their rows are not gathered.
    """
    division = by_person(rules)
    views = _narrowed(lake.differing(division.reads, since))
    follows = {table: _follows(views[_view(table)]) for table in _SAID_AGAIN}
    with lake.working_over(_sources(views, follows)) as session:
        for table in _KEYS:
            session.register(f"follows__{table}", follows.get(table, _FOLLOWS.empty_table()))
            _make(session, f"news_{table}", "news", _news_words(table))
        for step in ("contacts", "referrals", "patients"):
            _make(session, f"touched_{step}", step)
        _make(session, "moved", "moved")
        for what, those in (("patients", _BY_PATIENT), ("referrals", _BY_REFERRAL)):
            _union(session, f"repeated_{what}", [statement("touched/repeated", _words(t)) for t in those])
        for step in ("sent_under", "reached", "persons", "spine", "touched", "sent_referrals"):
            _make(session, step, step)
        persons = session.fetch("SELECT provider, person_id FROM touched")
        of = _count(session)
        worth = persons.num_rows <= most * of
        return Touched(persons, of, _gathered(session, division) if worth else {})


def _gathered(session: Session, division: Division) -> dict[str, pa.Table]:
    """The rows of whoever is touched: which go with a person, the division says."""
    for name, sql in division.keys.items():
        theirs = _of_theirs(sql).replace(PART, _THEIRS)
        session.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM ({theirs}) WHERE part = 0")
    return {
        name: session.fetch(f"SELECT * EXCLUDE (part) FROM ({_of_theirs(sql)})")
        for name, sql in division.tables.items()
    }


def _of_theirs(sql: str) -> str:
    """A statement of the division, asked of the referrals that may be theirs instead of all."""
    return sql.replace("returns__IDS101", "sent_referrals")


def _count(session: Session) -> int:
    sql = "SELECT count(*) AS n FROM (SELECT DISTINCT provider, person_id FROM sent_under)"
    return int(session.fetch(sql)["n"][0].as_py())


def _view(table: str) -> str:
    return f"returns__{table}"


def _words(table: str) -> dict[str, str]:
    return {"table": table, "key": _KEYS[table][0]}


def _news_words(table: str) -> dict[str, str]:
    said = [name for name in READ[table].names if name not in ("provider", "period", "_row")]
    key = _KEYS[table][0]
    place = f"row_number() OVER (PARTITION BY provider, period, {key} ORDER BY _row)"
    return {
        **_words(table),
        "columns": ", ".join(said),
        "keys": ", ".join(_KEYS[table]),
        "place": place if table in _LATER_COUNTS else "0",
    }


def _make(session: Session, name: str, step: str, words: Mapping[str, str] | None = None) -> None:
    session.execute(f"CREATE TEMP TABLE {name} AS {statement(f'touched/{step}', words or {})}")


def _union(session: Session, name: str, parts: list[str]) -> None:
    session.execute(f"CREATE TEMP TABLE {name} AS {' UNION '.join(parts)}")


def _narrowed(views: Views) -> Views:
    """The tables of the providers of which something changed; of all where links did, which hold anywhere."""
    links = views[LINKED]
    if links.come.partitions or links.gone.partitions:
        return views
    changed = {values[0] for view in views.values() for values in view.come.partitions | view.gone.partitions}
    return {
        name: Differing(
            *(part.within(lambda values: values[0] in changed) for part in (view.gone, view.come, view.kept))
        )
        if name != LINKED
        else view
        for name, view in views.items()
    }


def _follows(view: Differing) -> pa.Table:
    """Which partitions are a new month after all that was known of the table at a provider, and which is the month
    before, as it is now."""
    new = view.come.partitions - view.gone.partitions - view.kept.partitions
    rows = []
    for provider, period in sorted(new, key=str):
        others = {month for name, month in view.now.partitions if name == provider} - {period}
        known = {month for month in others if (provider, month) not in new}
        earlier = [month for month in others if month and period and month < period]
        if earlier and all(month and period and month < period for month in known):
            rows.append({"provider": provider, "period": period, "earlier": max(earlier)})
    return pa.Table.from_pylist(rows, schema=_FOLLOWS)


def _sources(views: Views, follows: Mapping[str, pa.Table]) -> dict[str, Source]:
    """What the statements read, by the names they use."""
    sources = {LINKED: views[LINKED].now, f"{LINKED}_before": views[LINKED].before}
    for table in _KEYS:
        view = views[_view(table)]
        sources |= {f"come__{table}": view.come, f"gone__{table}": view.gone, _view(table): view.now}
        earlier = follows.get(table, _FOLLOWS.empty_table())
        pairs = set(zip(earlier["provider"].to_pylist(), earlier["earlier"].to_pylist(), strict=True))
        sources[f"earlier__{table}"] = view.now.within(pairs.__contains__)
    scored = views[_view("IDS607")]
    changed = scored.come.partitions | scored.gone.partitions
    sources["either__IDS202"] = views[_view("IDS202")].either.within(changed.__contains__)
    return sources | {f"either__{table}": views[_view(table)].either for table in ("IDS101", "IDS201")}
