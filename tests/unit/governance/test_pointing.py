"""What points to a person in free text is found, and what does not is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.governance.pointing import points_to_people


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to jo.bloggs+foi@example.org please", ("an e-mail address",)),
        ("ring 020 7946 0018", ("a telephone number",)),
        ("ring +44 (0)7700 900 123", ("a telephone number",)),
        ("ring 07700900123.", ("a telephone number",)),
        ("the patient 943 476 5919", ("an NHS number",)),
        ("9434765919", ("an NHS number",)),
        ("a@b.co 9434765919", ("an e-mail address", "an NHS number")),
        ("9434765918", ()),
        ("1111111111", ()),
        ("on 18 November 2025 at 10.30, M195, section 40, 1,000,000 people, AB12CD34EF", ()),
        ("page 0123", ()),
        ("", ()),
    ],
)
def test_e_mail_addresses_telephone_and_nhs_numbers(text: str, found: tuple[str, ...]) -> None:
    assert points_to_people(text) == found


def check_digit(nine: str) -> int:
    """Modulus 11 in plain arithmetic."""
    total = 0
    for place in range(9):
        total += int(nine[place]) * (10 - place)
    return (11 - total % 11) % 11


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 9))
def test_of_ten_digits_those_with_the_check_digit_are_nhs_numbers(nine: str, last: int) -> None:
    number = f"{nine}{last}"
    valid = check_digit(nine) == last and len(set(number)) > 1
    assert ("an NHS number" in points_to_people(f"number {number} of a list")) == valid
