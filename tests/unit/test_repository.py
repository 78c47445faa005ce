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
PACKAGE = sorted(
    path
    for root in ("joinedup", "joinedup_web")
    for path in (ROOT / root).rglob("*.py")
    if "migrations" not in path.parts
)
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


def test_no_view_asks_the_database_by_itself() -> None:
    """Every query begins at a scope or in a module that asks: habit 13."""
    views = [path for path in PACKAGE if path.name in ("views.py", "presenting.py", "forms.py")]
    assert len(views) >= 4
    assert not [str(path) for path in views if ".objects" in path.read_text()]


def test_no_template_marks_a_variable_as_safe_markup() -> None:
    """The design system's macros take `text` and `html`: only the first may be given what people wrote."""
    templates = list((ROOT / "joinedup_web").rglob("jinja2/**/*.html"))
    assert len(templates) > 20
    for path in templates:
        marked = [line for line in path.read_text().splitlines() if "| safe" in line or '"html":' in line]
        assert not [line for line in marked if "svg" not in line], path


def test_the_library_does_without_the_workspace() -> None:
    program = "import sys; sys.modules['joinedup_web'] = None; from joinedup.cli import run; sys.exit(run(['serve']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Install joinedup[web]" in done.stderr


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
    packages = [
        path.parent for root in ("joinedup", "joinedup_web") for path in (ROOT / root).glob("*/__init__.py")
    ]
    assert not [path for path in packages if f"`{path.relative_to(ROOT)}`" not in glossary]


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


def test_the_lock_holds_all_that_what_it_names_needs() -> None:
    told = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    # Where pip resolves, a release made after the lock can break the set-up of a new machine.
    installs = [
        line
        for file in ("Makefile", "deploy/Containerfile")
        for line in (ROOT / file).read_text().splitlines()
        if "--require-hashes" in line
    ]
    assert installs and all("--no-deps" in line for line in installs)
