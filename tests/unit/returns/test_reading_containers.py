"""Every limit on what a submission may come in, each broken once."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.returns import containers
from joinedup.returns.reading import read_submission

TABLE = b"LocalPatientId,DisabCode\nL1,NN\nL2,04\n"


def write_zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_and_a_folder_of_the_same_tables_are_one_submission(tmp_path: Path) -> None:
    folder = tmp_path / "may"
    folder.mkdir()
    (folder / "IDS007DisabilityType.csv").write_bytes(TABLE)
    zipped = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE.replace(b"\n", b"\r\n")}, zipfile.ZIP_STORED)
    from_folder, from_zip = read_submission(folder), read_submission(zipped)
    assert from_folder.content_hash == from_zip.content_hash
    assert from_folder.files["IDS007"].rows.equals(from_zip.files["IDS007"].rows)
    assert from_zip.files["IDS007"].rows.column("DisabCode").to_pylist() == ["NN", "04"]


def test_one_changed_letter_is_another_submission(tmp_path: Path) -> None:
    one = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE})
    other = write_zip(tmp_path / "b.zip", {"IDS007.csv": TABLE.replace(b"04", b"05")})
    assert read_submission(one).content_hash != read_submission(other).content_hash


def test_a_bomb_is_refused_by_its_ratio_before_it_is_inflated(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "bomb.zip", {"IDS007.csv": TABLE + b"0" * (50 << 20)})
    with pytest.raises(UnsafeFile, match="200 times"):
        read_submission(bomb)


def test_sizes_that_the_directory_hides_are_enforced_while_inflating(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "liar.zip", {"IDS007.csv": TABLE + b"L3,NN\n" * 40})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 20)  # the unpacked size in the central directory
    path.write_bytes(data)
    with pytest.raises((UnsafeFile, UnreadableFile)):
        read_submission(path)


def test_the_total_unpacked_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_BYTES_UNPACKED", 100)
    members = {"IDS007.csv": TABLE, "IDS012.csv": b"x" * 80}
    with pytest.raises(UnsafeFile, match="unpacks to"):
        read_submission(write_zip(tmp_path / "large.zip", members, zipfile.ZIP_STORED))


def test_the_size_of_the_file_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "huge.zip"
    with path.open("wb") as stream:
        stream.truncate(containers.MAX_BYTES_IN + 1)
    with pytest.raises(UnsafeFile, match="the limit is 500 MB"):
        read_submission(path)


@pytest.mark.parametrize(
    "name",
    ["/IDS007.csv", "../IDS007.csv", "a/../IDS007.csv", "..\\IDS007.csv", "C:\\IDS007.csv", "C:IDS007.csv"],
)
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeFile, match="climbs out"):
        read_submission(write_zip(tmp_path / "a.zip", {name: TABLE}))


@pytest.mark.parametrize("name", ["returns/IDS007.csv", "returns/", "a/b/IDS007.csv"])
def test_folders_inside_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeFile, match="folder"):
        read_submission(write_zip(tmp_path / "a.zip", {name: TABLE if not name.endswith("/") else b""}))


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"Q.csv": TABLE})
    path.write_bytes(path.read_bytes().replace(b"Q.csv", b"\0.csv"))  # names end at a zero byte
    with pytest.raises(UnsafeFile, match="has no name"):
        read_submission(path)


def test_a_member_whose_local_name_is_no_text_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE})
    data = bytearray(path.read_bytes())
    data[6:8] = struct.pack("<H", 0x800)  # the local header says that its name is UTF-8
    data[33] = 0xCD
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        read_submission(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_that_is_not_what_its_checksum_says_is_refused(tmp_path: Path, method: int) -> None:
    path = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE}, method)
    assert read_submission(path).files["IDS007"].rows.num_rows == 2
    data = path.read_bytes()
    checksum = struct.pack("<I", zlib.crc32(TABLE))
    assert data.count(checksum) == 2  # beside the member, and in the directory
    path.write_bytes(data.replace(checksum, struct.pack("<I", zlib.crc32(TABLE) ^ 1)))
    with pytest.raises(UnreadableFile):
        read_submission(path)


def test_a_folder_inside_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "IDS007.csv").write_bytes(TABLE)
    with pytest.raises(UnsafeFile, match="folder inside"):
        read_submission(tmp_path)


def test_an_archive_inside_a_zip_is_refused_by_name_and_by_content(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("IDS007.csv", TABLE)
    for name in ("IDS007.zip", "IDS007.csv"):
        with pytest.raises(UnsafeFile, match="archive"):
            read_submission(write_zip(tmp_path / "a.zip", {name: inner.getvalue()}))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("IDS007.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/hostname")
    with pytest.raises(UnsafeFile, match="is a link"):
        read_submission(tmp_path / "a.zip")


def test_a_link_in_a_folder_and_a_linked_file_are_refused(tmp_path: Path) -> None:
    real = write_zip(tmp_path / "real.zip", {"IDS007.csv": TABLE})
    (tmp_path / "linked.zip").symlink_to(real)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "IDS007.csv").symlink_to(real)
    for path in (tmp_path / "linked.zip", folder):
        with pytest.raises(UnsafeFile, match="link"):
            read_submission(path)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "IDS007.csv")
    with pytest.raises(UnsafeFile, match="device"):
        read_submission(tmp_path)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE})
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 0x1
    path.write_bytes(data)
    with pytest.raises(UnsafeFile, match="encrypted"):
        read_submission(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(UnsafeFile, match="deflate"):
        read_submission(write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE}, method))


def test_one_hundred_members_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    notes = {f"note{number}.txt": b"n" for number in range(99)}
    read = read_submission(write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE, **notes}))
    assert len(read.problems) == 99
    with pytest.raises(UnsafeFile, match="limit is 100"):
        read_submission(write_zip(tmp_path / "b.zip", {"IDS007.csv": TABLE, **notes, "one.txt": b"n"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("IDS007.csv", TABLE)
        archive.writestr("IDS007.csv", TABLE)
    with pytest.raises(UnsafeFile, match="one name"):
        read_submission(tmp_path / "a.zip")


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    members = {"IDS007.csv": TABLE, "IDS007DisabilityType.csv": TABLE}
    with pytest.raises(UnreadableFile, match="both claim to be IDS007"):
        read_submission(write_zip(tmp_path / "a.zip", members))


def test_a_zip_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE * 20}).read_bytes()
    cut = tmp_path / "cut.zip"
    for share in range(100):
        cut.write_bytes(whole[: len(whole) * share // 100])
        with pytest.raises((UnreadableFile, UnsafeFile)):
            read_submission(cut)


def test_a_damaged_byte_in_a_member_is_noticed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"IDS007.csv": TABLE}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"L1,NN", b"L1,NA"))
    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        read_submission(path)


def test_files_that_are_no_return_say_what_to_send(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "notes").mkdir()
    write_zip(tmp_path / "none.zip", {"readme.txt": b"hello"})
    for name in ("a.xlsx", "notes", "none.zip", "absent.zip"):
        with pytest.raises(UnreadableFile) as caught:
            read_submission(tmp_path / name)
        assert caught.value.remedy and caught.value.file == name
