"""What an identity service says about a person, and whether that is enough to let them in.

Care identity: after the published claims of NHS Care Identity Service 2 (`nhsid_useruid`, `nhsid_nrbac_roles`,
`id_assurance_level`, `authentication_assurance_level`, `acr` such as AAL3_ANY). Workplace identity: after those of
Microsoft Entra (`tid`, `oid`, `preferred_username`, `amr`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from joinedup_web.organisations.identity.services import IdentityService

Claims = Mapping[str, Any]
LONGEST = 191
"""Characters that the table of accounts holds for issuer and subject."""


class Refused(OAuth2Error):
    """Somebody may not sign in with what their identity service says. The text is for them to read."""


@dataclass(frozen=True)
class Told:
    """What a service said of a person: who by issuer and subject, an address, and how strongly it knows them."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    authentication: int
    identity: int

    @property
    def uid(self) -> str:
        """Issuer and subject as one word, by which the account is found again."""
        plain = f"{self.issuer} {self.subject}"
        return plain if len(plain) <= LONGEST else f"sha256 {hashlib.sha256(plain.encode()).hexdigest()}"

    @property
    def strong(self) -> bool:
        """Whether more than a password was asked for."""
        return self.authentication >= 2


def told(service: IdentityService, claims: Claims) -> Told:
    """What the claims say. Raises Refused where they are not of the service's shape, or not enough."""
    read = _care if service.shape == "care" else _workplace
    authentication, identity = read(service, claims)
    found = Told(
        service.issuer, str(claims["sub"]), str(claims.get("email") or "").lower(), _verified(claims),
        authentication, identity,
    )  # fmt: skip
    _enough(service, found)
    return found


def _care(service: IdentityService, claims: Claims) -> tuple[int, int]:
    if not claims.get("nhsid_useruid"):
        raise Refused("Your care identity did not say who you are (nhsid_useruid).")
    if service.organisations and not _codes(claims) & set(service.organisations):
        raise Refused(
            "Your care identity holds no role at an organisation that uses this workspace. Choose the role of that "
            "organisation when you sign in, or ask your registration authority for it."
        )
    named = re.match(r"AAL([123])", str(claims.get("acr") or ""))
    levels = [_level(claims.get("authentication_assurance_level")), *([int(named[1])] if named else [])]
    return min(levels), _level(claims.get("id_assurance_level"))


def _codes(claims: Claims) -> set[str]:
    roles = claims.get("nhsid_nrbac_roles")
    return (
        {str(one.get("org_code")) for one in roles if isinstance(one, dict)}
        if isinstance(roles, list)
        else set()
    )


def _workplace(service: IdentityService, claims: Claims) -> tuple[int, int]:
    if claims.get("tid") != service.tenant or not claims.get("oid"):
        raise Refused("Your account belongs to another directory than the one this workspace knows.")
    methods = claims.get("amr")
    return (2 if isinstance(methods, list) and "mfa" in methods else 1), 0


def _level(value: Any) -> int:
    """A level as a number; 0 where the service says none, or something else than a level."""
    return int(value) if str(value) in ("1", "2", "3") else 0


def _verified(claims: Claims) -> bool:
    """Whether the service says that the address is the person's: the standard claim, or Entra's `xms_edov`."""
    return claims.get("email_verified") is True or str(claims.get("xms_edov")).lower() in ("1", "true")


def _enough(service: IdentityService, found: Told) -> None:
    authentication, identity = service.least
    if found.authentication < authentication:
        raise Refused(
            f"You signed in at level {found.authentication}, and this workspace asks for level {authentication}. Sign "
            "in again with your smartcard, passkey or authenticator app instead of a password alone."
        )
    if found.identity < identity:
        raise Refused(
            f"Your identity is proved to level {found.identity}, and this workspace asks for level {identity}. Your "
            "registration authority can raise it."
        )
