"""SQL text, in three steps: journeys once, the rows of each date basis once, then what is added up over them.

`journeys_sql` keeps the columns that are needed and turns places and groups into numbers. `rows_sql` makes
one row per thing counted, with a true-or-false column per component. `cube_sql` and `values_sql` group those
rows for one cut and unit of place. `at_` is the month, counted from the first month asked for; for states at
the end of a period it is the position of that end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.conditions_sql import Wording, to_sql, value_sql
from joinedup.measures.asking import Cut, Level, Unit
from joinedup.measures.components import Component, Source, always_missing, named_columns
from joinedup.measures.spans import Span

LATEST_IN_CONTACTS = {"TherapySession_LastDate": "treatment", "Assessment_LastDate": "assessment"}
"""Dates that move on while a journey is open: at an earlier period end they are read from the contacts of
that kind."""


def journeys_sql(columns: frozenset[str], cuts: Sequence[Cut], units: dict[Unit, tuple[str, ...]]) -> str:
    """SELECT from `journeys`: the named columns, the unit of place and each group as its position (places
    from 1)."""
    groups = [
        f"{_position(b.sql_case(_column(b)), b.group_names)} - 1 AS {group_name(b)}"
        for b in breakdowns_of(cuts)
    ]
    places = [f"{_position(unit, codes)} AS {unit}_" for unit, codes in units.items() if unit]
    kept = [f'"{name}"' for name in sorted(columns)]
    return f"SELECT {', '.join(['pathway_id', *kept, *places, *groups])} FROM journeys"


def rows_sql(
    source: Source,
    components: Sequence[Component],
    cuts: Sequence[Cut],
    span: Span,
    units: dict[Unit, tuple[str, ...]],
) -> str:
    """SELECT of the rows dated in the span; for states, of the journeys open at each of its ends (table
    `period_ends`)."""
    words = _wording(source, components)
    columns = [
        f"{_at_sql(source, span.first)} AS at_",
        *(f"{_unit_sql(source, unit, codes)} AS {unit}_" for unit, codes in units.items() if unit),
        *(f"j.{group_name(breakdown)}" for breakdown in breakdowns_of(cuts)),
        *(f"{to_sql(part.condition, words)} AS c{at}" for at, part in enumerate(components)),
        *(f"{value_sql(part.value, words)} AS v{at}" for at, part in enumerate(components) if part.value),
    ]
    return f"SELECT {', '.join(columns)} FROM {_from_sql(source, components, span)}"


def cube_sql(cut: Cut, unit: Unit, components: Sequence[Component]) -> str:
    """SELECT over `rows_`: one row per month, unit and groups, one column n0, n1, ... per component."""
    keys = _keys(cut, unit)
    sums = [f"{_sum_sql(at, part)} AS n{at}" for at, part in enumerate(components)]
    return f"SELECT {', '.join([*keys, *sums])} FROM rows_ GROUP BY {', '.join(keys)}"


def values_sql(cut: Cut, unit: Unit, at: int) -> str:
    """SELECT over `rows_`: how often each value of component `at` occurs, per month, unit and groups."""
    keys = [*_keys(cut, unit), f"CAST(v{at} AS BIGINT)"]
    names = ", ".join([*keys[:-1], f"{keys[-1]} AS value_"])
    counted = f"c{at} AND v{at} IS NOT NULL"
    return f"SELECT {names}, count(*) AS n FROM rows_ WHERE {counted} GROUP BY {', '.join(keys)}"


def reckoning_sql(source: Source, span: Span) -> str:
    """SELECT of one row: rows of the table, without the date, before the first day asked for, and after the
    last."""
    day = f't."{source.date_basis}"'
    return (
        f"SELECT count(*) AS held, count(*) FILTER (WHERE {day} IS NULL) AS undated, "
        f"count(*) FILTER (WHERE {day} < DATE '{span.first}') AS before, "
        f"count(*) FILTER (WHERE {day} > DATE '{span.last}') AS after FROM {_table(source)} t"
    )


def journeys_columns(sources: Sequence[tuple[Source, Sequence[Component]]]) -> frozenset[str]:
    """Columns of `journeys` that any of the components, or the rows they are counted over, need."""
    found: set[str] = set()
    for source, components in sources:
        if source.table == "journeys":
            found |= named_columns(components) | {source.date_basis, "ReferralRequestReceivedDate"}
    return frozenset(found - {PERIOD_END})


def units_of(levels: Sequence[Level]) -> dict[Unit, tuple[str, ...]]:
    """The units of place that the levels are made of, and the codes of each that any of them knows."""
    found: dict[Unit, dict[str, None]] = {}
    for level in levels:
        found.setdefault(level.unit, {}).update(dict.fromkeys(code for code, _ in level.of_unit))
    return {unit: tuple(codes) for unit, codes in found.items()}


def breakdowns_of(cuts: Sequence[Cut]) -> tuple[Breakdown, ...]:
    """Every breakdown of the cuts, once."""
    return tuple({b.slug: b for cut in cuts for b in cut.breakdowns}.values())


def group_name(breakdown: Breakdown) -> str:
    """Name of the column that holds a row's group."""
    return f"g_{breakdown.slug}"


