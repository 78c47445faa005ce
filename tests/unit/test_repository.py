"""Tests about the repository itself: sizes, forbidden words, the front door, what the documents promise."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = sorted((ROOT / "joinedup").rglob("*.py"))
LONG_FILES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def functions(path: Path) -> list[tuple[str, int]]:
    """Name and lines of every function, its docstring left out: explaining shapes and errors is not length."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)]
    return [(f"{path.relative_to(ROOT)}:{node.name}", _lines(node) - _docstring(node)) for node in nodes]


def _lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return _lines(node.body[0]) if ast.get_docstring(node, clean=False) else 0


def test_no_file_of_the_package_is_above_400_lines() -> None:
    long = {str(p.relative_to(ROOT)) for p in PACKAGE if len(p.read_text().splitlines()) > 400}
    assert long <= LONG_FILES


def test_no_function_is_above_50_lines_and_the_median_is_small() -> None:
    sizes = [size for path in PACKAGE for size in functions(path)]
    assert {name for name, lines in sizes if lines > 50} <= LONG_FUNCTIONS
    assert median(lines for _, lines in sizes) <= 12


def test_no_registry_host_and_no_machine_path_is_named() -> None:
    hosts = "|".join(
        rf"\b{a}\.{b}\b"
        for a, b in [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "(org|com)"), ("debian", "org")]
    )
    forbidden = re.compile(rf"{hosts}|[/]work[/]|[/]root[/]")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in forbidden.finditer(text)]
    assert not found


def test_import_is_light() -> None:
    program = "import sys, joinedup; print(' '.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pyarrow", "duckdb", "numpy", "altair", "pydantic", "scipy"} & set(loaded)


def test_front_door_is_sorted_and_every_name_opens() -> None:
    import joinedup

    assert joinedup.__all__ == sorted(joinedup.__all__)
    for name in joinedup.__all__:
        assert getattr(joinedup, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = joinedup.nothing_of_that_name


def test_every_package_has_its_paragraph_in_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text()
    packages = [path.parent.name for path in (ROOT / "joinedup").glob("*/__init__.py")]
    assert not [name for name in packages if f"`joinedup/{name}`" not in glossary]


def test_traceability_names_tests_that_exist() -> None:
    rows = [
        line for line in (ROOT / "docs/traceability.md").read_text().splitlines() if line.startswith("| ")
    ]
    problems = []
    for row in rows[1:]:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if set(cells[0]) <= {"-"}:
            continue
        proofs = re.findall(r"`(tests/[^`]+)`", cells[-1])
        if not proofs and not cells[-1].startswith("unproved"):
            problems.append(f"{cells[0]}: neither a test nor 'unproved'")
        for proof in proofs:
            path, _, name = proof.partition("::")
            file = ROOT / path
            if not file.exists() or (name and f"def {name}(" not in file.read_text()):
                problems.append(f"{cells[0]}: {proof} does not exist")
    assert not problems
