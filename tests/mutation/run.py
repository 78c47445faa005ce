"""Mutation testing by sample: would the tests notice a slip of the pen in the statistics?

    python -m tests.mutation.run --sample 40 --seed 7 stats
    python -m tests.mutation.run stats.rates --sample 200 --tests tests/unit/stats/test_rates.py

Each mutant runs in a child forked from one pytest session that has the libraries in memory, on a copy of the tree,
and meets only the tests that pass through its function, the quick ones first. mutmut and cosmic-ray do not fit: no
sample by seed; nothing outside undecorated functions (mutmut), or a new interpreter for each mutant (cosmic-ray).
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.mutation.operators import Mutant, mutants_of

ROOT = Path(__file__).parent.parent.parent
MEMORY = 8 << 30
OPTIONS = [
    "-x",
    "-q",
    "-s",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:timeout",
    "-o",
    "addopts=",
]
OPTIONS += ["-W", "ignore:Module already imported"]  # hypothesis is in memory first, on purpose
KEPT = ("numpy", "scipy", "hypothesis", "statsmodels", "pandas", "pydantic", "yaml", "pyarrow", "highspy")


class Child(BaseException):
    """Raised in a child: leave the campaign, and let pytest go on to collect and run."""


class Watching:
    """The clean run: which tests pass through which lines, and how long each takes."""

    def __init__(self) -> None:
        import coverage

        self.cover = coverage.Coverage(data_file=None, source=["joinedup"], config_file=False)
        self.seconds: dict[str, float] = {}
        self.cover.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        self.cover.stop()
        data = self.cover.get_data()
        lines = {name: data.contexts_by_lineno(name) for name in data.measured_files()}
        loaded = [name for name in sys.modules if name.partition(".")[0] in KEPT]
        Path("clean.json").write_text(json.dumps([lines, self.seconds, loaded]), encoding="utf-8")


class Choosing:
    """Only the tests named, in the order named."""

    def __init__(self, names: list[str]) -> None:
        self.order = {name: i for i, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda i: self.order[i.nodeid])


class Mutated(importlib.machinery.SourceFileLoader):
    """Loads the changed code in place of the module's own."""

    code: Any = None

    def get_code(self, fullname: str) -> Any:
        return self.code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self)
            if name == self.name
            else None
        )


