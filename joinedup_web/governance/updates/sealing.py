"""Addresses at rest: encrypted, and known again by a keyed hash; and the links that letters carry, signed.

Keys come from the workspace's secret key by HKDF, one for each purpose.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing

CONFIRM, LEAVE = "joinedup.updates.confirm", "joinedup.updates.leave"
CONFIRM_WITHIN = timedelta(hours=48)
"""How long the link of the first letter holds."""


def hash_of(what: str, value: str) -> str:
    """A keyed hash of an address or a client, however it is spelled; equal for equal ones of one purpose."""
    return hmac.new(_key(f"hash {what}"), value.strip().casefold().encode(), hashlib.sha256).hexdigest()


def seal(address: str) -> str:
    """An address, encrypted."""
    return _fernet().encrypt(address.strip().encode()).decode()


def unseal(sealed: str) -> str:
    """The address again; empty where it was encrypted with another key."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def sign(purpose: str, identity: object) -> str:
    """A link's token: an id, when it was made, and that we made it."""
    return signing.dumps(str(identity), salt=purpose)


def signed(purpose: str, token: str, within: timedelta | None = None) -> str:
    """The id of a token; empty where we did not make it, it is for another purpose, or too old."""
    try:
        return str(signing.loads(token, salt=purpose, max_age=within))
    except signing.BadSignature:
        return ""


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("address")))


def _key(purpose: str) -> bytes:
    return _derived(settings.SECRET_KEY, purpose)


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"joinedup updates {purpose}".encode()).derive(secret.encode())
