"""Random histories of submissions: months sent, sent again, repeated with little new, withdrawn, and links that change.

The people are those of `test_journeys.histories`, drawn several times over under the same identifiers, so that between
one submission and the next referrals move between persons, contacts between referrals, local identifiers too.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import Clustered
from joinedup.journeys.deriving import derive
from joinedup.journeys.tables import READ, JourneyTables
from joinedup.lake import Change, Lake
from tests.property.test_division import links_of
from tests.property.test_journeys import PATHWAY, PERIODS, PROVIDERS, histories, plain

KNOWN = datetime(2025, 1, 10, tzinfo=UTC)
TABLES = [name for name in READ if name != "IDS000"]
SAID_AGAIN = ("IDS001", "IDS004", "IDS007", "IDS011", "IDS101", "IDS205", "IDS602", "IDS603")
VARIANTS = 3
Row = dict[str, Any]
Month = tuple[str, str]


@dataclass
class Submissions:
    """What is held of each provider and month, and who stands for whom; `step` changes some of it."""

    source: random.Random
    people: int
    held: dict[Month, dict[str, list[Row]]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.drawn: dict[Month, list[dict[str, list[Row]]]] = {}
        for _ in range(VARIANTS):
            worlds = histories(self.source.randrange(2**32), self.people)
            for month in ((provider, period) for provider in PROVIDERS for period in PERIODS):
                found = {
                    table: [
                        row
                        for world in worlds
                        for row in world[table]
                        if (row["provider"], row["period"]) == month
                    ]
                    for table in TABLES
                }
                self.drawn.setdefault(month, []).append(found)

    def step(self, lake: Lake) -> str:
        """Something arrives, and is committed; says what."""
        what = self.source.choice(
            ["sent", "sent", "again", "again", "next", "next", "next", "withdrawn", "links"]
        )
        if what == "links":
            lake.commit(self.relink(), kind="load", known_at=KNOWN)
            return what
        changed: set[Month] = set()
        for _ in range(self.source.choice([1, 1, 2])):
            changed |= getattr(self, what)()
        self.commit(lake, changed)
        return what

    def begin(self, lake: Lake) -> None:
        """The first months, of some providers."""
        for month in self.drawn:
            if month[1] != PERIODS[-1] and self.source.random() < 0.7:
                self.held[month] = self._one_of(month)
        self.held.setdefault((PROVIDERS[0], PERIODS[0]), self._one_of((PROVIDERS[0], PERIODS[0])))
        header = [
            {
                "ReportingPeriodStartDate": None,
                "ReportingPeriodEndDate": None,
                "provider": p,
                "period": m,
                "_row": 1,
            }
            for p, m in self.held
        ]
        self.commit(
            lake, set(self.held), Change("returns/IDS000", pa.Table.from_pylist(header, READ["IDS000"]))
        )

    def commit(self, lake: Lake, months: set[Month], *more: Change) -> None:
        """Replace these months by what is held of them now."""
        changes = []
        for table in TABLES:
            rows = [row for month in sorted(months) for row in self.held.get(month, {}).get(table, [])]
            name = f"returns/{table}"
            if rows or not lake.has(name) or months & set(lake.partitions(name)):
                fitted = pa.Table.from_pylist(rows, READ[table])
                changes.append(
                    Change(
                        name, fitted, partition_by=("provider", "period"), replace_partitions=sorted(months)
                    )
                )
        lake.commit([*changes, *more], kind="load", known_at=KNOWN)

    def tables(self) -> dict[str, pa.Table]:
        """All that is held."""
        rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        for month in self.held.values():
            for table, own in month.items():
                rows[table] += own
        return {
            **{t: pa.Table.from_pylist(own, READ[t]) for t, own in rows.items()},
            "links": links_of(self.links),
        }

    def _one_of(self, month: Month) -> dict[str, list[Row]]:
        return self.source.choice(self.drawn[month])

    def _month(self) -> Month:
        return self.source.choice(PROVIDERS), self.source.choice(PERIODS)

    def sent(self) -> set[Month]:
        month = self._month()
        self.held[month] = self._one_of(month)
        return {month}

    def again(self) -> set[Month]:
        """The same rows in another order, a few of them lost or drawn anew."""
        month = self.source.choice(sorted(self.held) or [self._month()])
        self.held[month] = self._nearly(self.held.get(month, {}), month)
        return {month}

    def next(self) -> set[Month]:
        """A later month, which says again what the month before said, and a little of its own."""
        provider = self.source.choice(PROVIDERS)
        known = [period for name, period in self.held if name == provider and period != PERIODS[-1]]
        if not known:
            return set()
        month = (provider, PERIODS[PERIODS.index(max(known)) + 1])
        said = {
            table: [{**row, "period": month[1]} for row in rows] if table in SAID_AGAIN else []
            for table, rows in self.held[provider, max(known)].items()
        }
        fresh = self._one_of(month)
        for table in self.source.sample(TABLES, 2):
            said[table] = said.get(table, []) + [dict(row) for row in fresh[table][:2]]
        self.held[month] = self._nearly(said, month)
        return {month}

    def withdrawn(self) -> set[Month]:
        if len(self.held) < 2:
            return set()
        month = self.source.choice(sorted(self.held))
        del self.held[month]
        return {month}

    def _nearly(self, rows: dict[str, list[Row]], month: Month) -> dict[str, list[Row]]:
        found = {}
        for table in TABLES:
            own = [dict(row) for row in rows.get(table, [])]
            if own and self.source.random() < 0.2:
                own.pop(self.source.randrange(len(own)))
            if self.source.random() < 0.2:
                own += [dict(row) for row in self._one_of(month)[table][:1]]
            if self.source.random() < 0.5:
                self.source.shuffle(own)
            found[table] = [{**row, "_row": place + 1} for place, row in enumerate(own)]
        return found

    def relink(self) -> list[Change]:
        """Every third person of a world stands for another of it, drawn anew."""
        self.links = {
            f"p{number}.{world}": f"p1.{world}"
            for world in range(self.people)
            for number in (2, 3)
            if self.source.random() < 1 / 3
        }
        return [Change("links", links_of(self.links))]


Pathways = dict[str, tuple[Any, ...]]


def derived_whole(submissions: Submissions) -> tuple[JourneyTables, Pathways]:
    """The journeys of all that is held, derived in one piece, and their clustered record."""
    kept: list[Any] = []
    made = derive(
        submissions.tables(),
        places=Places.load(),
        pathway=PATHWAY,
        thresholds=Thresholds.load(),
        keep=kept.append,
    )
    ids = made.journeys["pathway_id"].to_pylist()
    return made, pathways(kept[0].clustered, kept[0].coder.columns, ids)


def counted(rows: pa.Table) -> Counter[tuple[tuple[str, Any], ...]]:
    """Rows that can be compared in any order."""
    return Counter(map(plain, rows.to_pylist()))


def pathways(record: Clustered, columns: Any, ids: list[str]) -> Pathways:
    """What a record says of each pathway, written out: codes and the order of kinds within a day are its affair."""
    said: Pathways = {}
    for at, name in enumerate(ids):
        own = slice(record.first_contact[at], record.first_contact[at + 1])
        scored = slice(record.first_score[at], record.first_score[at + 1])
        kinds = [columns["kind"][kind] for kind in record.contact_kind[own]]
        said[name] = (
            int(record.received[at]),
            int(record.ended[at]),
            tuple(sorted(zip(record.contact_day[own].tolist(), map(str, kinds), strict=True))),
            tuple(
                np.stack([record.score_day[scored], record.score_question[scored], record.score[scored]])
                .astype(int)
                .T.ravel()
                .tolist()
            ),
            tuple((column, columns[column][codes[at]]) for column, codes in sorted(record.codes.items())),
        )
    return said
