from __future__ import annotations

import csv
import gzip
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joinedup.errors import UnknownFigures, UnknownName, UnreadableFile, YourData
from joinedup.lake import create_lake
from joinedup.returns.published import load_published, read_published, reconcile
from joinedup.returns.published_shape import COLUMNS

ANNUAL = ("reporting_period", "start_date", "end_date", "org_type", "org_code", "org_name", "variable_type",
          "variable_a", "variable_b", "measure_name", "measure_statistic", "value")  # fmt: skip
LONG = ("REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE1", "ORG_NAME1", "ORG_CODE2",
        "ORG_NAME2", "MEASURE_ID", "MEASURE_NAME", "MEASURE_VALUE_SUPPRESSED")  # fmt: skip

Rows = list[tuple[str, ...]]


def annual(org: str, code: str, label: tuple[str, str, str], **values: str) -> Rows:
    head = ("2024-25", "2024-04-01", "2025-03-31", org, code, f"NAME {code}", *label)
    return [
        (*head, name.removesuffix("_pct"), "percentage" if name.endswith("_pct") else "count", value)
        for name, value in values.items()
    ]


WHITE = ("Ethnic Group", "White", "All")
TOTAL = ("Total", "NULL", "NULL")


def site_rows() -> Rows:
    ethnic, decile = "Ethnic Group", ("Indices of Deprivation Decile", "01 Least deprived", "NULL")
    outcomes = {"finished_course_treatment": "500", "not_at_caseness": "40", "reliable_recovery": "210"}
    white = {"finished_course_treatment": "250", "not_at_caseness": "*", "reliable_recovery": "120"}
    england = {"finished_course_treatment": "1003", "not_at_caseness": "71", "recovery": "465"}
    return [
        *annual("Provider", "RV3CH", TOTAL, referrals_received="1205", **outcomes),
        *annual("Provider", "RV3CH", TOTAL, reliable_recovery_pct="46", recovery="*"),
        *annual("Provider", "RV3CH", WHITE, referrals_received="600", **white, reliable_recovery_pct="49"),
        *annual(
            "Provider", "RV3CH", (ethnic, "Not stated/Not known/Invalid", "All"), referrals_received="50"
        ),
        *annual("Provider", "RV3CH", (ethnic, "Other Ethnic Groups", "Chinese"), referrals_received="15"),
        *annual("Provider", "RV3CH", decile, referrals_received="10"),
        *annual("Provider", "RV3CH", ("Shoe Size", "Large", "NULL"), referrals_received="NULL"),
        *annual("England", "All", TOTAL, **england, recovery_pct="49.9"),
    ]


def month(kind: str, first: str, second: str, *measure: str) -> tuple[str, ...]:
    names = {"W2U3Z": "NWL", "RV3CH": "ICCS"}
    places = (first, names.get(first, first), second, names.get(second, second))
    return ("2025-03-01", "2025-03-31", kind, *places, *measure)


SITE = site_rows()
MONTH: Rows = [
    month("England", "All", "All", "M001", "Count_ReferralsReceived", "123456"),
    month("SubICB", "W2U3Z", "All", "M192", "Percentage_Recovery", "46"),
    month("SubICB/Provider", "W2U3Z", "RV3CH", "M001", "Count_ReferralsReceived", "5"),
    month("Provider", "All", "RV3CH", "M001", "Count_ReferralsReceived", "1045"),
    month("Provider", "All", "RV3CH", "M002", "Count_SelfReferrals", "*"),
    month("Provider", "All", "RV3CH", "M206", "Percentage_ReliableRecoveryEthnicGroupWhite", "51"),
]


