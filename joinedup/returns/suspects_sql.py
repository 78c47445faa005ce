"""A cheap first look: SQL that is true for every row that could fail a rule, and for few others.

Planning a statement with fifty tests costs more than running it over a month of rows. So all tests on the
form of single values become one regular expression over the row written as one text, `RV3|2.1|2024-04-01`,
and a row that does not match is judged again, rule by rule. A bar inside a value adds a part, so a row that
holds one never matches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from joinedup.definitions.return_spec import ReturnSpec, Rule
from joinedup.returns.rules_sql import literal, quoted

_ANY = "[^|]"
_FORMED = frozenset({"not_blank", "alnum", "numeric", "in_code_list"})


def suspected(tests: Sequence[tuple[Rule, str]], spec: ReturnSpec) -> str:
    """SQL over the relation of `row_source` that is true for every row on which one of `tests` is true."""
    by_column: dict[str, dict[str, Rule]] = {}
    for rule, _ in tests:
        if rule.kind in _FORMED:
            by_column.setdefault(rule.columns[0].partition(".")[2], {})[rule.kind] = rule
    others = [f"({sql})" for rule, sql in tests if rule.kind not in _FORMED or _uncovered(rule, by_column)]
    if by_column:
        names = ", '|', ".join(quoted(name) for name in by_column)
        whole = r"\|".join(_form(rules, spec) for rules in by_column.values())
        others.insert(0, f"NOT regexp_full_match(concat({names}), {literal(whole)})")
    return " OR ".join(others)


def _uncovered(rule: Rule, by_column: Mapping[str, Mapping[str, Rule]]) -> bool:
    kinds = by_column[rule.columns[0].partition(".")[2]]
    return kinds[rule.kind] is not rule or (rule.kind == "alnum" and "numeric" in kinds)


def _form(rules: Mapping[str, Rule], spec: ReturnSpec) -> str:
    """A pattern that no value failing one of `rules` matches, and nearly every other value does."""
    needed = "not_blank" in rules
    if listed := rules.get("in_code_list"):
        codes = spec.code_list(spec.column(listed.columns[0]).codes or "").codes
        return f"(?:{'|'.join(re.escape(code) for code in codes if code.strip())}){'' if needed else '?'}"
    if number := rules.get("numeric"):
        least, most = number.args.min_len or 0, number.args.max_len
        return f"[0-9]{{{max(least, int(needed))},{most}}}" if needed else f"(?:[0-9]{{{least},{most}}})?"
    if text := rules.get("alnum"):
        least, most = text.args.min_len or 0, text.args.max_len or 0
        if needed:
            return f"[^| ]{_ANY}{{{max(least - 1, 0)},{most - 1}}}"
        return f"(?:{_ANY}{{{least},{most}}})?"
    return f"[^| ]{_ANY}*"
