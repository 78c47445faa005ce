"""Keyed identifiers, against plain loops over the same definition."""

from __future__ import annotations

import hmac

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.linkage import keyed_local_id, person, person_ids, valid_nhs_numbers
from joinedup.linkage.keys import derive_key
from joinedup.linkage.person import Known

KEY = derive_key(bytes(range(32)), "live")
OTHER = derive_key(bytes(range(1, 33)), "live")


def plainly_valid(number: str | None) -> bool:
    """The NHS Data Dictionary: weights ten to two, eleven less the remainder, eleven becomes nought."""
    if number is None or len(number) != 10 or any(letter not in "0123456789" for letter in number):
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9]))
    check = 11 - total % 11
    check = 0 if check == 11 else check
    return check == int(number[9]) and len(set(number)) > 1


def with_check(nine: str) -> str:
    check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(nine)) % 11) % 11
    return nine + str(check % 10)


NUMBERS = st.one_of(
    st.none(),
    st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.from_regex(r"[0-9]{9}", fullmatch=True).map(with_check),
    st.sampled_from(
        ["0000000000", "1111111111", "9999999999", "943 476 5919", "٩434765919", "", "9434765919\n"]
    ),
    st.text(max_size=11),
)
LOCALS = st.one_of(st.none(), st.text(st.characters(blacklist_categories=["Cs"]), max_size=5))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def test_known_numbers() -> None:
    numbers = ["9434765919", "9434765918", "4010232137", "9876543210", None, "0000000000", "2222222222"]
    assert valid_nhs_numbers(pa.array(numbers)).to_pylist() == [True, False, True, True, False, False, False]


@settings(max_examples=300, deadline=None)
@given(st.lists(NUMBERS, max_size=20))
def test_validity_is_that_of_the_plain_loop(numbers: list[str | None]) -> None:
    found = valid_nhs_numbers(pa.array(numbers, pa.string()))
    assert found.to_pylist() == [plainly_valid(number) for number in numbers]


def plain_id(number: str | None, local: str | None, provider: str) -> str | None:
    text = (
        f"nhs:{number}" if plainly_valid(number) else None if local is None else f"local:{provider}:{local}"
    )
    return None if text is None else hmac.new(KEY.person, text.encode(), "sha256").digest()[:16].hex()


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.tuples(NUMBERS, LOCALS), max_size=20), again=st.booleans())
def test_person_ids_are_those_of_the_plain_loop(
    rows: list[tuple[str | None, str | None]], again: bool
) -> None:
    numbers = pa.array([n for n, _ in rows], pa.string())
    locals_ = pa.chunked_array([pa.array([x for _, x in rows], pa.string())])
    known: Known | None = {} if again else None
    for _ in range(2 if again else 1):
        found, valid = person.identified(numbers, "RV3", locals_, KEY, known=known)
    assert found.to_pylist() == [plain_id(number, local, "RV3") for number, local in rows]
    assert found == person_ids(numbers, "RV3", locals_, KEY)
    assert valid == valid_nhs_numbers(numbers)


@settings(max_examples=200, deadline=None)
@given(key=st.binary(max_size=150), scope=TEXT, texts=st.lists(TEXT, max_size=5))
def test_hashes_are_those_of_the_library(key: bytes, scope: str, texts: list[str]) -> None:
    found = person._hmacs(pa.array(texts, pa.string()), key, scope).to_pylist()
    assert found == [hmac.digest(key, (scope + text).encode(), "sha256")[:16].hex() for text in texts]


def test_one_person_is_found_at_two_providers_by_number_and_not_by_local_id() -> None:
    numbers, locals_ = pa.array(["9434765919", None]), pa.array(["7", "8"])
    here, there = (person_ids(numbers, provider, locals_, KEY).to_pylist() for provider in ("RV3", "RKL"))
    assert here[0] == there[0] and here[1] != there[1]


def test_another_key_makes_other_ids_and_uses_do_not_mix() -> None:
    local = pa.array(["7"])
    ids = {
        keyed_local_id("RV3", local, KEY)[0].as_py(),
        keyed_local_id("RKL", local, KEY)[0].as_py(),
        keyed_local_id("RV3", local, OTHER)[0].as_py(),
        person_ids(pa.array([None], pa.string()), "RV3", local, KEY)[0].as_py(),
    }
    assert len(ids) == 4 and all(len(value) == 32 for value in ids)


def test_local_ids_keep_nulls_and_shape_over_chunks_and_dictionaries() -> None:
    chunks = pa.chunked_array([["a", None], ["b", "a"], []], pa.string())
    found = keyed_local_id("RV3", chunks, KEY).to_pylist()
    assert found[0] == found[3] and found[1] is None and found[0] != found[2]
    assert keyed_local_id("RV3", chunks.dictionary_encode(), KEY).to_pylist() == found
    assert keyed_local_id("RV3", pa.chunked_array([], pa.string()), KEY).to_pylist() == []


def test_what_the_last_two_returns_held_is_not_hashed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    plainly = person._hmacs
    monkeypatch.setattr(
        person,
        "_hmacs",
        lambda texts, key, scope: hashed.extend(texts.to_pylist()) or plainly(texts, key, scope),
    )
    known: Known = {}
    returns = [["a", "b"], ["b", "c"], ["a", "c", "c", None], ["c"], ["b", "a"], ["b"]]
    new = [["a", "b"], ["c"], [], [], ["b"], []]
    for held, wanted in zip(returns, new, strict=True):
        hashed.clear()
        found = keyed_local_id("RV3", pa.array(held), KEY, known=known)
        assert hashed == wanted
        assert found == keyed_local_id("RV3", pa.array(held), KEY)