def as_csv(header: tuple[str, ...], rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return written(tmp_path, "annual.csv", as_csv(ANNUAL, SITE))


def test_an_annual_file_in_one_shape(site: Path) -> None:
    figures = read_published(site)
    assert tuple(figures.table.column_names) == COLUMNS
    assert (figures.kind, len(figures), figures.left_out) == ("annual", len(SITE), 0)
    rows = figures.table.to_pylist()
    assert [(row["breakdown"], row["group"]) for row in rows[-8:-3]] == [
        ("ethnic_group", "Not stated"), ("ethnic_category", "Chinese"),
        ("deprivation_decile", "10 - least deprived"),
        ("Shoe Size", "Large"), ("total", "All"),
    ]  # fmt: skip
    hidden = next(row for row in rows if row["measure_id"] == "M191" and row["level"] == "provider")
    assert (hidden["value"], hidden["hidden"], hidden["rounded_to"]) == (None, True, 5)
    absent = next(row for row in rows if row["breakdown"] == "Shoe Size")
    assert (absent["value"], absent["hidden"]) == (None, False)
    england = rows[-1]
    assert (england["org_code"], england["measure_id"], england["value"], england["rounded_to"]) == (
        "E92000001",
        "M192",
        49.9,
        1,
    )


@pytest.mark.parametrize("name", ["annual.csv.gz", "annual.parquet"])
def test_every_container_gives_the_same_figures(tmp_path: Path, site: Path, name: str) -> None:
    if name.endswith(".parquet"):
        columns = list(zip(*SITE, strict=True))
        pq.write_table(pa.table(dict(zip(ANNUAL, map(pa.array, columns), strict=True))), tmp_path / name)
    else:
        written(tmp_path, name, as_csv(ANNUAL, SITE))
    assert read_published(tmp_path / name).table.to_pylist() == read_published(site).table.to_pylist()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    rows = [(*MONTH[0][:4], "Café", *MONTH[0][5:])]
    path = written(tmp_path, "month.csv", as_csv(LONG, rows).decode().encode(encoding))
    assert read_published(path).table["value"].to_pylist() == [123456.0]


def test_the_long_form_of_nhs_england(tmp_path: Path) -> None:
    figures = read_published(written(tmp_path, "month.csv", as_csv(LONG, MONTH)))
    assert (figures.kind, len(figures), figures.left_out) == ("monthly", 5, 1)
    rows = figures.table.to_pylist()
    assert {row["period"] for row in rows} == {"2025-03"}
    assert [(row["level"], row["org_code"], row["measure_name"], row["statistic"]) for row in rows] == [
        ("england", "E92000001", "referrals_received", "count"), ("ccg", "W2U3Z", "recovery", "percentage"),
        ("provider", "RV3CH", "referrals_received", "count"),
        ("provider", "RV3CH", "self_referrals", "count"),
        ("provider", "RV3CH", "reliable_recovery_ethnic_group_white", "percentage"),
    ]  # fmt: skip
    assert (rows[4]["breakdown"], rows[4]["group"], rows[4]["measure_id"]) == (
        "ethnic_group",
        "White",
        "M206",
    )


@pytest.mark.parametrize(
    "rename",
    [
        {"REPORTING_PERIOD_START": "ReportingPeriodStart", "MEASURE_VALUE_SUPPRESSED": "MeasureValue"},
        {"GROUP_TYPE": "ORG_TYPE", "MEASURE_ID": "measure id", "MEASURE_VALUE_SUPPRESSED": "MEASURE_VALUE"},
    ],
)
def test_headers_drift(tmp_path: Path, rename: dict[str, str]) -> None:
    header = tuple(rename.get(name, name) for name in LONG)
    assert len(read_published(written(tmp_path, "month.csv", as_csv(header, MONTH)))) == 5


def test_other_ways_to_write_a_period(tmp_path: Path) -> None:
    header = (
        "REPORTING_PERIOD",
        "ORG_TYPE",
        "ORG_CODE",
        "ORG_NAME",
        "MEASURE_ID",
        "MEASURE_NAME",
        "MEASURE_VALUE_SUPPRESSED",
    )
    rows = [
        (month, "Provider", "RV3CH", "ICCS", "M001", "Count_ReferralsReceived", "10")
        for month in ("Mar_2025", "2025-03", "March 2025")
    ]
    figures = read_published(written(tmp_path, "month.csv", as_csv(header, rows)))
    assert set(figures.table["period"].to_pylist()) == {"2025-03"}
    british = [("01/04/2024", "31/03/2025", *MONTH[0][2:])]
    assert read_published(written(tmp_path, "year.csv", as_csv(LONG, british))).table[
        "period"
    ].to_pylist() == ["2024-25"]


def test_selecting(site: Path) -> None:
    figures = read_published(site)
    assert len(figures.select(org_codes=["RV3CH"], measures=["M001"])) == 6
    assert len(figures.select(breakdown="total", levels=["england"])) == 4
    assert len(figures.select(periods=["2023-24"])) == 0
    codes = figures.select(breakdown="ethnic_category").table
    assert codes.select(["group", "value"]).to_pylist() == [
        {"group": "Chinese", "value": 15},
        {"group": "Not stated", "value": 50},
    ]
    assert figures.select(breakdown="ethnic_group").table["group"].to_pylist()[-1] == "Not stated"


def test_a_renamed_organisation_keeps_its_figures(tmp_path: Path) -> None:
    rows = [*annual("STP", "E54000027", ("Total", "NULL", "NULL"), referrals_received="100")]
    figures = read_published(written(tmp_path, "a.csv", as_csv(ANNUAL, rows)))
    assert len(figures.select(org_codes=["QRV"])) == 0
    assert figures.select(org_codes=["QRV"], renamed=True).table["org_code"].to_pylist() == ["QRV"]


def test_the_chain_of_flows(site: Path) -> None:
    figures = read_published(site)
    chain = figures.chain(["RV3CH"], "ethnic_group", "White", "2024-25")
    assert (chain.referrals, chain.finished, chain.not_at_caseness, chain.reliable_recovery) == (
        600,
        250,
        2,
        120,
    )
    assert chain.hidden == ("not_at_caseness RV3CH",)
    assert figures.chain(["RV3CH"], period="2024-25").referrals == 1205
    with pytest.raises(UnknownName, match="lacks"):
        figures.chain(["RV3CH", "RV383"], period="2024-25")


def test_percentages_are_computed_again(site: Path) -> None:
    found = reconcile(read_published(site))
    assert (found.checked, found.not_checkable, found.differences) == (3, 0, ())
    assert json.loads(found.to_json())["checked"] == 3


@pytest.mark.parametrize(
    ("code", "label", "value", "feasible"),
    [
        # 210 of 500 - 40: from 208 of 464 (44.8%) to 212 of 456 (46.5%), before rounding to whole percents
        ("RV3CH", "Total", "44", False), ("RV3CH", "Total", "45", True),
        ("RV3CH", "Total", "46", True), ("RV3CH", "Total", "47", False),
        # 465 of 1003 - 71 is 49.893%
        ("All", "Total", "49.9", True), ("All", "Total", "49.8", False), ("All", "Total", "50", False),
        # 120 of 250 less a hidden count: from 118 of 252 (46.8%) to 122 of 244 (50%)
        ("RV3CH", "Ethnic Group", "46", False), ("RV3CH", "Ethnic Group", "47", True),
        ("RV3CH", "Ethnic Group", "50", True),
        ("RV3CH", "Ethnic Group", "51", False),
    ],
)  # fmt: skip
def test_a_percentage_that_its_counts_cannot_give_is_found(
    tmp_path: Path, code: str, label: str, value: str, feasible: bool
) -> None:
    rows = [
        (*row[:-1], value) if (row[4], row[6], row[10]) == (code, label, "percentage") else row
        for row in SITE
    ]
    found = reconcile(read_published(written(tmp_path, "a.csv", as_csv(ANNUAL, rows))))
    assert found.unexplained == (0 if feasible else 1)
    if not feasible:
        assert found.differences[0].published == float(value)


def test_an_organisation_printed_twice_is_two_cells(tmp_path: Path) -> None:
    label = ("Total", "NULL", "NULL")
    rows = [
        *annual(
            "Provider",
            "TAF90",
            label,
            finished_course_treatment="100",
            improvement="50",
            improvement_pct="50",
        ),
        *annual(
            "Provider",
            "TAF90",
            label,
            finished_course_treatment="20",
            improvement="20",
            improvement_pct="100",
        ),
    ]
    found = reconcile(read_published(written(tmp_path, "a.csv", as_csv(ANNUAL, rows))))
    assert (found.checked, found.repeated, found.unexplained) == (2, 3, 0)


@pytest.mark.parametrize(
    ("at", "value", "column"),
    [
        (11, "12,5", "value"),
        (11, "-4", "value"),
        (0, "last year", "reporting_period"),
        (3, "Planet", "org_type"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(
    tmp_path: Path, at: int, value: str, column: str
) -> None:
    rows = [list(row) for row in SITE]
    rows[3][at] = value
    with pytest.raises(UnknownFigures) as caught:
        read_published(written(tmp_path, "a.csv", as_csv(ANNUAL, [tuple(row) for row in rows])))
    assert (caught.value.file, caught.value.row, caught.value.column) == ("a.csv", 4, column)
    assert value not in str(caught.value)


def test_rows_keep_their_numbers_when_others_are_left_out(tmp_path: Path) -> None:
    rows = [*MONTH[:3], (*MONTH[3][:-1], "many")]
    with pytest.raises(UnknownFigures) as caught:
        read_published(written(tmp_path, "m.csv", as_csv(LONG, rows)))
    assert caught.value.row == 4


@pytest.mark.parametrize(
    "missing", ["org_type", "org_code", "measure_name", "value", "reporting_period start_date"]
)
def test_a_column_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    header = tuple(f"other {at}" if name in missing.split() else name for at, name in enumerate(ANNUAL))
    with pytest.raises(UnknownFigures, match="has no column"):
        read_published(written(tmp_path, "a.csv", as_csv(header, SITE)))


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv.gz", "a.parquet", "absent.csv"])
def test_what_is_no_published_file_is_refused(tmp_path: Path, name: str) -> None:
    if name != "absent.csv":
        (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(UnreadableFile):
        read_published(tmp_path / name)


def mutated(content: bytes, generator: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(generator.randint(1, generator.choice((1, 6)))):
        at, kind = generator.randrange(len(data)), generator.randrange(4)
        if kind == 0:
            data[at] = generator.randrange(256)
        elif kind == 1:
            del data[at : at + generator.randint(1, 40)]
        elif kind == 2:
            data[at:at] = generator.choice(
                [b'"', b",", b"\r\n", b"\0", b"*", b"NULL", b"9" * 20, "é".encode(), b"\xff"]
            )
        else:
            data[at:at] = data[at : at + 60]
    return bytes(data)


@pytest.mark.parametrize(("header", "rows"), [(ANNUAL, SITE), (LONG, MONTH)], ids=["annual", "long"])
def test_a_damaged_file_gives_figures_or_says_where(
    tmp_path: Path, header: tuple[str, ...], rows: Rows, seed: int
) -> None:
    generator, content = random.Random(seed), as_csv(header, rows)
    read, refused = 0, 0
    for _ in range(400):
        path = written(tmp_path, "f.csv", mutated(content, generator))
        try:
            figures = read_published(path)
            reconcile(figures).to_json()
        except YourData as error:
            assert error.file == "f.csv"
            assert error.message
            refused += 1
        else:
            assert len(figures) + figures.left_out > 0 or not figures.table.num_rows
            read += 1
    assert read > 20
    assert refused > 20


def test_loading_into_a_lake_replaces_the_periods_of_the_file(tmp_path: Path, site: Path) -> None:
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    when = datetime(2025, 9, 1, tzinfo=UTC)
    load_published(site, lake, known_at=when)
    load_published(site, lake, known_at=when)
    load_published(written(tmp_path, "month.csv", as_csv(LONG, MONTH)), lake, known_at=when)
    assert lake.read("published/annual").num_rows == len(SITE)
    assert lake.read("published/monthly", columns=["value"], where="measure_id = 'M192'").to_pylist() == [
        {"value": 46.0}
    ]
