"""The code of a released number: what it hangs on, and what the registry keeps with it."""

from __future__ import annotations

import base64
import hashlib
from datetime import date

import pyarrow as pa
import pytest

from joinedup.disclosure.codes import code_of, registry_of

TABLE = pa.table(
    {
        "measure_id": ["recovery", "recovery", None],
        "version": ["2", "2", None],
        "borough": ["Brent", None, "Ealing"],
        "numerator": [40, 95, None],
        "denominator": [60, 150, 70],
    }
)
IDENTITY = {
    "measure_id": "waits",
    "version": "1",
    "snapshot": 3,
    "filters": {"age": "18-25"},
    "made": "today",
}
COUNTS = ("numerator", "denominator")


def hashed(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:10]


def test_a_code_is_the_start_of_a_hash_of_what_the_number_is():
    code = code_of("recovery", "2", 3, {"b": 1, "a": None}, "nhs-england")
    assert code == hashed('["recovery","2",3,{"a":null,"b":1},"nhs-england"]')
    assert len(code) == 10


@pytest.mark.parametrize(
    "other",
    [
        ("waits", "2", 3, {"a": 1}, "nhs-england"),
        ("recovery", "3", 3, {"a": 1}, "nhs-england"),
        ("recovery", "2", 4, {"a": 1}, "nhs-england"),
        ("recovery", "2", None, {"a": 1}, "nhs-england"),
        ("recovery", "2", 3, {"a": 2}, "nhs-england"),
        ("recovery", "2", 3, {"a": 1}, "opensafely"),
    ],
)
def test_another_number_has_another_code(other):
    assert code_of(*other) != code_of("recovery", "2", 3, {"a": 1}, "nhs-england")


def test_a_month_in_a_cell_is_written_out():
    code = code_of("recovery", "2", None, {"month": date(2026, 3, 1)}, "model")
    assert code == hashed('["recovery","2",null,{"month":"2026-03-01"},"model"]')


def test_the_registry_opens_every_code():
    registry = registry_of(IDENTITY, TABLE, COUNTS, "nhs-england")
    cell = '"measure_id":"recovery","version":"2"'
    brent = hashed(
        '["recovery","2",3,{"borough":"Brent","filters":{"age":"18-25"},' + cell + '},"nhs-england"]'
    )
    every = hashed('["recovery","2",3,{"filters":{"age":"18-25"},' + cell + '},"nhs-england"]')
    ealing = hashed('["waits","1",3,{"borough":"Ealing","filters":{"age":"18-25"}},"nhs-england"]')
    assert list(registry) == [brent, every, ealing]
    assert registry[brent] == {
        "measure_id": "recovery",
        "version": "2",
        "snapshot": 3,
        "filters": {"age": "18-25"},
        "made": "today",
        "profile": "nhs-england",
        "cell": {"measure_id": "recovery", "version": "2", "borough": "Brent"},
        "counts": {"numerator": 40, "denominator": 60},
    }
    assert registry[ealing]["measure_id"] == "waits"
    assert registry[ealing]["version"] == "1"
    assert registry[ealing]["cell"] == {"borough": "Ealing"}
    assert registry[ealing]["counts"] == {"numerator": None, "denominator": 70}


def test_an_identity_may_be_empty():
    (code,) = registry_of({}, pa.table({"numerator": [4]}), ("numerator",), "model")
    assert code == hashed('["","",null,{"filters":{}},"model"]')
