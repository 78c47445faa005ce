"""How far joinedup agrees with the reference programs, as a page: from a run over every case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tests.oracles.adapters import all_methods
from tests.oracles.agreeing import differences
from tests.oracles.cases import cases_in, methods_in

COUNTED = ("cases", "agrees", "deviates", "reject")
DEVIATIONS = Path(__file__).parent / "deviations.yaml"


def deviations() -> list[dict[str, Any]]:
    """What we knowingly answer otherwise: cases, what we do, reason."""
    return yaml.safe_load(DEVIATIONS.read_text(encoding="utf-8")) or []


def counted(folder: Path) -> dict[str, Counter[str]]:
    """Cases, agreed and deviating of each method in the folder, by running them all."""
    found = {}
    known, named = all_methods(), {case for entry in deviations() for case in entry["cases"]}
    for method in methods_in(folder):
        tally: Counter[str] = Counter()
        for case in cases_in(folder, method):
            differs = method not in known or bool(differences(known[method], case))
            word = "deviates" if case.case_id in named else "differs" if differs else "agrees"
            tally.update(["cases", word, case.params["expect"]])
        found[method] = tally
    return found


def page(folder: Path) -> str:
    """The page: a table, then every deviation with its reason."""
    found, known = counted(folder), all_methods()
    total = sum(tally["cases"] for tally in found.values())
    agreed = sum(tally["agrees"] for tally in found.values())
    lines = [
        "# Agreement with the field's reference programs\n",
        f"{agreed} of {total} cases agree; each deviation is listed below with its reason. The cases were answered by\n"
        "running the programs. A case agrees when every number is within 1e-8 (1e-5 for lines found by bisection\n"
        "and fitted models; simulated limits within four Monte Carlo standard deviations), or when a call that the\n"
        "program refuses is refused here too.\n",
        "| method | reference program | cases | agree | deviate, with reason | refused by both |",
        "|---|---|---:|---:|---:|---:|",
    ]
    lines += [
        "| " + " | ".join([method, known[method].peer, *(str(t[word]) for word in COUNTED)]) + " |"
        for method, t in found.items()
    ]
    lines += ["\n## Deviations\n"]
    lines += [f"- {', '.join(entry['cases'])}: {entry['reason']}" for entry in deviations()] or ["None."]
    return "\n".join([*lines, ""])


def table_of(outcomes: list[tuple[str, str]]) -> str:
    """The table printed after a test run, from the names and outcomes of its cases."""
    named = {case for entry in deviations() for case in entry["cases"]}
    found: dict[str, Counter[str]] = {}
    for node, outcome in outcomes:
        case_id = node.partition("[")[2].removesuffix("]")
        word = "failed" if outcome == "failed" else "deviates" if case_id in named else "agrees"
        found.setdefault(case_id.rsplit("-", 2)[0], Counter()).update(["cases", word])
    rows = [
        f"{method:<24}{t['cases']:>7}{t['agrees']:>8}{t['deviates']:>10}{t['failed']:>8}"
        for method, t in sorted(found.items())
    ]
    return "\n".join([f"{'method':<24}{'cases':>7}{'agree':>8}{'deviate':>10}{'failed':>8}", *rows])
