"""Returns as trusts send them: reading, checking against the national rules, and the published figures.

Names are loaded when first used, since checking needs the lake's engine and reading does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.returns.findings import Finding
    from joinedup.returns.published import PublishedFigures, read_published, reconcile
    from joinedup.returns.reading import read_submission
    from joinedup.returns.report import Header, ValidationReport
    from joinedup.returns.submission import RawTable, Submission
    from joinedup.returns.validating import validate

__all__ = [
    "Finding",
    "Header",
    "PublishedFigures",
    "RawTable",
    "Submission",
    "ValidationReport",
    "read_published",
    "read_submission",
    "reconcile",
    "validate",
]

_HOMES = {
    "Finding": "findings",
    "Header": "report",
    "PublishedFigures": "published",
    "RawTable": "submission",
    "Submission": "submission",
    "ValidationReport": "report",
    "read_published": "published",
    "read_submission": "reading",
    "reconcile": "published",
    "validate": "validating",
}


__getattr__ = on_demand(__name__, _HOMES)
