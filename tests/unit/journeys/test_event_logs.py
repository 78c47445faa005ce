"""Event logs as they are read: what is taken as said, what is refused and where it is said to be wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from joinedup.definitions import Period
from joinedup.errors import UnknownName, UnreadableFile, UnsafeFile, YourCommand, YourData
from joinedup.journeys import Journeys
from joinedup.journeys.event_logs import CsvForm, EventLog, common_variants, discover, read_csv_log, read_xes
from joinedup.journeys.event_logs.own import borough_code, log_of_journeys, reached, referred_in
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS

NAMED = {"case": "id", "activity": "what", "time": "when"}
DAY = 86_400_000


def csv_log(folder: Path, text: str, name: str = "log.csv", **more: Any) -> EventLog:
    (folder / name).write_bytes(text.encode(more["form"].encoding if "form" in more else "utf-8"))
    return read_csv_log(folder / name, **{**NAMED, **more})


def xes_log(folder: Path, inside: str, **more: Any) -> EventLog:
    (folder / "log.xes").write_text(f"<log>{inside}</log>")
    return read_xes(folder / "log.xes", **more)


def event(name: str, time: str = "2024-01-01T00:00:00Z", more: str = "") -> str:
    known = f'<string key="concept:name" value="{name}"/><date key="time:timestamp" value="{time}"/>'
    return f"<event>{known}{more}</event>"


def trace(name: str, *events: str) -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def steps(log: EventLog) -> dict[tuple[str, str], int]:
    return {(t.before, t.after): t.times for t in discover(log).transitions}


def test_rows_of_a_case_may_lie_anywhere_and_ties_keep_the_order_of_the_file(tmp_path: Path) -> None:
    log = csv_log(
        tmp_path,
        "id,what,when\nb,Y,2024-01-02\na,X,2024-01-01\nb,X,2024-01-02\na,Y,2024-01-01\nb,Z,2024-01-01\n",
    )
    assert dict(discover(log).variants.most_common()) == {("Z", "Y", "X"): 1, ("X", "Y"): 1}
    assert log.time.tolist() == [19723 * DAY, 19724 * DAY, 19724 * DAY, 19723 * DAY, 19723 * DAY]


def test_delimiter_quote_encoding_and_form_of_times_are_as_stated(tmp_path: Path) -> None:
    form = CsvForm(delimiter=";", quote="'", encoding="cp1252", time_form="%d/%m/%Y %H:%M")
    log = csv_log(tmp_path, "id;what;when\n1;'Café; late';02/03/2024 10:30\n", form=form)
    assert log.activities == ("Café; late",)
    assert log.time[0] == datetime.fromisoformat("2024-03-02T10:30+00:00").timestamp() * 1000


@pytest.mark.parametrize("text", ["2024-03-02T10:30:00.1234567+01:00", "2024-03-02 09:30:00.123Z"])
def test_offsets_are_taken_off_and_what_is_finer_than_a_millisecond_is_cut(tmp_path: Path, text: str) -> None:
    log = csv_log(tmp_path, f"id,what,when\n1,X,{text}\n")
    assert log.time[0] == datetime.fromisoformat("2024-03-02T09:30:00.123+00:00").timestamp() * 1000


@pytest.mark.parametrize(
    ("rows", "rule", "row", "column"),
    [
        ("1,X,2024-01-01\n,X,2024-01-01\n", "event-has-case", 2, "id"),
        ("1,,2024-01-01\n", "event-has-activity", 1, "what"),
        ("1,X,2024-01-01\n1,Y,\n", "event-has-time", 2, "when"),
        ("1,X,2024-01-01\n1,Y,01/02/2024\n", "time-has-form", 2, "when"),
        ("1,X,2024-01-01\n1,Y,2024-13-01\n", "time-has-form", 2, "when"),
        ("1,X,2024-01-01T10:00:00Z\n1,Y,2024-01-01T10:00:00\n", "one-kind-of-time", 2, "when"),
        ("1,X,2024-01-01\n1,Y\n", "row-is-whole", 2, None),
        ('1,X,2024-01-01\n1,"Y\nZ",2024-01-01\n1,X,2024-01-01\n', "row-is-a-line", 2, None),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, rows: str, rule: str, row: int, column: str | None
) -> None:
    with pytest.raises(YourData) as fault:
        csv_log(tmp_path, f"id,what,when\n{rows}")
    found = fault.value
    assert (found.file, found.rule, found.row, found.column) == ("log.csv", rule, row, column)
    assert found.remedy and "Y" not in found.message.replace("Your", "")


def test_an_unclosed_quote_does_not_swallow_rows(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        csv_log(tmp_path, 'id,what,when\n1,X,2024-01-01\n1,"Y,2024-01-01\n1,X,2024-01-01\n1,Z",2024-01-01\n')


@pytest.mark.parametrize("head", ["id,what", "id,what,when,when", ""])
def test_a_column_that_is_not_there_once_is_named(tmp_path: Path, head: str) -> None:
    with pytest.raises(UnreadableFile) as fault:
        csv_log(tmp_path, f"{head}\n1,X,2024-01-01\n")
    assert fault.value.rule == "column-is-there" and fault.value.column in ("when", "id")


def test_another_encoding_than_stated_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes("id,what,when\n1,X,2024-01-01\n1,Café,2024-01-01\n".encode("cp1252"))
    with pytest.raises(UnreadableFile, match="not utf-8"):
        read_csv_log(tmp_path / "log.csv", **NAMED)


@pytest.mark.parametrize(
    "wrong", [{"delimiter": ",,"}, {"quote": "\n"}, {"delimiter": '"'}, {"encoding": "ebcdic"}]
)
def test_a_form_that_cannot_be_is_a_mistake_of_the_command(wrong: dict[str, str]) -> None:
    with pytest.raises(YourCommand):
        CsvForm(**wrong)


def test_incomplete_rows_are_left_out_only_when_asked_and_counted(tmp_path: Path) -> None:
    text = "id,what,when\n1,X,2024-01-01\n,X,2024-01-01\n1,,2024-01-01\n1,Y,2024-01-02\n"
    log = csv_log(tmp_path, text, leave_out=True)
    assert (log.events, log.left_out, steps(log)) == (2, 2, {("X", "Y"): 1})


def test_an_empty_log_and_a_column_of_identifiers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(YourData, match="no events"):
        csv_log(tmp_path, "id,what,when\n")
    many = "".join(f"1,{n},2024-01-01\n" for n in range(2_001))
    with pytest.raises(YourData, match="different activities"):
        csv_log(tmp_path, f"id,what,when\n{many}")


def test_the_first_value_in_a_case_is_its_attribute(tmp_path: Path) -> None:
    text = "id,what,when,sex\n1,X,2024-01-01,\n1,Y,2024-01-02,F\n1,X,2024-01-03,M\n2,X,2024-01-01,M\n3,X,2024-02-01,\n"
    log = csv_log(tmp_path, text, attributes=("sex",))
    assert (log.where(sex="F").events, log.where(sex=["F", "M"]).cases) == (3, 2)
    assert log.begun(date(2024, 1, 2), date(2024, 2, 1)).cases == 1
    with pytest.raises(UnknownName):
        log.where(sex="X")
    with pytest.raises(UnknownName):
        log.where(age="X")
    with pytest.raises(YourCommand):
        log.begun(date(2025, 1, 1), date(2025, 1, 2))


def test_traces_of_one_name_are_one_case_and_those_without_a_name_their_own(tmp_path: Path) -> None:
    inside = trace("p", event("A")) + trace("p", event("B")) + f"<trace>{event('A')}</trace>" * 2 + trace("q")
    log = xes_log(tmp_path, inside)
    assert (log.cases, steps(log)) == (3, {("A", "B"): 1})


def test_attributes_inside_attributes_and_namespaces_are_passed_over(tmp_path: Path) -> None:
    nested = '<string key="org" value="x"><string key="concept:name" value="no"/></string>'
    head = '<global scope="event"><string key="concept:name" value="none"/></global>'
    (tmp_path / "log.xes").write_text(
        '<x:log xmlns:x="http://www.xes-standard.org/">'
        + re.sub("<(/?)", r"<\1x:", head + trace("p", event("A", more=nested), event("B", more=nested)))
        + "</x:log>"
    )  # fmt: skip
    assert steps(read_xes(tmp_path / "log.xes")) == {("A", "B"): 1}


def test_other_keys_can_be_named_and_attributes_kept(tmp_path: Path) -> None:
    more = '<string key="ward" value="W"/><string key="age" value="30"/>'
    inside = (
        '<trace><string key="id" value="p"/><string key="age" value="40"/>'
        + event("A", more=more)
        + "</trace>"
    )
    log = xes_log(tmp_path, inside, case="id", activity="ward", attributes=("age", "ward"))
    assert log.activities == ("W",) and log.where(age="40", ward="W").cases == 1


@pytest.mark.parametrize(
    ("inside", "rule", "where"),
    [
        (trace("p", event("A"), "<event/>"), "event-has-activity", "Trace 1, event 2"),
        (trace("p", '<event><string key="concept:name" value="A"/></event>'), "event-has-time", "Trace 1, event 1"),
        (trace("o", event("A")) + trace("p", event("A"), event("B", "soon")), "time-has-form", "Trace 2, event 2"),
        (trace("p", event("A"), event("B", "2024-01-01T00:00:00")), "one-kind-of-time", "Trace 1, event 2"),
        (trace("p", event("A", more='<string key="concept:name" value="B"/>')), "key-once", "Trace 1, event 1"),
        (trace("p", event("A"), '<string key="concept:name" value="q"/>'), "name-before-events", "Trace 1, event 1"),
        (event("A"), "event-in-trace", "Trace 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_xes_is_named_with_its_place(
    tmp_path: Path, inside: str, rule: str, where: str
) -> None:
    with pytest.raises(YourData) as fault:
        xes_log(tmp_path, inside)
    assert (fault.value.file, fault.value.rule) == ("log.xes", rule)
    assert fault.value.message.startswith(where) and fault.value.remedy


@pytest.mark.parametrize("text", ["<log><trace>", "<logs/>", "no xml", ""])
def test_what_is_no_xes_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "log.xes").write_text(text)
    with pytest.raises(UnreadableFile):
        read_xes(tmp_path / "log.xes")


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>')
    with pytest.raises(UnsafeFile):
        read_xes(tmp_path / "log.xes")


def journeys() -> Journeys:
    """Three journeys; the second was referred before the returns begin. Events stand in disorder."""
    known = (
        ("a", "E09000005", "recovered", "A", date(2024, 4, 2)),
        ("b", "E09000005", "referred", "A", date(2024, 3, 2)),
        ("c", "E09000009", "referred", None, date(2024, 5, 2)),
    )
    rows = [
        {
            "pathway_id": name, "borough": borough, "service": "S", "referral_month": f"{day:%Y-%m}", "stage": stage,
            "EthnicCategory": group, "ReferralRequestReceivedDate": day,
        }
        for name, borough, stage, group, day in known
    ]  # fmt: skip
    happened = [
        ("a", "discharge", date(2024, 6, 1), 4),
        ("c", "referral", date(2024, 5, 2), 1),
        ("a", "treatment", date(2024, 4, 9), 3),
        ("b", "referral", date(2024, 3, 2), 1),
        ("a", "referral", date(2024, 4, 2), 1),
        ("a", "assessment", date(2024, 4, 9), 2),
    ]
    events = [
        {"pathway_id": case, "referral_month": "", "date": day, "event": what, "sequence": number}
        for case, what, day, number in happened
    ]
    return Journeys(
        pa.Table.from_pylist(rows, JOURNEYS), CONTACTS.empty_table(), pa.Table.from_pylist(events, EVENTS),
        ANSWERS.empty_table(), rule="r", snapshot=1, first_day=date(2024, 4, 1), last_day=date(2024, 7, 31),
    )  # fmt: skip


def test_our_own_journeys_are_a_log_in_days_ordered_by_sequence() -> None:
    log = log_of_journeys(journeys(), by=["ethnic_group"])
    assert (log.unit, log.cases, log.left_out) == ("day", 2, 1)
    assert dict(discover(log).variants.most_common()) == {
        ("referral", "assessment", "treatment", "discharge"): 1, ("referral",): 1,
    }  # fmt: skip
    assert [t.median.value for t in discover(log).transitions if t.after == "discharge"] == [53]


def test_our_own_log_is_narrowed_by_place_month_stage_and_group() -> None:
    log = log_of_journeys(journeys(), by=["ethnic_group"])
    brent = log.where(borough=borough_code("Brent", date(2024, 5, 1)))
    assert (brent.cases, referred_in(log, Period.parse("2024-05")).cases) == (1, 1)
    assert (reached(log, "finished").events, reached(log, "referred").cases) == (4, 2)
    assert log.where(ethnic_group="White").events == 4
    for wrong in (lambda: borough_code("Atlantis", date(2024, 5, 1)), lambda: reached(log, "cured")):
        with pytest.raises(UnknownName):
            wrong()
    with pytest.raises(YourCommand):
        referred_in(log, Period.parse("2023-24"))


def test_the_commonest_variants_can_be_kept_alone(tmp_path: Path) -> None:
    log = csv_log(
        tmp_path,
        "id,what,when\n1,X,2024-01-01\n2,X,2024-01-01\n3,Y,2024-01-01\n4,X,2024-01-01\n4,Y,2024-01-02\n",
    )
    assert common_variants(log, 1).cases == 2
    assert np.array_equal(discover(log).variants.cases, [2, 1, 1])
