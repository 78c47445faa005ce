"""The vocabulary of conditions: what it reads, what it refuses, what SQL it becomes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.conditions import parse_condition, parse_value
from joinedup.definitions.conditions_sql import Wording, to_sql, value_sql
from joinedup.errors import DefinitionBroken
from joinedup.lake import sql_session

ROW: dict[str, Any] = {
    "ReferralRequestReceivedDate": date(2025, 1, 1),
    "TherapySession_FirstDate": date(2025, 2, 12),
    "ServDischDate": None,
    "EndCode": "46",
    "Validated_PresentingComplaint": "F4210",
    "CareContact_Count": 3,
    "Caseness_Flag": True,
    "NotCaseness_Flag": None,
}


def holds(condition: str, words: Wording | None = None) -> bool:
    types = {"NotCaseness_Flag": pa.bool_(), "ServDischDate": pa.date32()}
    row = pa.table({name: pa.array([value], types.get(name)) for name, value in ROW.items()})
    with sql_session() as session:
        session.register("t", row)
        answer = session.fetch(f"SELECT {to_sql(parse_condition(condition), words)} AS found FROM t")
    (found,) = answer["found"].to_pylist()
    assert found is not None
    return bool(found)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("ServDischDate is null", True),
        ("ServDischDate is not null", False),
        ("EndCode = '46'", True),
        ("EndCode <> '46'", False),
        ("EndCode in ('10', '46')", True),
        ("EndCode not in ('10', '46')", False),
        ("Caseness_Flag", True),
        ("NotCaseness_Flag", False),
        ("not NotCaseness_Flag", True),
        ("days(TherapySession_FirstDate, ReferralRequestReceivedDate) <= 42", True),
        ("days(TherapySession_FirstDate, ReferralRequestReceivedDate) < 42", False),
        ("days(TherapySession_FirstDate, ReferralRequestReceivedDate) between 42 and 43", True),
        ("days(ServDischDate, ReferralRequestReceivedDate) <= 42", False),
        ("not days(ServDischDate, ReferralRequestReceivedDate) <= 42", True),
        ("starts_with(Validated_PresentingComplaint, ('F400', 'F42'))", True),
        ("starts_with(Validated_PresentingComplaint, ('F43'))", False),
        ("TherapySession_FirstDate > ReferralRequestReceivedDate", True),
        ("CareContact_Count = 3 and (EndCode = '1' or Caseness_Flag)", True),
        ("CareContact_Count = 3 and EndCode = '1' or Caseness_Flag", True),
        ("CareContact_Count = 4 and (EndCode = '1' or Caseness_Flag)", False),
        ("in_period(TherapySession_FirstDate)", True),
        ("in_period(ServDischDate)", False),
    ],
)
def test_a_condition_means_what_it_says(condition: str, expected: bool) -> None:
    assert holds(condition) is expected


def test_what_is_later_than_the_end_of_the_period_has_not_happened() -> None:
    early, late = Wording(period_end="DATE '2025-01-31'"), Wording(period_end="DATE '2025-02-12'")
    assert holds("TherapySession_FirstDate is null", early)
    assert not holds("TherapySession_FirstDate is null", late)
    assert holds("days(period_end, ReferralRequestReceivedDate) = 30", early)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1=1; drop table journeys",
        "(select 1)",
        "exists(select 1)",
        "person_id = 'a'",
        "j.Paired_Flag",
        'EndCode = "46"',
        "EndCode = 46",
        "EndCode like '4%'",
        "EndCode in (select EndCode)",
        "EndCode in ()",
        "EndCode is true",
        "EndCode",
        "ServDischDate",
        "ServDischDate > '2025-01-01'",
        "ServDischDate > EndCode",
        "Paired_Flag as x",
        "Paired_Flag -- and more",
        "Paired_Flag Caseness_Flag",
        "days(ServDischDate, EndCode) > 1",
        "days(ServDischDate, ReferralRequestReceivedDate)",
        "days(ServDischDate, ReferralRequestReceivedDate) is null",
        "in_period(EndCode)",
        "read_text('x') = 'y'",
        "starts_with(EndCode, '4')",
        "contains(therapies, ('1'))",
        "CareContact_Count between 1",
        "CareContact_Count = -1",
        "((((Paired_Flag)))",
    ],
)
def test_whatever_is_not_in_the_vocabulary_is_refused(text: str) -> None:
    with pytest.raises(DefinitionBroken):
        parse_condition(text)


@given(st.text(alphabet="abEndCode_=<>'()*;-, \n\"0123456789\\", max_size=60))
def test_no_text_brings_sql_of_its_own(text: str) -> None:
    """Whatever is read is written again from known parts, so nothing of it but names, values and words is left."""
    try:
        sql = to_sql(parse_condition(text))
    except DefinitionBroken:
        return
    assert ";" not in sql.replace("';'", "") and "--" not in sql


def test_a_value_is_a_number_column_or_days() -> None:
    assert value_sql(parse_value("CareContact_Count")) == '"CareContact_Count"'
    days = value_sql(parse_value("days(ServDischDate, ReferralRequestReceivedDate)"), Wording("j."))
    assert days == 'date_diff(\'day\', j."ReferralRequestReceivedDate", j."ServDischDate")'
    for text in ("EndCode", "Paired_Flag", "days(ServDischDate, EndCode)", "CareContact_Count + 1"):
        with pytest.raises(DefinitionBroken):
            parse_value(text)


def test_a_period_end_where_there_is_none_is_a_defect() -> None:
    with pytest.raises(DefinitionBroken, match="period_end"):
        to_sql(parse_condition("days(period_end, ServDischDate) > 1"))
