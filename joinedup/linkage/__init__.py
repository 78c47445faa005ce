"""Keyed identifiers: the same person found again across months and trusts, with no number at rest."""

from joinedup.linkage.keys import Key, check_fits, make_demo_key, make_live_key, read_key
from joinedup.linkage.person import keyed_local_id, person_ids, valid_nhs_numbers

__all__ = [
    "Key",
    "check_fits",
    "keyed_local_id",
    "make_demo_key",
    "make_live_key",
    "person_ids",
    "read_key",
    "valid_nhs_numbers",
]
