"""Rows without a valid number linked on the way in, against plain loops, and what rests of it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.linkage import keyed_local_id, person_ids, valid_nhs_numbers
from joinedup.linkage.arriving import (
    BY_DETAILS,
    COMPARED,
    OWN_IDENTIFIER,
    compared,
    links_on_arrival,
)
from joinedup.linkage.keys import SAMPLE, derive_key

KEY, SECRET = derive_key(SAMPLE, "demo"), b"s" * 32
ADA, BO = "9434765919", "9434765870"


def row(
    local: str, number: str | None, born: str = "1980-02-03", postcode: str = "W1 1AA", gender: str = "2"
):
    return {
        "LocalPatientId": local,
        "NHSNumber": number,
        "PersonBirthDate": born,
        "Postcode": postcode,
        "Gender": gender,
    }


def arrived(**providers: list[dict]) -> pa.Table:
    return pa.concat_tables(
        compared(sent, keyed(sent, provider), SECRET)
        for provider, rows in providers.items()
        for sent in [pa.Table.from_pylist(rows)]
    )


def keyed(sent: pa.Table, provider: str) -> pa.Table:
    """The rows as the lake holds them."""
    local, numbers = sent["LocalPatientId"], sent["NHSNumber"].cast(pa.string())
    columns = {
        "provider": pa.repeat(provider, len(sent)),
        "LocalPatientId": keyed_local_id(provider, local, KEY),
        "person_id": person_ids(numbers, provider, local, KEY),
        "nhs_number_valid": valid_nhs_numbers(numbers),
    }
    return pa.table(columns)


def links(rows: pa.Table, before: pa.Table | None = None) -> list[tuple[str, str, str]]:
    return [tuple(row.values()) for row in links_on_arrival(rows, before).to_pylist()]


def ids(rows: pa.Table) -> list[str]:
    return rows["person_id"].to_pylist()


def test_a_provider_that_learns_the_number_later_is_taken_at_its_word() -> None:
    rows = arrived(RV3=[row("1", None), row("1", ADA, postcode="NW1 2BB")])
    assert links(rows) == [(ids(rows)[0], ids(rows)[1], OWN_IDENTIFIER)]


def test_birth_date_postcode_and_gender_link_over_providers() -> None:
    rows = arrived(RV3=[row("1", ADA)], RKL=[row("9", None, postcode="w11aa")])
    assert links(rows) == [(ids(rows)[1], ids(rows)[0], BY_DETAILS)]


@pytest.mark.parametrize(
    "providers",
    [
        {"RV3": [row("1", ADA), row("2", None)]},  # perhaps her twin
        {"RV3": [row("1", ADA)], "RKL": [row("8", None), row("9", None)]},
        {"RV3": [row("1", ADA), row("2", BO)], "RKL": [row("9", None)]},
        {"RV3": [row("1", ADA)], "RKL": [row("9", None, gender="1")]},
        {"RV3": [row("1", ADA, postcode="ZZ99 3VZ")], "RKL": [row("9", None, postcode="ZZ99 3VZ")]},
        {"RV3": [row("1", ADA), row("1", BO), row("1", None)]},
        {"RV3": [row("1", None)], "RKL": [row("9", None)]},
        {
            "RV3": [row("1", ADA), row("2", BO, born="1970-01-02")],
            "RKL": [row("9", None), row("9", None, born="1970-01-02")],
        },
    ],
)
def test_where_it_cannot_be_told_nobody_is_linked(providers: dict) -> None:
    assert links(arrived(**providers)) == []


def test_what_was_learnt_before_stands_until_something_speaks_against_it() -> None:
    rows = arrived(RV3=[row("1", ADA)], RKL=[row("9", None)])
    before = links_on_arrival(rows)
    later = arrived(RKL=[row("9", None)])
    assert links_on_arrival(later, before).equals(before)
    number = arrived(RKL=[row("9", None), row("9", BO)])
    assert links(number, before) == [(ids(number)[0], ids(number)[1], OWN_IDENTIFIER)]
    two = arrived(RKL=[row("9", None), row("9", BO), row("9", ADA)])
    assert links(two, before) == []


def test_a_weaker_rule_does_not_replace_what_a_provider_said_before() -> None:
    before = links_on_arrival(arrived(RKL=[row("9", None), row("9", BO)]))
    later = arrived(RKL=[row("9", None)], RV3=[row("1", ADA)])
    assert links_on_arrival(later, before).equals(before)


def test_details_of_two_loads_cannot_be_compared() -> None:
    people = pa.Table.from_pylist([row("1", ADA)])
    one, other = (compared(people, keyed(people, "RV3"), secret) for secret in (SECRET, b"t" * 32))
    assert one["details"] != other["details"]
    assert one["person_id"] == other["person_id"]


details = st.tuples(
    st.sampled_from([None, "", "1980-02-03", "03/02/1980", "1980-02-30", "1900-01-01", "2001-12-31"]),
    st.sampled_from([None, " ", "W1 1AA", "w11aa", "W1 1AB", "ZZ99 3VZ", "SW1A 1AA", "NOPOSTCODE", "É1 1AA"]),
    st.sampled_from([None, "1", "2", "F", "9", "X"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(details, min_size=1, max_size=6))
def test_details_are_equal_where_what_they_hide_is(people: list[tuple[str | None, ...]]) -> None:
    rows = [{**row("1", ADA), "PersonBirthDate": b, "Postcode": p, "Gender": g} for b, p, g in people]
    text = [(name, pa.string()) for name in rows[0]]
    sent = pa.Table.from_pylist(rows, schema=pa.schema(text))
    hidden = compared(sent, keyed(sent, "RV3"), SECRET)["details"].to_pylist()
    for one, mine in zip(people, hidden, strict=True):
        assert (mine is None) == (plain_details(one) is None)
        for other, theirs in zip(people, hidden, strict=True):
            if mine is not None and theirs is not None:
                assert (mine == theirs) == (plain_details(one) == plain_details(other))


def plain_details(one: tuple[str | None, ...]) -> tuple[str, ...] | None:
    born = {"1980-02-03": "1980-02-03", "03/02/1980": "1980-02-03", "2001-12-31": "2001-12-31"}.get(
        one[0] or ""
    )
    gender = {"1": "1", "2": "2", "F": "2"}.get(one[2] or "")
    postcode = (one[1] or "").replace(" ", "").upper()
    usable = 0 < len(postcode.encode()) <= 7 and not postcode.startswith("ZZ99")
    return (born, postcode, gender) if born and gender and usable else None


tables = st.lists(
    st.fixed_dictionaries(
        {
            "provider": st.sampled_from(["RV3", "RKL"]),
            "local": st.sampled_from(["l1", "l2", "l3"]),
            "number": st.sampled_from(["", "n1", "n2"]),
            "details": st.sampled_from([None, b"d1", b"d2"]),
        }
    ),
    max_size=7,
)


@settings(max_examples=600, deadline=None)
@given(tables)
def test_links_are_those_of_plain_loops(drawn: list[dict]) -> None:
    rows = [
        {
            "provider": one["provider"],
            "local": one["provider"] + one["local"],
            "person_id": one["number"] or f"{one['provider']}-{one['local']}",
            "number_valid": bool(one["number"]),
            "details": one["details"],
        }
        for one in drawn
    ]
    expected = []
    for person in sorted({one["person_id"] for one in rows if not one["number_valid"]}):
        expected += plain_link(person, rows)
    assert links(pa.Table.from_pylist(rows, schema=COMPARED)) == expected


def plain_link(person: str, rows: list[dict]) -> list[tuple[str, str, str]]:
    mine = [one for one in rows if one["person_id"] == person]
    provider, local = mine[0]["provider"], mine[0]["local"]
    own = {one["person_id"] for one in rows if one["number_valid"] and one["local"] == local}
    if own:
        return [(person, own.pop(), OWN_IDENTIFIER)] if len(own) == 1 else []
    said = []
    for details in sorted({one["details"] for one in mine if one["details"]}):
        numbered = {one["person_id"] for one in rows if one["number_valid"] and one["details"] == details}
        here = {one["local"] for one in rows if one["provider"] == provider and one["details"] == details}
        said += [numbered.pop()] if len(numbered) == 1 and here == {local} else []
    return [(person, said[0], BY_DETAILS)] if len(set(said)) == 1 else []
