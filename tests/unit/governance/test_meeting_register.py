"""Import into a folder: once, whole, on the disk before anything is said, and again where something failed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from joinedup.errors import UnknownName, YourCommand, YourData
from joinedup.governance.meetings import Register, example_pages, import_files
from joinedup.governance.meetings import importing as importing_module
from joinedup.governance.meetings.archive import FOLDER, path_in
from joinedup.governance.meetings.identity import Identity
from joinedup.governance.meetings.register import FILE, writing
from tests.unit.governance.meeting_files import IMPORTED, JOINT, REPORT, listing, meeting, page, pdf_of, put

ALDER, BIRCH = meeting(), page("Birch", body="The committee met to discuss waits.")


def bring(folder: Path, *paths: Path, **said: Any) -> tuple[Register, list[str]]:
    register, steps = import_files(folder, paths, **{"by": "clerk", "on": IMPORTED, **said})
    assert Register.load(folder) == register
    return register, [step.result for step in steps]


def papers(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER).rglob("*") if path.is_file())


def identity(first: str, second: str, are: str) -> Identity:
    return Identity.model_validate(
        {"first": first, "second": second, "are": are, "by": "chair", "on": IMPORTED, "why": "I was there."}
    )


def test_the_example_becomes_one_meeting_with_its_differences_named(tmp_path: Path) -> None:
    register, results = bring(tmp_path, *example_pages())
    (one,) = register.meetings
    assert results == ["new", "new"] and not register.candidates
    assert one.id == "2025-11-18-north-west-london-joint-health-overview-and-scrutiny-committee"
    assert (f"{one.day}", one.time, one.venue) == ("2025-11-18", "10:00", "Harrow Council Hub")
    said = {(each.field, each.about): dict(each.says) for each in one.differences}
    assert said["item", "Dentist Commissioning"] == {
        "Harrow Council": "listed", "Kensington and Chelsea Council": "not listed",
    }  # fmt: skip
    assert said["venue", ""]["Harrow Council"] == "not said"
    assert said["attendance", ""]["Harrow Council"] == "lists nobody: missing, not none"


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    files = put(tmp_path / "in", a_xml=ALDER, b_xml=listing(("4967", "18/11/2025")), c_txt=BIRCH)
    files += put(tmp_path / "in", **{"60860_pdf": pdf_of(*REPORT)})
    said = {"council": "Alder"}
    first, results = bring(tmp_path, *files, **said)
    assert results == ["new"] * 4
    before = (tmp_path / FILE).read_bytes(), (tmp_path / FILE).stat().st_mtime_ns
    for order in (files, files[::-1]):
        again, results = bring(tmp_path, *order, **said, by="somebody else")
        assert again == first and set(results) == {"known"}
    assert ((tmp_path / FILE).read_bytes(), (tmp_path / FILE).stat().st_mtime_ns) == before
    assert len(papers(tmp_path)) == 4


def test_a_folder_is_imported_whole_and_the_same_bytes_twice_are_one_paper(tmp_path: Path) -> None:
    put(tmp_path / "in", a_pdf=pdf_of(*REPORT), b_pdf=pdf_of(*REPORT), c_txt=BIRCH)
    register, results = bring(tmp_path, tmp_path / "in")
    assert results == ["new", "new"] and len(register.papers) == 2
    pdf = next(paper for paper in register.papers if paper.medium == "pdf")
    assert path_in(tmp_path, pdf.sha256, "pdf").read_bytes() == pdf_of(*REPORT)
    assert pdf.records == register.meetings[0].keys


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_records_one_by_one_in_any_order_become_the_same_meeting(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    files = put(tmp_path / "in", a_xml=ALDER, b_xml=listing(("4967", "18/11/2025")), c_txt=BIRCH)
    for at in order:
        register, results = bring(tmp_path, files[at], council="" if at == 2 else "Alder", committee=JOINT)
        assert results in (["new"], ["changed"], ["known"])
    (one,) = register.meetings
    assert [record.source.council for record in one.records] == ["Alder", "Birch"]
    assert one.records[0].items and one.records[0].committee_number == "144"


def test_a_record_without_a_committee_fails_and_can_be_run_again(tmp_path: Path) -> None:
    (file,) = put(tmp_path / "in", a_xml=ALDER)
    register, steps = import_files(tmp_path, [file], by="clerk", on=IMPORTED, council="Alder")
    (step,) = steps
    assert step.result == "failed" and "--committee" in step.remedy and not register.records
    assert not (tmp_path / FILE).exists() and not (tmp_path / FOLDER).exists()
    assert bring(tmp_path, file, council="Alder", committee=JOINT)[1] == ["new"]


def test_what_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    files = put(tmp_path / "in", a_xml=b"<meeting>", b_txt=BIRCH, c_pdf=b"%PDF-1.4 nothing", d_txt=b"")
    register, steps = import_files(tmp_path, [*files, tmp_path / "none"], by="clerk", on=IMPORTED)
    results = {step.file: step.result for step in steps}
    assert results == {
        "a.xml": "failed", "b.txt": "new", "c.pdf": "failed", "d.txt": "failed", "none": "failed",
    }  # fmt: skip
    assert all(step.message and step.remedy for step in steps if step.result == "failed")
    assert len(register.meetings) == 1 and len(papers(tmp_path)) == 1


def test_a_paper_that_fits_no_meeting_waits_until_somebody_says_which(tmp_path: Path) -> None:
    files = put(tmp_path / "in", a_txt=BIRCH, b_pdf=pdf_of(*REPORT))
    register, steps = import_files(tmp_path, files[1:], by="clerk", on=IMPORTED)
    assert steps[0].meetings == () and "--meeting" in steps[0].remedy
    register, _ = bring(tmp_path, files[0])
    (one,) = register.meetings
    register, results = bring(tmp_path, files[1], meeting=one.id)
    assert results == ["changed"] and len(register.papers_of(one)) == 2
    with pytest.raises(UnknownName, match="no meeting"):
        bring(tmp_path, files[1], meeting="2020-01-01-nothing")


def test_a_later_version_replaces_the_record_and_the_earlier_stays_in_the_archive(tmp_path: Path) -> None:
    (first,) = put(tmp_path / "in", a_txt=BIRCH)
    bring(tmp_path, first)
    (second,) = put(tmp_path / "in", a_txt=page("Birch", body="The committee met to discuss schools."))
    register, results = bring(tmp_path, second)
    (record,) = register.records
    assert results == ["changed"] and [item.title for item in record.items] == ["Schools"]
    assert len(record.source.earlier) == 1 and len(papers(tmp_path)) == 2
    assert len(register.papers_of(register.meetings[0])) == 1


def test_nothing_is_said_before_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    sync, link, replace_ = os.fsync, os.link, Path.replace

    def synced(handle: int) -> None:
        calls.append("sync " + Path(f"/proc/self/fd/{handle}").readlink().name.split(".part")[0])
        sync(handle)

    def linked(old: Any, new: Any) -> None:
        calls.append(f"name {Path(new).name}")
        link(old, new)

    def replaced(old: Path, new: Any) -> Path:
        calls.append(f"name {Path(new).name}")
        return replace_(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(Path, "replace", replaced)
    register, _ = bring(tmp_path, *put(tmp_path / "in", c_txt=BIRCH))
    paper = register.papers[0].sha256
    names = [call for call in calls if call.startswith("name")]
    assert names == [f"name {paper}.txt", f"name {FILE}"]
    before, after = calls[: calls.index(names[0])], calls[calls.index(names[0]) :]
    assert any(paper in call for call in before) and after[1] == f"sync {paper[:2]}"
    written = calls.index(names[1])
    assert calls[written - 1] == f"sync .{FILE}" and calls[written + 1] == f"sync {tmp_path.name}"


@pytest.mark.parametrize("at", range(4))
def test_stopped_at_any_step_it_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    files = put(tmp_path / "in", a_txt=BIRCH, b_pdf=pdf_of(*REPORT), c_xml=ALDER)
    steps = iter(range(100))

    def until(real: Any) -> Any:
        def call(*given: Any) -> Any:
            if next(steps) == at:
                raise KeyboardInterrupt
            return real(*given)

        return call

    with monkeypatch.context() as patched:
        patched.setattr(importing_module, "archive", until(importing_module.archive))
        patched.setattr(Register, "save", until(Register.save))
        with pytest.raises(KeyboardInterrupt):
            bring(tmp_path, *files, council="Alder", committee=JOINT)
    assert Register.load(tmp_path) == Register()
    register, results = bring(tmp_path, *files, council="Alder", committee=JOINT)
    assert results == ["new"] * 3 and len(papers(tmp_path)) == 3
    whole, _ = bring(tmp_path / "other", *files, council="Alder", committee=JOINT)
    assert register == whole


def test_a_damaged_copy_in_the_archive_is_put_right_by_importing_again(tmp_path: Path) -> None:
    files = put(tmp_path / "in", a_txt=BIRCH)
    register, _ = bring(tmp_path, *files)
    path = path_in(tmp_path, register.papers[0].sha256, "text")
    path.chmod(0o600)
    path.write_bytes(b"torn")
    bring(tmp_path, *files)
    assert path.read_bytes() == BIRCH


def test_a_register_that_was_altered_or_is_another_file_is_refused(tmp_path: Path) -> None:
    bring(tmp_path, *put(tmp_path / "in", a_txt=BIRCH))
    path = tmp_path / FILE
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"Birch", b"Beech"))
    with pytest.raises(YourData, match="altered") as told:
        Register.load(tmp_path)
    assert told.value.remedy
    for content in (b"", b"[]", b"{}", b"null", whole[:-20], b"[" * 100_000):
        path.write_bytes(content)
        with pytest.raises(YourData):
            Register.load(tmp_path)


def test_two_do_not_write_one_register_at_once(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(YourCommand, match="Somebody else"), writing(tmp_path):
        pass
    with writing(tmp_path) as register:
        assert register == Register()


def test_who_imports_is_said(tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match="Who imports"):
        import_files(tmp_path, [], by=" ", on=IMPORTED)
    with pytest.raises(YourCommand, match="no address"):
        import_files(tmp_path, [], by="clerk", on=IMPORTED, url="javascript:alert(1)")


def test_a_persons_word_is_kept_and_contradictions_are_refused(tmp_path: Path) -> None:
    files = put(
        tmp_path / "in",
        a_txt=BIRCH,
        b_txt=page("Cedar", day="Tuesday, 18th November, 2025 2.00 pm"),
        c_txt=page("Elm"),
    )
    register, _ = bring(tmp_path, *files)
    birch, cedar, elm = (record.key for record in register.records)
    assert len(register.meetings) == 2 and len(register.candidates) == 2
    register = register.decided(identity(cedar, birch, "different")).decided(identity(birch, elm, "same"))
    with pytest.raises(YourCommand, match="different meetings"):
        register.decided(identity(elm, cedar, "same"))
    with pytest.raises(UnknownName):
        register.decided(identity("nothing", cedar, "same"))
    with pytest.raises(YourCommand, match="one record"):
        register.decided(identity(cedar, cedar, "same"))
    register = register.decided(identity(birch, cedar, "same")).decided(identity(elm, cedar, "same"))
    assert len(register.meetings) == 1 and not register.candidates
    assert Register.from_bytes(register.to_bytes()) == register
    assert ("time", "") in {(each.field, each.about) for each in register.meetings[0].differences}
