"""The manual of methods: each page is a spec in docs/methods, run as a test and written out for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

METHODS = Path(__file__).parent / "methods"
FIELDS = {"title", "functions", "question", "formula", "source", "peer", "cautions", "example"}
MODULES = ("joinedup.stats", "joinedup.equity", "joinedup.disclosure")


def specs() -> dict[str, dict[str, Any]]:
    """Every spec by its slug."""
    found = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(METHODS.glob("*.yaml"))
    }
    for slug, spec in found.items():
        if wrong := FIELDS.symmetric_difference(spec):
            raise ValueError(f"docs/methods/{slug}.yaml: {', '.join(sorted(wrong))} missing or unknown")
    return found


def drawn(text: str) -> dict[str, list[str]]:
    """A drawn table as texts by column."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    head, rows = lines[0], lines[1:]
    if any(len(row) != len(head) for row in rows):
        raise ValueError(f"a row of the drawn table has more or fewer cells than {head}")
    return {name: [row[place] for row in rows] for place, name in enumerate(head)}


def inputs(text: str) -> dict[str, Any]:
    """Columns of a drawn table: arrays of numbers (an empty cell is missing), or lists of texts."""
    return {name: _column(values) for name, values in drawn(text).items()}


def _column(values: list[str]) -> Any:
    try:
        return np.array([float(value) if value else np.nan for value in values])
    except ValueError:
        return values


def page(spec: dict[str, Any]) -> str:
    """One page of the manual."""
    example = spec["example"]
    parts = [
        f"# {spec['title']}\n",
        f"{spec['question'].strip()}\n",
        f"`{'`, `'.join(spec['functions'])}`\n",
        "## Example\n",
        f"{example['story'].strip()}\n",
        _table(drawn(example["given"])),
        f"```python\n{example['call'].strip()}\n```\n",
        _table(drawn(example["gives"])),
        "## Formula\n",
        f"```text\n{spec['formula'].strip()}\n```\n",
        "## When not to use it\n",
        f"{spec['cautions'].strip()}\n",
        "## What the reference program does differently\n",
        f"{spec['peer'].strip()}\n",
        "## Sources\n",
        "\n".join(f"- {source}" for source in spec["source"]),
        "",
    ]
    return "\n".join(parts)


def index(found: dict[str, dict[str, Any]]) -> str:
    """The list of pages."""
    rows = [f"- [{spec['title']}]({slug}.md): {spec['question'].strip()}" for slug, spec in found.items()]
    return "\n".join(["# Methods\n", *rows, ""])


def _table(columns: dict[str, list[str]]) -> str:
    rows = zip(*columns.values(), strict=True)
    lines = [list(columns), ["---"] * len(columns), *map(list, rows)]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )
