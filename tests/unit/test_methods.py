"""Every page of the manual is a spec that runs: the drawn table in, one call, the drawn answer out."""

from __future__ import annotations

import ast
import importlib
import math
from typing import Any

import numpy as np
import pytest

from docs.method_pages import MODULES, drawn, inputs, specs

SPECS = specs()


def public_names() -> dict[str, Any]:
    """What a spec may call: the front doors of the modules that compute."""
    found: dict[str, Any] = {"np": np}
    for name in MODULES:
        module = importlib.import_module(name)
        found |= {public: getattr(module, public) for public in module.__all__}
    return found


def run(spec: dict[str, Any]) -> dict[str, Any]:
    """The last expression of the call, with the drawn columns in scope."""
    scope = {**public_names(), **inputs(spec["example"]["given"])}
    tree = ast.parse(spec["example"]["call"].strip())
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    exec(compile(tree, "spec", "exec"), scope)
    found = eval(compile(ast.Expression(last.value), "spec", "eval"), scope)
    return dict(found)


def same(given: object, expected: str) -> bool:
    """Equal to the decimals drawn; an empty cell is missing."""
    if isinstance(given, (str, np.str_, bool, np.bool_)):
        return str(given) == expected
    value = float(given)  # type: ignore[arg-type]
    if expected in ("", "nan"):
        return math.isnan(value)
    if "inf" in expected:
        return value == float(expected)
    decimals = len(expected.partition(".")[2].partition("e")[0])
    return abs(value - float(expected.replace(",", ""))) <= 0.5 * 10**-decimals + 1e-9 * abs(value)


@pytest.mark.parametrize("slug", SPECS)
def test_the_example_gives_what_is_drawn(slug: str) -> None:
    found, expected = run(SPECS[slug]), drawn(SPECS[slug]["example"]["gives"])
    assert set(expected) <= set(found)
    for name, texts in expected.items():
        values = np.atleast_1d(np.asarray(found[name])).tolist()
        assert len(values) == len(texts), name
        assert [v for v, t in zip(values, texts, strict=True) if not same(v, t)] == [], (name, values, texts)


@pytest.mark.parametrize("slug", SPECS)
def test_the_functions_named_are_public(slug: str) -> None:
    assert SPECS[slug]["functions"] and set(SPECS[slug]["functions"]) <= set(public_names())


def test_every_function_of_statistics_has_a_page() -> None:
    import joinedup.stats

    documented = {name for spec in SPECS.values() for name in spec["functions"]}
    functions = {
        name for name in joinedup.stats.__all__ if callable(getattr(joinedup.stats, name)) and name.islower()
    }
    assert sorted(functions - documented) == []
