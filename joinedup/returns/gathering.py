"""Gathers what the rules find: findings up to a limit, their true number, and the rows that are rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from joinedup.definitions.return_spec import Column, ReturnSpec, Rule
from joinedup.returns.findings import Finding, show_safely

LISTED_PER_RULE = 1_000
REJECTING = frozenset({"REJECT_GROUP", "REJECT_RECORD"})


@dataclass
class Gathering:
    """Findings so far. `rejected` holds, for each table, the rejected rows and the rule that came first."""

    spec: ReturnSpec
    file_names: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rejected: dict[str, dict[int, str]] = field(default_factory=dict)
    refused: bool = False

    def take(self, finding: Finding, *, room: bool = True) -> None:
        """Count one finding, and list it while there is room."""
        self.counts[finding.rule] += 1
        self.refused = self.refused or finding.severity == "REJECT_FILE"
        if room and self.counts[finding.rule] <= LISTED_PER_RULE:
            self.findings.append(finding)

    def whole_file(self, rule: Rule, table: str) -> None:
        """A finding about a table as a whole."""
        file = self.file_names.get(table)
        self.take(Finding(rule.id, rule.severity, file, None, None, None, said(rule)))

    def rows(self, rule: Rule, rows: Iterable[int], values: Mapping[int, str | None]) -> None:
        """Findings of one rule on rows of its table, in order of rows; rejects the rows if the rule does."""
        ordered = sorted(rows)
        if not ordered:
            return
        file = self.file_names.get(rule.table)
        column = self.spec.table(rule.table).column(rule.column) if rule.column else None
        listed = ordered[: max(0, LISTED_PER_RULE - self.counts[rule.id])]
        sent = {values.get(row) for row in listed}
        shown, message = {value: _shown(value, column) for value in sent}, said(rule)
        self.findings += [
            Finding(rule.id, rule.severity, file, row, rule.column, shown[values.get(row)], message)
            for row in listed
        ]
        self.counts[rule.id] += len(ordered)
        self.refused = self.refused or rule.severity == "REJECT_FILE"
        if rule.severity in REJECTING:
            self.reject(rule.table, dict.fromkeys(ordered, rule.id))

    def reject(self, table: str, rows: Mapping[int, str]) -> None:
        """Mark rows as rejected; the rule that came first stays the reason."""
        self.rejected[table] = {**rows, **self.rejected.get(table, {})}

    def kept(self, table: str, rows: pa.Table) -> np.ndarray:
        """Which rows of a table, with their `_row`, are not rejected so far: a mask."""
        numbers = rows["_row"].to_numpy()
        gone = np.zeros(int(numbers.max(initial=0)) + 1, dtype=bool)
        gone[list(self.rejected.get(table, ()))] = True
        kept: np.ndarray = ~gone[numbers]
        return kept

    def rejected_rows(self, table: str) -> pa.Table:
        """The rejected rows of a table with the rule that rejected each: `_row`, `rule`."""
        rows = self.rejected.get(table, {})
        return pa.table(
            {"_row": pa.array(list(rows), pa.int64()), "rule": pa.array(list(rows.values()), pa.string())}
        )


def said(rule: Rule) -> str:
    """The rule's sentence with what to do about it."""
    return f"{rule.message} {rule.remedy}"


def _shown(value: str | None, column: Column | None) -> str | None:
    if column is None:
        return None
    long_codes = (
        "SNOMED" in column.element or "ORGANISATION" in column.element or "MEDICAL PRACTICE" in column.element
    )
    return show_safely(value, identifying=column.identifying, long_codes=long_codes)
