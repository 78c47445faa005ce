"""Whether an identity token is genuine, for us, fresh, and the answer to what we asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from joinedup_web.organisations.identity.claims import Refused
from joinedup_web.organisations.identity.services import IdentityService

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Only those that need the service's private key: never `none`, never one keyed by what we know too."""
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY = 30
"""Seconds that two clocks may differ."""
NOT_TRUSTED = (
    "What your identity service sent cannot be trusted, so nobody was signed in. Try again; if it stays so, tell "
    "whoever runs the workspace."
)


def verified(token: str, keys: Mapping[str, Any], service: IdentityService, nonce: str) -> dict[str, Any]:
    """The claims of a token signed with one of `keys`. Raises Refused for any other."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token, key=_key(keys, header), algorithms=list(ALGORITHMS), issuer=service.issuer,
            audience=service.client_id, leeway=LEEWAY, options={"require": NEEDED},
        )  # fmt: skip
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Refused(NOT_TRUSTED) from error
    if not nonce or claims["nonce"] != nonce or claims.get("azp", service.client_id) != service.client_id:
        raise Refused(NOT_TRUSTED)
    return claims


def _key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that the header names; where it names none, the only one there is."""
    found = [one for one in keys["keys"] if one.get("use", "sig") == "sig"]
    if header.get("kid"):
        found = [one for one in found if one.get("kid") == header["kid"]]
    if len(found) != 1:
        raise KeyError("kid")
    return jwt.PyJWK(found[0], algorithm=found[0].get("alg") or header["alg"])
