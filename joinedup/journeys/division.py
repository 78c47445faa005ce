"""How the returns are divided so that every part can be derived by itself: by provider and person."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.deriving import derive
from joinedup.journeys.statements import statement, words
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS, LINKED, READ, JourneyTables
from joinedup.lake import PART, Division
from joinedup.linkage.arriving import LINKS

MADE: Mapping[str, pa.Schema] = {
    "journeys": JOURNEYS,
    "contacts": CONTACTS,
    "events": EVENTS,
    "answers": ANSWERS,
}
_KEYS = ("referral_parts", "person_parts", "patient_parts", "contact_parts", "activity_parts")
_BY_PATIENT = ("IDS001", "IDS004", "IDS007", "IDS011")
_BY_REFERRAL = ("IDS101", "IDS205", "IDS602", "IDS603", "IDS606")


def by_person(pathway: Pathway) -> Division:
    """The division of the returns of a pathway: every row that bears on a person at a provider in one part."""
    known = words(Derivations.load(pathway.id)) | {"part": PART}
    return Division(
        by="concat(provider, ':', person_id)",
        reads={
            **{f"returns__{name}": schema for name, schema in READ.items() if name != "IDS000"},
            LINKED: LINKS,
        },
        keys={key: statement(f"division/{key}", known) for key in _KEYS},
        tables={
            **{name: _joined(name, "patient_parts", "LocalPatientId") for name in _BY_PATIENT},
            **{name: _joined(name, "referral_parts", "ServiceRequestId") for name in _BY_REFERRAL},
            "IDS201": _joined("IDS201", "contact_parts", "CareContactId"),
            "IDS202": _joined("IDS202", "contact_parts", "CareContactId"),
            LINKED: f"SELECT {LINKED}.*, part FROM {LINKED} JOIN person_parts ON sent_as = {LINKED}.person_id",
            "IDS607": _joined("IDS607", "activity_parts", "period", "CareActId"),
        },
    )


def _joined(table: str, parts: str, *columns: str) -> str:
    """Rows of a table with the parts they belong to, once for each.

    Contacts sent without an identifier are each one by itself, and all of them go where one belongs.
    """
    same = " AND ".join(
        f"parts.{column} IS NOT DISTINCT FROM sent.{column}" for column in ("provider", *columns)
    )
    own = ", ".join(f"sent.{column}" for column in READ[table].names)
    return f"SELECT {own}, parts.part FROM returns__{table} AS sent JOIN {parts} AS parts ON {same}"


def derive_part(tables: Mapping[str, pa.Table], *, pathway: str) -> dict[str, pa.Table]:
    """The journeys of one part, as `derive` makes them; what a lake is handed to do wherever it works."""
    made = derive(tables, places=Places.load(), pathway=Pathway.load(pathway), thresholds=Thresholds.load())
    return {name: getattr(made, name) for name in MADE}


def in_order(made: Mapping[str, pa.Table]) -> JourneyTables:
    """The tables of all parts in the order in which one derivation gives them.

    A pathway lies whole in one part and its rows are in order there, and the sort keeps the order of equals.
    """
    by = [("referral_month", "ascending"), ("pathway_id", "ascending")]
    return JourneyTables(**{name: rows.sort_by(by) for name, rows in made.items()})
