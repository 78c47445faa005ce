"""What the tests of a folder stand on: the files that decide whether they pass, found through their imports.

A long test that nothing of its own has changed under need not be run again for a change elsewhere. Tests that start
a program, or load by name, can reach everything, and then every file of the project counts.
"""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
OURS = ("joinedup", "joinedup_web")
REACH_ALL = {"subprocess", "multiprocessing", "playwright", "click", "importlib", "pkgutil", "benchmarks"}
"""Who imports one of these may start or load anything by name."""
SHARED = ROOT / "tests" / "conftest.py"
"""What it imports, it imports to print."""
ALWAYS = ("requirements.lock", "pyproject.toml")
NAMED_ELSEWHERE = ("scripts", "entry-points")
"""Parts of pyproject.toml that only tests reaching all can tell: a command more changes nothing below it."""


def fingerprint(shard: Path) -> str:
    """16 hexadecimal digits that change with any file the tests of `shard` stand on."""
    digest = hashlib.sha256()
    behind = files_behind(shard)
    for path in sorted(behind):
        told = path.read_bytes() if behind == _known() else _without_commands(path)
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + told + b"\0")
    return digest.hexdigest()[:16]


def _without_commands(path: Path) -> bytes:
    if path.name != "pyproject.toml":
        return path.read_bytes()
    told = tomllib.loads(path.read_bytes().decode())
    told["project"] = {key: kept for key, kept in told["project"].items() if key not in NAMED_ELSEWHERE}
    return json.dumps(told, sort_keys=True).encode()


def tests_of(shard: Path) -> list[Path]:
    """The files of tests in a folder, not in those below it; or the one file that is named."""
    return [shard] if shard.is_file() else sorted(shard.glob("test_*.py"))


def files_behind(shard: Path) -> set[Path]:
    """Tests, what they import of ours and what that imports, with the definitions and statements beside it."""
    known = _known()
    tests = _with_helpers(shard)
    names = set().union(*(imported(path) for path in tests if path != SHARED))
    if not REACH_ALL.isdisjoint(name.partition(".")[0] for name in names):
        return known
    modules = _upstream(names)
    code = {path for path in known if path.suffix == ".py" and module_of(path) in modules}
    folders = {path.parent for path in code}
    data = {path for path in known if path.suffix != ".py" and _home(path.parent) in folders}
    return tests | code | data | {ROOT / name for name in ALWAYS}


def imported(path: Path) -> set[str]:
    """Every module, and every name of one, that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _known() -> set[Path]:
    """Every file that git tracks or would."""
    asked = ["git", "ls-files", "-co", "--exclude-standard"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return {ROOT / name for name in told if (ROOT / name).is_file()}


def _with_helpers(shard: Path) -> set[Path]:
    """The tests of a shard, the conftest files above them, and the helpers that those import, in turn."""
    above = [
        folder / "conftest.py" for folder in (shard, *shard.parents) if folder.is_relative_to(ROOT / "tests")
    ]
    waiting = [*tests_of(shard), *(path for path in above if path.exists())]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            if path != SHARED:
                waiting += [helper for name in imported(path) for helper in _helper(name)]
    return found


def _helper(name: str) -> Iterator[Path]:
    place = ROOT.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if name.startswith("tests.") and path.exists():
            yield path


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=False)


def _upstream(names: Iterable[str]) -> set[str]:
    """Modules of ours among `names`, the packages they lie in, and all that these import."""
    graph, found, waiting = _graph(), set[str](), _with_packages(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in graph.modules:
            found.add(name)
            waiting |= _with_packages(graph.find_modules_directly_imported_by(name))
    return found


def _with_packages(names: Iterable[str]) -> set[str]:
    """A module runs the packages it lies in, too."""
    return {name.rsplit(".", depth)[0] for name in names for depth in range(name.count(".") + 1)}


@cache
def _with_code() -> set[Path]:
    return {path.parent for path in _known() if path.suffix == ".py"}


@cache
def _home(folder: Path) -> Path:
    """The nearest folder with code, from `folder` up: definitions, statements and templates belong to that."""
    return folder if folder in _with_code() or folder == ROOT else _home(folder.parent)
