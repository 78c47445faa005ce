"""The events of our own journeys as a log, with what is known of each journey: place, month, stage, group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions import Breakdown, Pathway, Period, Places
from joinedup.errors import UnknownName, YourCommand
from joinedup.journeys.event_logs.log import Attribute, Codes, EventLog, event_log
from joinedup.journeys.tables import Journeys

KNOWN: Final = ("service", "borough", "referral_month", "stage")
"""Columns of journeys by which a log of them can be narrowed."""


def log_of_journeys(records: Journeys, by: Iterable[str] = ()) -> EventLog:
    """One case a journey, in days, with the attributes of KNOWN, and the groups of the breakdowns named in `by`.

    Of two events on one day the order is that of the derivation (referral, assessment, treatment, ... discharge).
    Journeys referred before the first day of the returns held are left out, and counted in `left_out`: the
    events that came before are not known. Raises YourCommand where no journey is left.
    """
    early = pc.less(
        records.journeys["ReferralRequestReceivedDate"], pa.scalar(records.first_day, pa.date32())
    )
    journeys = records.journeys.filter(pc.invert(early))
    case = pc.index_in(records.events["pathway_id"], journeys["pathway_id"].combine_chunks())
    held = records.events.filter(pc.is_valid(case))
    if not held.num_rows:
        raise YourCommand(
            f"No referral received since {records.first_day}, when the returns begin, has events.",
            remedy="Load more months.",
        )
    present, codes = np.unique(case.drop_null().to_numpy(), return_inverse=True)
    event = held["event"].combine_chunks().dictionary_encode()
    # The sequence decides between events of one day, whatever the order of the stored files.
    key = (held["date"].cast(pa.int32()).to_numpy().astype(np.int64) << 16) + held["sequence"].to_numpy()
    known = journeys.take(pa.array(present))
    attributes = {name: _coded(known[name]) for name in KNOWN}
    attributes |= {slug: _grouped(known, Breakdown.load(slug)) for slug in by}
    log = event_log(
        event.dictionary.to_pylist(), codes, event.indices.to_numpy(), key, unit="day", attributes=attributes,
        left_out=records.journeys.num_rows - journeys.num_rows,
    )  # fmt: skip
    return replace(log, time=log.time >> 16)


def referred_in(log: EventLog, period: Period) -> EventLog:
    """The journeys referred in a period. Raises YourCommand where there is none."""
    months = [month for month in period.months if month in log.attributes["referral_month"].names]
    if not months:
        raise YourCommand(
            f"No journey in the lake was referred in {period}.",
            remedy="Ask for a period that the returns cover.",
        )
    return log.where(referral_month=months)


def reached(log: EventLog, stage: str, pathway: str = "talking_therapies") -> EventLog:
    """The journeys that came as far as a stage of the pathway, or further. Raises UnknownName."""
    names = [one.name for one in Pathway.load(pathway).stages]
    if stage not in names:
        raise UnknownName(f"There is no stage '{stage}'.", remedy=f"Use one of: {', '.join(names)}.")
    further = [one for one in names[names.index(stage) :] if one in log.attributes["stage"].names]
    return log.where(stage=further)


def _coded(column: pa.ChunkedArray) -> Attribute:
    distinct = column.combine_chunks().dictionary_encode()
    return Attribute(tuple(distinct.dictionary.to_pylist()), _codes(distinct.indices))


def _codes(indices: pa.Array) -> Codes:
    return np.asarray(indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)


def _grouped(journeys: pa.Table, by: Breakdown) -> Attribute:
    if by.column is None or by.column not in journeys.column_names:
        raise UnknownName(f"Journeys have no column for {by.title}.", remedy="Choose another breakdown.")
    names = tuple(by.group_names)
    distinct = journeys[by.column].combine_chunks().dictionary_encode()
    groups = [by.group_of(value) for value in distinct.dictionary.to_pylist()] + [by.not_stated]
    codes = np.array([names.index(group) for group in groups], np.int32)
    return Attribute(names, codes[_codes(distinct.indices)])


def borough_code(name: str, on: date) -> str:
    """The code of a borough given by name or code. Raises UnknownName."""
    known = {place.code: place for place in Places.load().of_level("borough", on)}
    for code, place in known.items():
        if name.casefold() in (code.casefold(), place.name.casefold(), place.label.casefold()):
            return code
    raise UnknownName(
        f"There is no borough '{name}'.",
        remedy=f"Use one of: {', '.join(place.label for place in known.values())}.",
    )
