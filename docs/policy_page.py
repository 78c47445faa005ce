"""The page of the policy table: who may do what, and what each address asks for."""

from __future__ import annotations

from collections.abc import Iterable

from joinedup_web.organisations.policy import PUBLIC, Policy, load_policy

REACH = {"own": "own", "shared": "own and shared", "all": "all"}


def page() -> str:
    """The whole page, as text."""
    policy = load_policy()
    return "\n".join([*_head(policy), *_roles(policy), *_may(policy), *_addresses(policy), ""])


def _head(policy: Policy) -> Iterable[str]:
    yield f"# {policy.title}\n"
    yield (
        "What each role may do to each kind of thing. *own*: of a place where the role is held; *own and shared*: "
        "that, and what others have shared; *all*: wherever it is; a dash: not at all. Views, row-level security, "
        "navigation and the test matrix are checked against this table; nothing else decides.\n"
    )
    yield f"Source: {policy.source}\n"


def _roles(policy: Policy) -> Iterable[str]:
    yield "## Roles\n"
    yield "| role | slug | who that is | second factor |"
    yield "|---|---|---|---|"
    for slug, role in policy.roles.items():
        asked = "compulsory" if slug in policy.second_factor else ("" if slug == PUBLIC else "may have one")
        yield f"| {role.title} | `{slug}` | {role.note} | {asked} |"
    yield f"\nEmergency access lasts up to {policy.emergency_hours} hours; it lets see, and do nothing else.\n"


def _may(policy: Policy) -> Iterable[str]:
    rows = [(kind, action) for kind, actions in policy.may.items() for action in actions]
    yield "## What each role may do\n"
    yield "| role | " + " | ".join(f"{action} {kind}" for kind, action in rows) + " |"
    yield "|---" * (len(rows) + 1) + "|"
    for slug, role in policy.roles.items():
        reaches = [policy.reach(slug, action, kind) for kind, action in rows]
        yield f"| {role.title} | " + " | ".join(REACH[one] if one else "-" for one in reaches) + " |"
    yield ""


def _addresses(policy: Policy) -> Iterable[str]:
    yield "## What each address asks for\n"
    yield "*open*: anyone; *signed_in*: anyone who has signed in. An address that is not listed is not there.\n"
    yield "| address | asks for |"
    yield "|---|---|"
    yield from (f"| `{name}` | {asks} |" for name, asks in policy.addresses.items())
