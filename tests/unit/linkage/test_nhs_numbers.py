"""NHS numbers read in one pass, beside the reading of texts one by one that the lake uses."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as some

from joinedup.linkage.nhs_numbers import valid_numbers
from joinedup.linkage.person import valid_nhs_numbers

DIGITS = some.text("0123456789", min_size=9, max_size=11)
TEXTS = some.lists(some.none() | DIGITS | some.text(max_size=12) | some.just("943 476 5919"), max_size=8)


def with_check_digit(nine: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    return f"{nine}{(11 - total % 11) % 11}"


def read(texts: list[str | None]) -> list[int]:
    halves = [pa.array(part, pa.string()) for part in (texts[:3], texts[3:])]
    return valid_numbers(pa.chunked_array(halves), -1).tolist()


def one_by_one(texts: list[str | None]) -> list[int]:
    plain = [text and text.replace(" ", "") for text in texts]
    valid = valid_nhs_numbers(pa.array(plain, pa.string())).to_pylist()
    return [int(text) if ok and text else -1 for text, ok in zip(plain, valid, strict=True)]


@given(TEXTS)
@example(
    ["9434765919", None, "", " ", "1111111111", "0000000000", "９434765919", "94347659190", "9434765910"]
)
def test_the_same_numbers_are_valid(texts: list[str | None]) -> None:
    assert read(texts) == one_by_one(texts)


@given(some.text("0123456789", min_size=9, max_size=9))
def test_a_number_with_its_check_digit_is_read_as_itself(nine: str) -> None:
    number = with_check_digit(nine)
    expected = int(number) if len(number) == 10 and len(set(number)) > 1 else -1
    assert read([number, f" {number[:3]} {number[3:]} "]) == [expected] * 2


def test_a_slice_and_nulls_alone_are_read_from_their_own_place() -> None:
    part = pa.array(["x", "9434765919", None, "9434765910"]).slice(1, 2)
    assert valid_numbers(pa.chunked_array([part]), -1).tolist() == [9_434_765_919, -1]
    assert valid_numbers(pa.chunked_array([pa.nulls(2, pa.string())]), -1).tolist() == [-1, -1]
    assert valid_numbers(pa.chunked_array([], pa.string()), -1).tolist() == []
