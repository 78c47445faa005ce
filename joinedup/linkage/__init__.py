"""Who is one person: keyed identifiers, records linked over indexes, links explained and reversible.

Names are loaded when first used: a process that reads a return needs few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.linkage.decisions import Decision, read_decisions
    from joinedup.linkage.explaining import explained, queue_of
    from joinedup.linkage.holding import Held, hold, people_of, read_linkage, review
    from joinedup.linkage.indexes import read_index, read_indexes
    from joinedup.linkage.keys import Key, check_fits, make_demo_key, make_live_key, read_key
    from joinedup.linkage.linking import Linked, link
    from joinedup.linkage.model import Model, read_model
    from joinedup.linkage.people import touched
    from joinedup.linkage.person import keyed_local_id, person_ids, valid_nhs_numbers
    from joinedup.linkage.quality import LinkageQuality, quality_by

__all__ = [
    "Decision",
    "Held",
    "Key",
    "LinkageQuality",
    "Linked",
    "Model",
    "check_fits",
    "explained",
    "hold",
    "keyed_local_id",
    "link",
    "make_demo_key",
    "make_live_key",
    "people_of",
    "person_ids",
    "quality_by",
    "queue_of",
    "read_decisions",
    "read_index",
    "read_indexes",
    "read_key",
    "read_linkage",
    "read_model",
    "review",
    "touched",
    "valid_nhs_numbers",
]

_HOMES = {
    "Decision": "decisions",
    "Held": "holding",
    "Key": "keys",
    "LinkageQuality": "quality",
    "Linked": "linking",
    "Model": "model",
    "check_fits": "keys",
    "explained": "explaining",
    "hold": "holding",
    "keyed_local_id": "person",
    "link": "linking",
    "make_demo_key": "keys",
    "make_live_key": "keys",
    "people_of": "holding",
    "person_ids": "person",
    "quality_by": "quality",
    "queue_of": "explaining",
    "read_decisions": "decisions",
    "read_index": "indexes",
    "read_indexes": "indexes",
    "read_key": "keys",
    "read_linkage": "holding",
    "read_model": "model",
    "review": "holding",
    "touched": "people",
    "valid_nhs_numbers": "person",
}


__getattr__ = on_demand(__name__, _HOMES)
