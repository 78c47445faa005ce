"""National rules on sets of rows as SQL: repeated keys, contacts, unfollowed registrations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from joinedup.definitions.return_spec import Rule
from joinedup.returns.rules_sql import blank, day_of, listed, quoted, raw, rejected


def failing_rows(rule: Rule) -> str | None:
    """A SELECT of `_row` for every row that fails `rule`; None for a rule that is not on sets of rows."""
    write = _WRITERS.get(rule.args.check or rule.kind)
    return write(rule) if write else None


def _keys(rule: Rule) -> list[str]:
    return [quoted(place.partition(".")[2]) for place in rule.columns]


def _no_key_blank(rule: Rule) -> str:
    return " AND ".join(f"{key} IS NOT NULL" for key in _keys(rule))


def _unique(rule: Rule) -> str:
    kept = "true" if rule.args.blank_keys_match else _no_key_blank(rule)
    return _in_groups(rule, kept, "count(*) > 1")


def _unique_if(rule: Rule) -> str:
    return _in_groups(rule, blank(quoted((rule.args.when_blank or "").partition(".")[2])), "count(*) > 1")


def _contacts(rule: Rule) -> str:
    attended = f'count_if("AttendOrDNACode" IN {listed(rule.args.codes)})'
    return _in_groups(rule, "true", f"{attended} > 1")


def _in_groups(rule: Rule, kept: str, condition: str) -> str:
    keys = ", ".join(_keys(rule))
    return (
        f"SELECT unnest(list(_row)) AS _row FROM {raw(rule.table)} WHERE {kept} "
        f"GROUP BY {keys} HAVING {condition}"
    )


def _consecutive(rule: Rule) -> str:
    # Fails when no registration begins the day after, or one that does is with the same practice.
    start, end = day_of('"StartDateGMPRegistration"'), day_of('"EndDateGMPRegistration"')
    days = (
        f'SELECT _row, "LocalPatientId" AS person, "GMPCodeReg" AS practice, {start} AS first_day, '
        f"{end} AS last_day FROM {raw(rule.table)}"
    )
    return (
        f"WITH days AS ({days}) SELECT a._row FROM days AS a LEFT JOIN (SELECT * FROM days "
        f"WHERE _row NOT IN (SELECT _row FROM {rejected(rule.table)})) AS b "
        "ON b.person = a.person AND b.first_day = a.last_day + 1 WHERE a.last_day IS NOT NULL "
        "GROUP BY a._row HAVING count(b._row) = 0 OR bool_or(b.practice = a.practice)"
    )


_WRITERS: Mapping[str, Callable[[Rule], str]] = {
    "unique": _unique,
    "unique_if": _unique_if,
    "uniqueness_iapt_carecontact": _contacts,
    "consecutive_registration": _consecutive,
}
