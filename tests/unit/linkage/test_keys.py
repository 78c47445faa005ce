"""The key file: who may read it, what it must hold, and which lake it fits."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from joinedup.errors import KeyRefused
from joinedup.linkage import check_fits, make_demo_key, make_live_key, read_key
from joinedup.linkage.keys import SAMPLE, VARIABLE, derive_key

HEX = "00112233445566778899aabbccddeeff" * 2


def write(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content, encoding="utf-8")
    path.chmod(mode)
    return path


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block of output, from the standard library alone."""
    extracted = hmac.digest(b"joinedup", secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def test_keys_are_derived_as_rfc_5869_says_and_differ_by_use() -> None:
    secret = bytes.fromhex(HEX)
    key = derive_key(secret, "live")
    assert key.person == hkdf(secret, b"joinedup 1 person")
    assert key.fingerprint == hkdf(secret, b"joinedup 1 fingerprint")[:8].hex()
    assert len({key.person, key.local, key.pathway}) == 3


def test_a_key_is_found_by_path_and_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "key", f"# ours\n\npurpose: live\nkey: {HEX}\n")
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(KeyRefused, match="No pseudonym key"):
        read_key()
    monkeypatch.setenv(VARIABLE, str(path))
    assert read_key() == read_key(path) == derive_key(bytes.fromhex(HEX), "live")


def test_a_key_never_prints_itself() -> None:
    key = derive_key(bytes.fromhex(HEX), "live")
    assert key.person.hex() not in repr(key) and str(key.person) not in repr(key)


def test_made_keys_are_private_random_and_never_overwritten(tmp_path: Path) -> None:
    one, other = make_live_key(tmp_path / "a"), make_live_key(tmp_path / "b")
    assert one.fingerprint != other.fingerprint and one.purpose == "live"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    before = (tmp_path / "a").read_bytes()
    with pytest.raises(KeyRefused, match="never overwritten"):
        make_demo_key(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == before


def test_two_demo_keys_agree(tmp_path: Path) -> None:
    assert make_demo_key(tmp_path / "a") == make_demo_key(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyRefused, match="read by others") as caught:
        read_key(write(tmp_path / "key", f"purpose: live\nkey: {HEX}\n", mode))
    assert "chmod 600" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "must have"),
        (f"key: {HEX}\n", "must have"),
        ("purpose: live\n", "must have"),
        (f"purpose: live\nkey: {HEX}\nextra: 1\n", "must have"),
        (f"purpose: live\nkey: {HEX}\nkey: {HEX}\n", "must have"),
        (f"purpose: test\nkey: {HEX}\n", "demo or live"),
        (f"purpose: live\nkey: {HEX[:32]}\n", "16 bytes"),
        ("purpose: live\nkey: a short word of mine\n", "bytes; it needs 32"),
        ("purpose: live\nkey: " + "0" * 64 + "\n", "guessed"),
        (f"purpose: live\nkey: {SAMPLE.decode()}\n", "sample key"),
        ("x" * 5000, "not a key file"),
    ],
)
def test_keys_that_are_not_safe_are_refused(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(KeyRefused, match=words) as caught:
        read_key(write(tmp_path / "key", content))
    assert caught.value.remedy


def test_an_absent_key_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(KeyRefused):
            read_key(path)


def test_a_key_fits_its_own_lake_only() -> None:
    demo, live = derive_key(SAMPLE, "demo"), derive_key(bytes.fromhex(HEX), "live")
    check_fits(demo, purpose="demo", fingerprint=demo.fingerprint)
    with pytest.raises(KeyRefused, match="for demo use"):
        check_fits(demo, purpose="live", fingerprint=demo.fingerprint)
    with pytest.raises(KeyRefused, match="for live use"):
        check_fits(live, purpose="demo", fingerprint=live.fingerprint)
    with pytest.raises(KeyRefused, match="was made with the key"):
        check_fits(live, purpose="live", fingerprint=demo.fingerprint)