def _position(text: str, names: Sequence[str]) -> str:
    """Position of a text in a list from 1, 0 where it is not on it or missing; small, so it groups quickly."""
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"CAST(coalesce(list_position([{listed}]::VARCHAR[], {text}), 0) AS SMALLINT)"


def _keys(cut: Cut, unit: Unit) -> list[str]:
    return ["at_", *([f"{unit}_"] if unit else []), *(group_name(breakdown) for breakdown in cut.breakdowns)]


def _sum_sql(at: int, part: Component) -> str:
    if part.value is None:
        return f"count(*) FILTER (WHERE c{at})"
    if part.kind == "count":
        return f"count(v{at}) FILTER (WHERE c{at})"
    value = f"CAST(v{at} AS BIGINT)"
    summed = value if part.kind == "sum" else f"{value} * {value}"
    return f"coalesce(CAST(sum({summed}) FILTER (WHERE c{at}) AS BIGINT), 0)"


def _column(breakdown: Breakdown) -> str:
    return f'"{breakdown.column}"'


def _table(source: Source) -> str:
    return "journeys_" if source.table == "journeys" else source.table


def _row(source: Source) -> str:
    return "j" if source.table == "journeys" else "t"


def _wording(source: Source, components: Sequence[Component]) -> Wording:
    if source.date_basis != PERIOD_END:
        return Wording(prefix=f"{_row(source)}.")
    moved = {name: f"{name}_.day_" for name in _moving(components)}
    return Wording(prefix="j.", period_end="e.day_", instead=tuple(moved.items()))


def _moving(components: Sequence[Component]) -> tuple[str, ...]:
    return tuple(sorted(named_columns(components) & LATEST_IN_CONTACTS.keys()))


def _at_sql(source: Source, first: date) -> str:
    if source.date_basis == PERIOD_END:
        return "CAST(e.at_ AS INTEGER)"
    return f"CAST(date_diff('month', DATE '{first}', {_row(source)}.\"{source.date_basis}\") AS INTEGER)"


def _unit_sql(source: Source, unit: Unit, codes: Sequence[str]) -> str:
    if source.table == "contacts" and unit == "service":
        # A contact happens at a service of its own; whatever else a journey holds belongs to the journey's
        # service.
        own = _position("t.service", codes)
        return f"CASE WHEN t.service IS NULL THEN coalesce(j.service_, 0) ELSE {own} END"
    return f"coalesce(j.{unit}_, 0)"


def _from_sql(source: Source, components: Sequence[Component], span: Span) -> str:
    if source.date_basis == PERIOD_END:
        return _states_sql(components, span.ends)
    dated = f"{_row(source)}.\"{source.date_basis}\" BETWEEN DATE '{span.first}' AND DATE '{span.last}'"
    if source.table == "journeys":
        return f"journeys_ j WHERE {dated}"
    return f"{source.table} t JOIN journeys_ j ON j.pathway_id = t.pathway_id WHERE {dated}"


def _states_sql(components: Sequence[Component], ends: Sequence[date]) -> str:
    """Journeys repeated for every period end at which they count: from the referral until what they all wait
    for.

    Which ends those are is counted per journey and unrolled; joining journeys to ends on two inequalities
    took ten times as long, and an as-of join to the contacts did not end.
    """
    waiting_for = always_missing([part.condition for part in components])
    until = _least([_ends_before(f'"{name}"', ends) for name in waiting_for], len(ends))
    open_at = f"unnest(range({_ends_before('ReferralRequestReceivedDate', ends)}, {until}))"
    latest = "".join(
        f" LEFT JOIN ({_latest_sql(LATEST_IN_CONTACTS[name], waiting_for, ends)}) AS {name}_ "
        f"ON {name}_.pathway_id = j.pathway_id AND {name}_.at_ = j.at_"
        for name in _moving(components)
    )
    return f"(SELECT *, {open_at} AS at_ FROM journeys_) j JOIN period_ends e ON e.at_ = j.at_{latest}"


def _latest_sql(kind: str, waiting_for: Sequence[str], ends: Sequence[date]) -> str:
    """The last contact of a kind on or before each period end: every contact stands until the next one of its
    journey."""
    contacts = (
        "SELECT pathway_id, CareContDate AS day_, lead(CareContDate) OVER "
        f'(PARTITION BY pathway_id ORDER BY CareContDate) AS next_ FROM contacts WHERE "{kind}"'
    )
    until = _least(
        [_ends_before(f'w."{name}"', ends) for name in waiting_for] + [_ends_before("next_", ends)], len(ends)
    )
    return (
        f"SELECT k.pathway_id, day_, unnest(range({_ends_before('day_', ends)}, {until})) AS at_ "
        f"FROM ({contacts}) k JOIN journeys_ w ON w.pathway_id = k.pathway_id"
    )


def _least(counts: Sequence[str], ends: int) -> str:
    return f"least({', '.join([*counts, str(ends)])})"


def _ends_before(column: str, ends: Sequence[date]) -> str:
    """Number of period ends before a day; all of them where the day has not come."""
    counted = " + ".join(f"CAST({column} > DATE '{end}' AS BIGINT)" for end in ends)
    return f"coalesce({counted}, {len(ends)})"
