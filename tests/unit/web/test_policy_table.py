"""The policy table: it cannot be built wrong, and says what the issue's ten roles may do."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from joinedup_web.organisations.policy import Ask, Policy, load_policy

TEN = {
    "public", "resident", "expert_by_experience", "clinician", "service_manager", "analyst", "board_member",
    "finance_lead", "scrutiny_officer", "administrator",
}  # fmt: skip


def test_the_ten_roles_and_who_watches_over_them() -> None:
    assert set(load_policy().roles) == TEN | {"data_protection_officer", "scrutiny_chair"}


def test_whoever_sees_or_changes_who_is_who_needs_a_second_factor() -> None:
    policy = load_policy()
    for kind, action in (
        ("role", "see"),
        ("role", "give"),
        ("role", "end"),
        ("audit", "see"),
        ("emergency", "ask"),
    ):
        assert set(policy.may[kind][action]) <= policy.second_factor
    with pytest.raises(ValidationError):
        Policy.model_validate({**policy.model_dump(), "second_factor": ["public"]})


def test_an_emergency_is_never_asked_for_by_who_reviews_it() -> None:
    may = load_policy().may["emergency"]
    assert not set(may["ask"]) & (set(may["see"]) | set(may["end"]))


def test_the_public_may_do_nothing_that_is_asked_for() -> None:
    policy = load_policy()
    assert not [
        1
        for kind, actions in policy.may.items()
        for action in actions
        if policy.reach("public", action, kind)
    ]


def test_only_administrators_give_and_end_roles_and_only_at_their_own_place() -> None:
    for action in ("give", "end"):
        assert dict(load_policy().may["role"][action]) == {"administrator": "own"}


def test_an_address_asks() -> None:
    policy = load_policy()
    assert policy.asks("people") == Ask("see", "role")
    assert policy.asks("account_login") == "open"
    assert policy.asks("an address nobody listed") is None


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("may", {"figure": {"see": {"nobody_we_know": "all"}}}),
        ("may", {"figure": {"see": {"analyst": "everywhere"}}}),
        ("addresses", {"page": "see nothing_we_know"}),
        ("addresses", {"page": "burn figure"}),
    ],
)
def test_what_is_not_defined_is_refused(part: str, value: object) -> None:
    plain = load_policy().model_dump()
    with pytest.raises(ValidationError):
        Policy.model_validate({**plain, part: value})
