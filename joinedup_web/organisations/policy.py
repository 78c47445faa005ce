"""The policy table as values: what each role may do to each kind of thing, and what each address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

Reach = Literal["own", "shared", "all"]
PUBLIC = "public"
OPEN, SIGNED_IN = "open", "signed_in"
FILE = Path(__file__).with_name("policy.yaml")


class Role(BaseModel):
    """A role that a person can hold at an organisation or place for a period."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    note: str


@dataclass(frozen=True)
class Ask:
    """What an address asks for: an action on a kind of thing."""

    action: str
    kind: str


class Policy(BaseModel):
    """The whole table. Cannot be built with a role, a kind or an action that it does not define."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    source: str
    version: int
    roles: Mapping[str, Role]
    second_factor: frozenset[str] = frozenset()
    emergency_hours: int = 4
    may: Mapping[str, Mapping[str, Mapping[str, Reach]]]
    addresses: Mapping[str, str]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        held = {role for actions in self.may.values() for roles in actions.values() for role in roles}
        if not held <= set(self.roles):
            raise ValueError(f"roles that are not defined: {sorted(held - set(self.roles))}")
        if not self.second_factor <= set(self.roles) - {PUBLIC}:
            raise ValueError("a second factor is asked of a role that nobody can hold")
        for name, text in self.addresses.items():
            if text not in (OPEN, SIGNED_IN):
                action, _, kind = text.partition(" ")
                if action not in self.may.get(kind, {}):
                    raise ValueError(f"{name} asks for '{text}', which nobody may do")
        return self

    def reach(self, role: str, action: str, kind: str) -> Reach | None:
        """How far a role may do this to this kind of thing; None where it may not."""
        return self.may.get(kind, {}).get(action, {}).get(role)

    def asks(self, address: str) -> Ask | str | None:
        """What the address of that name asks for: an Ask, "open", "signed_in", or None for one not listed."""
        text = self.addresses.get(address)
        if text is None or text in (OPEN, SIGNED_IN):
            return text
        action, _, kind = text.partition(" ")
        return Ask(action, kind)


@lru_cache(maxsize=1)
def load_policy() -> Policy:
    """The policy that ships with the workspace."""
    return Policy.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
