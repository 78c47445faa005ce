"""What checking a return answers: outcomes, what falls with what, limits, and nothing that identifies."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from minimal_return import EXPECTED, NUMBERS, Rows, as_submission, minimal_rows
from rule_mutations import at, both, put, repeat

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnknownName
from joinedup.lake import Session, sql_session
from joinedup.returns import snomed_sql
from joinedup.returns.findings import Finding, shape, show_safely
from joinedup.returns.gathering import LISTED_PER_RULE
from joinedup.returns.reading import read_submission
from joinedup.returns.report import ValidationReport
from joinedup.returns.validating import validate

SPEC = ReturnSpec.load("talking_therapies")


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with sql_session() as made:
        yield made


def check(rows: Rows, session: Session) -> ValidationReport:
    return validate(as_submission(rows), expected=EXPECTED, session=session)[0]


def rules_at(report: ValidationReport, file: str) -> set[tuple[str, int | None]]:
    return {(f.rule, f.row) for f in report.findings if (f.file or "").startswith(file)}


def test_a_return_without_fault_passes_whole(session: Session) -> None:
    submission = as_submission(minimal_rows())
    report, accepted = validate(submission, expected=EXPECTED, session=session)
    assert (report.outcome, report.findings, report.counts) == ("accepted", (), {})
    assert {table: file.rows for table, file in submission.files.items()} == accepted
    assert len(accepted) == 21
    assert report.rows == sum(len(rows) for rows in accepted.values())
    assert set(report.not_run) == {rule.id for rule in SPEC.rules if not rule.runs}


def test_the_header_says_whose_and_for_when(session: Session) -> None:
    header = check(minimal_rows(), session).header
    assert header is not None
    assert (header.provider, header.submitter, header.period, header.version) == (
        "RV3",
        "RV3",
        "2024-04",
        "2.1",
    )
    assert (header.period_start, header.period_end) == (date(2024, 4, 1), date(2024, 4, 30))
    assert header.created == datetime(2024, 5, 20, 9, 30)


def test_the_report_as_json_has_the_promised_keys(session: Session) -> None:
    rows = minimal_rows()
    put("IDS101.EndCode", "XX", row=5)(rows)
    answer = json.loads(check(rows, session).to_json())
    assert list(answer)[:4] == ["outcome", "files", "rows", "findings"]
    assert answer["outcome"] == "accepted"
    keys = {"rule", "severity", "file", "row", "column", "value", "message"}
    assert {key for finding in answer["findings"] for key in finding} == keys
    assert answer["rules_version"] == "2.0"
    assert answer["header"]["created"] == "2024-05-20T09:30:00"


def test_a_rejected_referral_takes_all_that_hangs_on_it(session: Session) -> None:
    rows = minimal_rows()
    put("IDS101.OrgIDComm", None)(rows)
    report, accepted = validate(as_submission(rows), expected=EXPECTED, session=session)
    assert report.outcome == "accepted_with_rejects"
    assert rules_at(report, "IDS101") == {("IDS10108", 1), ("IDS10101", 1)}
    assert rules_at(report, "IDS001") == {("IDS00146", 1)}
    assert rules_at(report, "IDS201") == {("IDS20142", 1)}
    assert rules_at(report, "IDS202") == {("IDS20224", 1)}
    assert rules_at(report, "IDS607") == {("IDS60708", 1), ("IDS60708", 2)}
    assert rules_at(report, "IDS003") == {
        ("IDS00146", 1)
    }  # no public rule covers it: named under its parent's
    assert accepted["IDS101"]["ServiceRequestId"].to_pylist() == ["R2", "R3", "R4", "R5"]
    assert accepted["IDS001"]["LocalPatientId"].to_pylist() == ["P2", "P3", "P4", "P5"]
    assert len(accepted["IDS601"]) == 0
    assert accepted["IDS902"]["_row"].to_pylist() == [1, 2]


def test_a_dependant_names_the_row_and_the_rule_it_fell_by(session: Session) -> None:
    rows = minimal_rows()
    put("IDS201.AppType", None, row=2)(rows)
    activity = next(f for f in check(rows, session).findings if f.rule == "IDS20224")
    assert (activity.file, activity.row, activity.column) == ("IDS202CareActivity.csv", 2, "CareContactId")
    assert "falls with row 2 of IDS201, rejected by IDS20154" in activity.message


def test_rejecting_a_child_leaves_its_parent(session: Session) -> None:
    rows = minimal_rows()
    put("IDS607.PersScore", None)(rows)
    report, accepted = validate(as_submission(rows), expected=EXPECTED, session=session)
    assert [f.rule for f in report.findings] == ["IDS60705"]
    assert accepted["IDS607"]["_row"].to_pylist() == [2, 3]
    assert accepted["IDS202"]["_row"].to_pylist() == [1, 2, 3, 4, 5]


def test_every_row_of_a_repeated_key_is_dropped(session: Session) -> None:
    rows = minimal_rows()
    repeat("IDS101")(rows)
    _, accepted = validate(as_submission(rows), expected=EXPECTED, session=session)
    assert "R1" not in accepted["IDS101"]["ServiceRequestId"].to_pylist()


def test_a_refused_return_lets_nothing_through(session: Session) -> None:
    rows = minimal_rows()
    put("IDS001.NHSNumber", "1234567890")(rows)
    report, accepted = validate(as_submission(rows), expected=EXPECTED, session=session)
    assert report.refused
    assert accepted == {}
    assert all(file.accepted == 0 for file in report.files)


BOUNDARIES = [
    ("IDS00211", at("IDS002.StartDateGMPRegistration", "2024-05-01")),
    ("IDS90215", at("IDS902.QualPlannedCompletionDate", "2026-04-30", row=2)),
    ("IDS10113", at("IDS101.ReferralRequestReceivedDate", "2024-04-30")),
    ("IDS20108", at("IDS201.CareContDate", "2024-04-30")),
    ("IDS20170", at("IDS201.CareContDate", "2024-04-01")),
    ("IDS20171", at("IDS201.CareContDate", "2024-03-15")),
    ("IDS60316", at("IDS603.PresCompDate", "1985-06-15")),
    ("IDS10141", at("IDS101.OnsetDate", "1985-06")),
    ("IDSREJ008", at("IDS001.PersonBirthDate", "1903-04-02")),
    ("IDS00027", at("IDS000.DateTimeDatSetCreate", "2024-05-22T23:59:59")),
    ("IDS60607", at("IDS606.PersScore", "27")),
    ("IDS00102", at("IDS001.LocalPatientId", "P" * 20)),
    ("IDS20114", at("IDS201.ClinContDurOfCareCont", "9999")),
    ("IDS10112", at("IDS101.ReferralRequestReceivedDate", "2024-02-29")),
]


@pytest.mark.parametrize(
    ("rule", "mutation"), BOUNDARIES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_limit_itself_is_allowed(rule: str, mutation: object, session: Session) -> None:
    rows = minimal_rows()
    mutation.change(rows)  # type: ignore[attr-defined]  # a Mutation; its type lives beside the tests
    assert rule not in check(rows, session).counts


def test_a_blank_value_breaks_no_rule_on_what_a_value_must_be(session: Session) -> None:
    rows = minimal_rows()
    optional = [
        c.name for c in SPEC.table("IDS201").columns if c.mandation == "R" and c.name != "Cancellation"
    ]
    both(*(put(f"IDS201.{name}", None) for name in optional))(rows)
    assert check(rows, session).findings == ()


def test_two_missed_contacts_at_one_time_are_no_repeat(session: Session) -> None:
    rows = minimal_rows()
    both(put("IDS201.AttendOrDNACode", "3"), repeat("IDS201"), put("IDS201.CareContactId", "C6", row=6))(rows)
    assert "IDS20168" not in check(rows, session).counts


def test_a_registration_taken_over_the_day_after_by_another_practice_is_right(session: Session) -> None:
    rows = minimal_rows()
    both(repeat("IDS002"), put("IDS002.EndDateGMPRegistration", "2024-04-10"))(rows)
    both(
        put("IDS002.StartDateGMPRegistration", "2024-04-11", row=6),
        put("IDS002.GMPCodeReg", "E87002", row=6),
    )(rows)
    assert check(rows, session).findings == ()
    put("IDS002.GMPCodeReg", "E87001", row=6)(rows)
    assert rules_at(check(rows, session), "IDS002") == {("IDS00223", 1)}


def test_what_was_not_announced_is_not_judged(session: Session) -> None:
    rows = minimal_rows()
    put("IDS000.OrgIDSubmit", "RKL")(rows)
    report, _ = validate(as_submission(rows), session=session)
    assert report.findings == ()
    told = {"IDS00016", "IDS00019", "IDS00027", "IDS00030", "IDS00033"}
    assert told == {rule for rule, why in report.not_run.items() if "nothing was said" in why}
    with pytest.raises(UnknownName, match="Provider"):
        validate(as_submission(rows), expected={"Provider": "RV3"}, session=session)


def test_findings_beyond_a_thousand_are_counted_but_not_listed(session: Session) -> None:
    rows = minimal_rows()
    code = rows["IDS902"][0]
    rows["IDS902"] += [{**code, "CarePersLocalId": f"T{n}", "QualAttainLevelIAPT": "7"} for n in range(1_200)]
    report = check(rows, session)
    assert report.counts["IDS90204"] == 1_200
    listed = [finding.row for finding in report.findings if finding.rule == "IDS90204"]
    assert listed == list(range(3, 3 + LISTED_PER_RULE))


def test_a_session_serves_one_return_after_another(session: Session) -> None:
    empty = minimal_rows()
    empty["IDS607"] = []
    for rows, findings in ((minimal_rows(), 0), (empty, 0), (minimal_rows(), 0)):
        assert len(check(rows, session).findings) == findings
    with sql_session() as fresh:
        assert check(minimal_rows(), fresh).outcome == "accepted"


def test_a_table_without_one_of_its_columns_is_refused_by_the_reader(tmp_path: Path) -> None:
    for table, file in as_submission(minimal_rows()).files.items():
        dropped = {"_row"} | ({"EndCode"} if table == "IDS101" else set())
        kept = [name for name in file.rows.column_names if name not in dropped]
        arrow_csv.write_csv(file.rows.select(kept), tmp_path / file.file_name)
    report, accepted = validate(read_submission(tmp_path), expected=EXPECTED)
    named = [f for f in report.findings if f.rule == "IDSREJ001" and f.severity == "REJECT_FILE"]
    assert [(f.file, f.column) for f in named] == [("IDS101Referral.csv", "EndCode")]
    assert report.refused
    assert accepted == {}


def test_a_return_written_to_files_and_read_again_passes(tmp_path: Path) -> None:
    for file in as_submission(minimal_rows()).files.values():
        arrow_csv.write_csv(file.rows.drop_columns(["_row"]), tmp_path / file.file_name)
    report, _ = validate(read_submission(tmp_path), expected=EXPECTED)
    assert (report.outcome, report.findings) == ("accepted", ())


def test_no_finding_shows_what_identifies_a_person(session: Session) -> None:
    secrets = ["Farquharson", "1234567890", "SW1A 1AA", "1931-07-04", "HOSP-7788-QX"]
    rows = minimal_rows()
    for table, sent in rows.items():
        for index, column in enumerate(SPEC.table(table).columns):
            if table != "IDS000":
                sent[0][column.name] = secrets[index % len(secrets)]
    rows["IDS001"][0] |= {"NHSNumber": "1234567890", "PersonBirthDate": "19310704", "Postcode": "SW1A1AA"}
    report = check(rows, session)
    assert len(report.findings) > 100
    told = report.to_json()
    for secret in ("Farquharson", "1234567890", "SW1A", "19310704", "7788", *NUMBERS):
        assert secret not in told


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1234567890", "10 digits"),
        ("Farquharson", "11 letters"),
        ("SW1A 1AA", "AA9A 9AA"),
        ("W1A1AA", "A9A9AA"),
        ("XX", "XX"),
        ("7", "7"),
        ("2024-04-31", "2024-04-31"),
        ("a long remark about somebody", "28 characters"),
        ("  ", "blank"),
        (None, "blank"),
    ],
)
def test_values_are_shown_by_what_they_could_give_away(value: str | None, shown: str) -> None:
    assert show_safely(value, identifying=False) == shown
    if value and value.strip():
        assert show_safely(value, identifying=True) == shape(value) != value


def test_long_codes_are_shown_where_codes_are_expected() -> None:
    assert show_safely("720433000", identifying=False, long_codes=True) == "720433000"
    assert show_safely("9434765919", identifying=False, long_codes=True) == "10 digits"
    assert show_safely("RKL", identifying=False, long_codes=True) == "RKL"


@given(st.text())
def test_the_shape_of_a_value_has_none_of_its_letters_and_digits(value: str) -> None:
    shown = shape(value)
    if not shown.endswith(("digit", "digits", "letter", "letters", "characters")):
        assert len(shown) == len(value)
        assert {sign for sign in shown if sign.isalnum()} <= {"A", "9"}


def _check_digit(stem: str) -> str | None:
    check = 11 - sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else str(check % 11)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("0123456789", min_size=10, max_size=10), min_size=3, max_size=3, unique=True))
def test_nhs_numbers_are_judged_by_modulus_11(numbers: list[str]) -> None:
    rows = minimal_rows()
    for row, number in enumerate(numbers, start=1):
        put("IDS001.NHSNumber", number, row=row)(rows)
    with sql_session() as session:
        found = {f.row for f in check(rows, session).findings if f.rule == "IDSREJ006"}
    assert found == {row for row, n in enumerate(numbers, start=1) if _check_digit(n[:9]) != n[9]}


@settings(max_examples=100, deadline=None)
@given(st.integers(10**5, 10**17), st.sampled_from(["00", "10", "01"]), st.integers(0, 9))
def test_snomed_check_digits_agree_with_the_published_tables(stem: int, partition: str, digit: int) -> None:
    code = f"{stem}"[:14] + partition + str(digit)
    total = 0
    for place, value in enumerate(int(d) for d in reversed(code)):
        permuted = int(snomed_sql._PERMUTATIONS[place % 8][value])
        total = int(snomed_sql._PRODUCTS[total][permuted])
    with sql_session() as session:
        session.register("codes", pa.table({"code": [code]}))
        valid = session.fetch(f"SELECT {snomed_sql.simple_is_valid('code')} AS valid FROM codes")["valid"][
            0
        ].as_py()
    assert valid == (total == 0 and partition != "01")


def test_findings_of_reading_stand_beside_findings_of_rules(session: Session) -> None:
    odd = Finding("IDSREJ001", "WARNING", "notes.txt", None, None, None, "Not a table.")
    submission = replace(as_submission(minimal_rows()), problems=(odd,))
    report, _ = validate(submission, expected=EXPECTED, session=session)
    assert report.findings == (odd,)
    assert report.outcome == "accepted"