class Campaign:
    """Works inside one pytest session, before it collects."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given, self.is_child = given, False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        self.config = session.config
        try:
            self.run()
        except Child:
            return None
        return True

    def run(self) -> None:
        if status := self.forked(3600, self.config.args, Watching):
            pytest.exit(f"The tests fail before anything is changed (status {status}).", returncode=1)
        lines, self.seconds, loaded = json.loads(Path("clean.json").read_text(encoding="utf-8"))
        for name in loaded:
            with suppress(ImportError):
                importlib.import_module(name)
        print(f"{len(self.seconds)} tests, {sum(self.seconds.values()):.0f} s clean", flush=True)
        totals: Counter[str] = Counter()
        for module in (module for name in self.given.modules for module in modules_of(name)):
            file = str(Path(module.replace(".", "/") + ".py").resolve())
            totals += self.score(module, file, {int(n): tests for n, tests in lines.get(file, {}).items()})
        tried, dead = sum(totals.values()), totals["killed"] + totals["timed out"]
        print(f"{tried} tried, {dead} killed: {dead / max(tried, 1):.1%}")

    def score(self, module: str, file: str, reached: dict[int, list[str]]) -> Counter[str]:
        """One line for the module and one for each survivor."""
        source = Path(file).read_text(encoding="utf-8")
        mutants = unequal(module, source)
        chosen = random.Random(self.given.seed).sample(mutants, min(self.given.sample, len(mutants)))
        counts: Counter[str] = Counter()
        survivors = []
        unchanged = Mutant(ast.parse(source), 1, "nothing", None)
        clean = self.fate(unchanged, module, file, self.through(unchanged, module, reached))
        if clean in {"killed", "timed out"}:
            print(
                f"{module}: not measured; its tests fail with nothing changed, run in this order", flush=True
            )
            return counts
        for mutant in sorted(chosen, key=lambda each: each.line):
            outcome = self.fate(mutant, module, file, self.through(mutant, module, reached))
            counts[outcome] += 1
            if outcome not in {"killed", "timed out"}:
                survivors.append(
                    f"    {outcome}: {module.replace('.', '/')}.py:{mutant.line}  {mutant.change}"
                )
        dead = counts["killed"] + counts["timed out"]
        by_time = f" ({counts['timed out']} by time)" if counts["timed out"] else ""
        print(f"{module}: {len(chosen)} of {len(mutants)} tried, {dead} killed{by_time}", flush=True)
        print("\n".join(survivors), end="\n" if survivors else "", flush=True)
        return counts

    def through(self, mutant: Mutant, module: str, reached: dict[int, list[str]]) -> list[str]:
        """Tests that pass through the function, the quick ones first; for what runs at import, all of the module.

        From the module's own test file, those that name the module, and those of which most tests do: others meet the
        function by the way, and take long to collect.
        """
        first, last = mutant.function or (0, sys.maxsize)
        here = {name for line, tests in reached.items() if first <= line <= last for name in tests}
        if "" in here:
            here = {name for tests in reached.values() for name in tests}
        size, passing = (
            Counter(name.partition("::")[0] for name in names) for names in (self.seconds, here - {""})
        )
        name = module.rpartition(".")[2]
        ranked = sorted(
            passing,
            key=lambda file: (
                Path(file).stem != f"test_{name}",
                not re.search(rf"^(from|import) .*\b{name}\b", Path(file).read_text("utf-8"), re.MULTILINE),
                -passing[file] / size[file],
            ),
        )
        files = ranked[: self.given.files]
        near = (name for name in here - {""} if name.partition("::")[0] in files)
        return sorted(
            (n for n in near if self.seconds[n] <= self.given.slowest), key=lambda n: self.seconds[n]
        )

    def fate(self, mutant: Mutant, module: str, file: str, tests: list[str]) -> str:
        if not tests:
            return "not reached"

        def plugin() -> Choosing:
            loader = Mutated(module, file)
            loader.code = mutant.code(file)
            sys.meta_path.insert(0, loader)
            return Choosing(tests)

        files = sorted({name.partition("::")[0] for name in tests})
        status = self.forked(5 + 10 * sum(self.seconds[name] for name in tests), files, plugin)
        return "timed out" if status is None else "killed" if status else "survived"

    def forked(self, limit: float, files: list[str], plugin: Any) -> int | None:
        """Exit status of a child that runs the tests of `files`; None where it was still running at the limit."""
        gc.freeze()  # or every child walks through all the libraries again
        if not (child := os.fork()):
            self.is_child = True
            os.setsid()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            # our own modules are imported afresh, with the change in them
            for name in [name for name in sys.modules if name.partition(".")[0] == "joinedup"]:
                del sys.modules[name]
            self.config.args = files
            self.config.pluginmanager.register(plugin())
            raise Child
        until, status = time.monotonic() + limit, None
        while status is None and time.monotonic() < until:
            done, ended = os.waitpid(child, os.WNOHANG)
            status = ended if done else time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # nothing that a test started outlives it
        if status is None:
            os.waitpid(child, 0)
        return status


def unequal(module: str, source: str) -> list[Mutant]:
    """The module's mutants but those that equivalent.yaml names, each with its reason."""
    known = yaml.safe_load(Path("tests/mutation/equivalent.yaml").read_text(encoding="utf-8"))
    equal = {(each["line"], each["change"]) for each in known if each["module"] == module}
    text = source.split("\n")
    return [each for each in mutants_of(source) if (text[each.line - 1].strip(), each.change) not in equal]


def modules_of(name: str) -> list[str]:
    """`stats.rates`, or every module of `stats`."""
    path = Path("joinedup", *name.split("."))
    files = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return [".".join(file.with_suffix("").parts) for file in files if file.stem != "__init__"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.mutation.run", description=str(__doc__).split("\n")[0])
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="stats, or stats.rates")
    parser.add_argument("--sample", type=int, default=40, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--slowest", type=float, default=3.0, help="seconds; slower tests are left out")
    parser.add_argument("--files", type=int, default=3, help="test files for each mutant")
    parser.add_argument(
        "--tests", nargs="+", help="where the tests are; tests/unit of the package if not given"
    )
    given = parser.parse_args()
    tests = given.tests or sorted({"tests/unit/" + name.partition(".")[0] for name in given.modules})
    os.environ.setdefault("JOINEDUP_ORACLES", str((ROOT / "../shared/oracles").resolve()))
    os.environ.setdefault("JOINEDUP_DATA", str((ROOT / "../shared/data").resolve()))
    sys.dont_write_bytecode = False
    with tempfile.TemporaryDirectory() as folder:
        for name in ("joinedup", "tests"):
            shutil.copytree(ROOT / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        os.chdir(folder)
        sys.path[:] = [folder, *(each for each in sys.path if each not in ("", str(ROOT)))]
        with_quick_examples()
        campaign, status = Campaign(given), 3
        try:
            status = pytest.main([*OPTIONS, *tests], plugins=[campaign])
        finally:
            if campaign.is_child:
                os._exit(int(status))


def with_quick_examples() -> None:
    """A failing example need not be made small, and the next mutant meets the same ones."""
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutation", phases=phases, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutation")


if __name__ == "__main__":
    main()
