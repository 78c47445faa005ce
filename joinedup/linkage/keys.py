"""The pseudonym key: read from the file that JOINEDUP_KEY_FILE names, never kept in the lake.

The key file is text, two lines that matter, comments after `#`:

    # joinedup pseudonym key. Whoever has it can tell whether a known NHS number is in the lake: guard it.
    purpose: live
    key: 8f0c...         64 hexadecimal digits or more; or, where not hexadecimal, 32 bytes or more as written

It must be readable by its owner alone (mode 0600). Each use has its own key, derived by HKDF-SHA-256
(RFC 5869), so that no value made for one use says anything of another. The lake stores the fingerprint only.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from joinedup.errors import KeyRefused

VARIABLE = "JOINEDUP_KEY_FILE"
Purpose = Literal["demo", "live"]
LEAST_BYTES = 32
_FEWEST_DIFFERENT_BYTES = 8
_LARGEST_FILE = 4096
# Known to everyone who can read this line, which is why it serves invented people only.
SAMPLE = b"joinedup sample key: invented people only"
_HOW = f"Make one with `joinedup keys make FILE --purpose live` and name it in {VARIABLE}."


@dataclass(frozen=True)
class Key:
    """Derived keys, one per use, and the fingerprint that a lake remembers (16 hex). Never printed."""

    purpose: Purpose
    fingerprint: str
    person: bytes = field(repr=False)
    local: bytes = field(repr=False)
    pathway: bytes = field(repr=False)


def read_key(path: str | Path | None = None) -> Key:
    """The key in `path`, or in the file JOINEDUP_KEY_FILE names. Raises KeyRefused with the remedy."""
    named = path or os.environ.get(VARIABLE)
    if not named:
        raise KeyRefused("No pseudonym key is named.", remedy=_HOW)
    purpose, secret = _parse(_guarded_text(Path(named)), Path(named).name)
    return derive_key(secret, purpose)


def make_demo_key(path: str | Path) -> Key:
    """Write the well-known sample key for the demo (so that two demos agree) and return it."""
    return _write(Path(path), "demo", SAMPLE.decode())


def make_live_key(path: str | Path) -> Key:
    """Write a new random key of 256 bits for real people and return it. Never overwrites a file."""
    return _write(Path(path), "live", secrets.token_hex(LEAST_BYTES))


def derive_key(secret: bytes, purpose: Purpose) -> Key:
    """The key for each use. KeyRefused where the secret is short, plain, or the sample for real people."""
    if len(secret) < LEAST_BYTES:
        raise KeyRefused(f"The key has {len(secret)} bytes; it needs {LEAST_BYTES}.", remedy=_HOW)
    if len(set(secret)) < _FEWEST_DIFFERENT_BYTES:
        raise KeyRefused("The key repeats a few bytes and can be guessed.", remedy=_HOW)
    if secret == SAMPLE and purpose != "demo":
        raise KeyRefused("This is the sample key, which everyone knows.", remedy=_HOW)
    return Key(
        purpose,
        _derived(secret, "fingerprint")[:8].hex(),
        _derived(secret, "person"),
        _derived(secret, "local"),
        _derived(secret, "pathway"),
    )


def check_fits(key: Key, *, purpose: str, fingerprint: str) -> None:
    """Refuse a demo key for a live lake, a live key for a demo lake, and any key but the lake's own."""
    if key.purpose != purpose:
        raise KeyRefused(
            f"The key is for {key.purpose} use and the lake is {purpose}.",
            remedy=f"Name a {purpose} key in {VARIABLE}, or use a {key.purpose} lake.",
        )
    if key.fingerprint != fingerprint:
        raise KeyRefused(
            f"The lake was made with the key {fingerprint}; this one is {key.fingerprint}.",
            remedy=f"Name the lake's own key in {VARIABLE}: with another, people would be counted twice.",
        )


def _derived(secret: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"joinedup", info=f"joinedup 1 {use}".encode()).derive(
        secret
    )


def _guarded_text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            content = stream.read(_LARGEST_FILE + 1)
    except OSError:
        raise KeyRefused(f"The key file {path.name} cannot be read.", remedy=_HOW) from None
    if not stat.S_ISREG(status.st_mode) or len(content) > _LARGEST_FILE:
        raise KeyRefused(f"{path.name} is not a key file.", remedy=_HOW)
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.geteuid():
        raise KeyRefused(
            f"The key file {path.name} can be read by others than you.", remedy=f"Run: chmod 600 {path.name}"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise KeyRefused(f"The key file {path.name} is not text.", remedy=_HOW) from None


def _parse(text: str, name: str) -> tuple[Purpose, bytes]:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    pairs = [line.partition(":")[::2] for line in lines]
    content = {field_name.strip(): value.strip() for field_name, value in pairs}
    if sorted(content) != ["key", "purpose"] or len(pairs) != len(content):
        raise KeyRefused(f"{name} must have one line `purpose:` and one line `key:`, no other.", remedy=_HOW)
    if content["purpose"] not in ("demo", "live"):
        raise KeyRefused(f"{name}: the purpose must be demo or live.", remedy=_HOW)
    value = content["key"]
    # Whatever looks hexadecimal is taken as that, so that 32 hex digits do not pass for 32 bytes.
    secret = bytes.fromhex(value) if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", value) else value.encode()
    return cast(Purpose, content["purpose"]), secret


def _write(path: Path, purpose: Purpose, value: str) -> Key:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyRefused(
            f"{path.name} exists; a key is never overwritten.", remedy="Name a new file."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(
            f"# joinedup pseudonym key: guard it, and keep a copy apart from the lake\npurpose: {purpose}\n"
        )
        stream.write(f"key: {value}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return read_key(path)
