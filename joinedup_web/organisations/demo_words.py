"""The demo's sign-ins: one for each role, named by the role, at a real organisation. They are nobody."""

from __future__ import annotations

from typing import NamedTuple

from joinedup_web.organisations.policy import load_policy

DOMAIN = "demo.invalid"


class Sign(NamedTuple):
    """One sign-in of the demo."""

    name: str
    role: str
    place: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name}@{DOMAIN}"


SIGN_INS = (
    Sign("resident", "resident", "E09000005"),
    Sign("expert", "expert_by_experience", "E09000005"),
    Sign("clinician", "clinician", "RV3CH"),
    Sign("manager", "service_manager", "RV3CH"),
    Sign("programme", "service_manager", "NWL-MH"),
    Sign("analyst", "analyst", "RKL"),
    Sign("board", "board_member", "RV3"),
    Sign("chair", "board_member", "NWL-MH"),
    Sign("finance", "finance_lead", "RKL"),
    Sign("scrutiny", "scrutiny_officer", "GB-LAE-BEN"),
    Sign("scrutiny-chair", "scrutiny_chair", "GB-LAE-BEN"),
    Sign("partnership", "service_manager", "PBP-BRENT"),
    Sign("partnership-chair", "board_member", "PBP-BRENT"),
    Sign("council", "board_member", "GB-LAE-BEN"),
    Sign("administrator", "administrator", "RKL"),
    Sign("administrator-cnwl", "administrator", "RV3"),
    Sign("protection", "data_protection_officer", "RKL"),
    Sign("protection-cnwl", "data_protection_officer", "RV3"),
)


def lines() -> tuple[str, ...]:
    """The sign-ins as text, one a line, for the terminal."""
    from joinedup.definitions import Places

    places, roles = Places.load(), load_policy().roles
    width = max(len(sign.email) for sign in SIGN_INS)
    return tuple(
        f"{sign.email:<{width}}  {roles[sign.role].title}, {places.name(sign.place)}" for sign in SIGN_INS
    )
