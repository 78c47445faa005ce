"""The staging folder: limits while a file comes, names that cannot leave it, nothing left behind."""

from __future__ import annotations

import io
import os
import string
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.returns.containers import zip_members
from joinedup_web.returns import staging
from joinedup_web.returns.staging import (
    arrived,
    folder_in,
    forget_arriving,
    packed,
    plain_name,
    remove,
    sweep,
)

NAMES = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="./\\:%0\x00\n\r\u202e=+-@ zip", max_size=60),
    st.from_regex(r"(\.\./){0,5}[a-z]{0,9}[0-9]{0,14}\.(zip|XML|csv|exe)", fullmatch=True),
)


@given(NAMES)
def test_a_name_stays_a_name(name: str) -> None:
    plain = plain_name(name)
    assert plain and len(plain) <= 80 and set(plain) <= set(string.ascii_letters + string.digits + " ._()-")
    assert plain not in (".", "..") and not plain.startswith(".") and plain == os.path.basename(plain)  # noqa: PTH119
    assert not any(run.isdigit() and len(run) > 8 for run in plain.replace(".", " ").split())
    assert plain_name(plain) == plain


@given(NAMES, st.binary(max_size=2000))
def test_whatever_it_is_called_it_lies_in_the_folder_for_its_owner_and_goes_again(
    name: str, content: bytes
) -> None:
    with TemporaryDirectory() as made:
        folder = folder_in(Path(made))
        kept = arrived(folder, name, io.BytesIO(content)).keep("RKL")
        path = folder / kept
        assert path.read_bytes() == content and path.resolve().is_relative_to(folder.resolve())
        assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
        assert kept.split("/")[0] == "RKL-" + staging.hashlib.sha256(content).hexdigest()
        remove(folder, kept)
        assert list(folder.iterdir()) == []


def test_too_large_is_refused_while_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MAX_BYTES_IN", 1000)
    with pytest.raises(UnsafeFile):
        arrived(folder_in(tmp_path), "a.zip", io.BytesIO(b"0" * 1001))
    assert list(folder_in(tmp_path).iterdir()) == []


def test_loose_files_are_one_zip_the_same_each_time(tmp_path: Path) -> None:
    for name in ("IDS000Header.csv", "IDS101Referral.csv"):
        (tmp_path / name).write_text(f"{name}\n1\n")
    members = [(path.name, path) for path in tmp_path.glob("*.csv")]
    folder = folder_in(tmp_path)
    one, two = (packed(folder, "csv-files.zip", order) for order in (members, members[::-1]))
    assert one.digest == two.digest
    with one.path.open("rb") as stream:
        assert [(m.name, m.read()) for m in zip_members(stream, "x.zip")] == [
            (name, (tmp_path / name).read_bytes()) for name in sorted(n for n, _ in members)
        ]
    with pytest.raises(UnreadableFile):
        packed(folder, "csv-files.zip", [members[0], (members[0][0].upper(), members[1][1])])


def test_what_nobody_needs_is_swept_and_what_is_coming_is_not(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    needed = arrived(folder, "a.zip", io.BytesIO(b"a")).keep("RKL")
    orphan = arrived(folder, "b.zip", io.BytesIO(b"b")).keep("RKL")
    coming = arrived(folder, "c.zip", io.BytesIO(b"c"))
    long_ago = time.time() - 9999
    os.utime((folder / orphan).parent, (long_ago, long_ago))
    assert sweep(folder, [needed, ""], before=time.time() - 3600) == 1
    assert (folder / needed).is_file() and coming.path.is_file() and not (folder / orphan).exists()
    assert sweep(folder, [needed], before=time.time() + 1) == 0
    forget_arriving(tmp_path)
    assert [path.name for path in folder.iterdir()] == [needed.split("/")[0]]
    assert sweep(folder, [], before=time.time() + 1) == 1
