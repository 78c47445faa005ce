"""Council meetings, as councils and those who follow them publish them: read, made one, quoted, and followed up.

What two councils say of one joint meeting becomes one meeting with the differences listed; papers are kept as they
came, by their content; a digest quotes their sentences and adds none. Names are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.governance.meetings.differing import Difference, differences
    from joinedup.governance.meetings.digest import Quote, digest_of, resolve
    from joinedup.governance.meetings.example import example_pages
    from joinedup.governance.meetings.following import Dated, dates_of, tracker_rows
    from joinedup.governance.meetings.identity import Candidate, Likeness, likeness
    from joinedup.governance.meetings.importing import Step, import_files
    from joinedup.governance.meetings.proposing import Proposal, propose
    from joinedup.governance.meetings.records import Record
    from joinedup.governance.meetings.register import Meeting, Register

_HOMES = {
    "Candidate": "identity",
    "Dated": "following",
    "Difference": "differing",
    "Likeness": "identity",
    "Meeting": "register",
    "Proposal": "proposing",
    "Quote": "digest",
    "Record": "records",
    "Register": "register",
    "Step": "importing",
    "dates_of": "following",
    "differences": "differing",
    "digest_of": "digest",
    "example_pages": "example",
    "import_files": "importing",
    "likeness": "identity",
    "propose": "proposing",
    "resolve": "digest",
    "tracker_rows": "following",
}
__all__ = [
    "Candidate",
    "Dated",
    "Difference",
    "Likeness",
    "Meeting",
    "Proposal",
    "Quote",
    "Record",
    "Register",
    "Step",
    "dates_of",
    "differences",
    "digest_of",
    "example_pages",
    "import_files",
    "likeness",
    "propose",
    "resolve",
    "tracker_rows",
]


__getattr__ = on_demand(__name__, _HOMES)
