"""The demo: a synthetic North West London through the whole main job, by the same calls that real returns take."""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from joinedup.errors import YourCommand
from joinedup.intake import import_postcodes, load
from joinedup.journeys import build_journeys
from joinedup.lake import create_lake
from joinedup.linkage import make_demo_key
from joinedup.reports.content import Headline
from joinedup.reports.talking_therapies import report_of_lake
from joinedup.reports.writing import write_report
from joinedup.twin import write_twin

Progress = Callable[[str, int, int], None]
WORKSPACE = "workspace"
MARK = "joinedup-demo.txt"


@dataclass(frozen=True)
class DemoSummary:
    """What the demo did. `seconds` is wall-clock, `peak_megabytes` the largest resident size of one process."""

    people: int
    referrals: int
    contacts: int
    files: int
    seconds: float
    peak_megabytes: int
    steps: dict[str, float]
    lake: str
    report: str
    headlines: tuple[Headline, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values, with the key `peak_mb` kept for programs."""
        return {
            **asdict(self),
            "peak_mb": self.peak_megabytes,
            "headlines": [headline.text for headline in self.headlines],
        }

    def as_text(self) -> str:
        """What a person reads when it is done."""
        steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.steps.items())
        return "\n".join(
            [
                "",
                f"A synthetic North West London: {self.people:,} invented people, {self.referrals:,} referrals, {self.contacts:,} contacts,",
                f"read from {self.files} monthly returns in {self.seconds:.0f} s ({steps}), at most {self.peak_megabytes:,} MB of memory.",
                "",
                *(f"- {headline.text}" for headline in self.headlines),
                "",
                f"Open {self.report} in a browser; PDF and workbook lie beside it. The lake is in {self.lake}.",
                f'Ask it: joinedup gap --by ethnic_group --between "Other Ethnic Groups" "White" --lake {self.lake}',
            ]
        )


def run_demo(
    out: Path, *, scale: float = 1.0, months: int = 36, seed: int = 7, progress: Progress | None = None
) -> DemoSummary:
    """Write the twin, load it, build journeys and write the report in `out`, replacing an earlier demo there.

    Raises YourCommand when `out` holds something that is not a demo.
    """
    show = progress or (lambda step, done, total: None)
    began = time.monotonic()
    clock = _Clock()
    _clear(out)
    key = make_demo_key(out / "demo.key")
    made = write_twin(
        out / "twin",
        scale=scale,
        months=months,
        seed=seed,
        progress=lambda text, share: show("Writing the twin", round(100 * share), 100),
    )
    clock.step("twin")
    lake = create_lake(out / "lake", purpose="demo", key_fingerprint=key.fingerprint)
    import_postcodes(out / "twin" / "postcodes.csv", lake)
    load(
        [out / "twin" / "returns"],
        lake,
        key=key,
        progress=lambda done, total, name: show("Checking and loading returns", done, total),
    )
    clock.step("load")
    show("Building journeys", 0, 1)
    build_journeys(lake)
    show("Building journeys", 1, 1)
    clock.step("journeys")
    report = report_of_lake(out / "lake", progress=show)
    page = out / "report.html"
    write_report(report, page, progress=show)
    clock.step("report")
    return DemoSummary(
        people=made.people, referrals=made.referrals, contacts=made.contacts, files=made.files,
        seconds=round(time.monotonic() - began, 1), peak_megabytes=_peak(), steps=clock.steps,
        lake=str(out / "lake"), report=str(page), headlines=report.headlines,
    )  # fmt: skip


class _Clock:
    """Seconds of each step, in the order they were taken."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.monotonic()

    def step(self, name: str) -> None:
        now = time.monotonic()
        self.steps[name] = round(now - self._last, 1)
        self._last = now


def _clear(out: Path) -> None:
    """Replace an earlier demo, and nothing else: the folder must be empty, absent, or carry our mark.

    A workspace may lie there already: its database is made ready beside this work.
    """
    held = {path.name for path in out.iterdir()} if out.exists() else set()
    if held - {WORKSPACE} and MARK not in held:
        raise YourCommand(
            f"{out} holds something that is not a demo.", remedy="Choose an empty folder with --out."
        )
    for name in ("twin", "lake"):
        shutil.rmtree(out / name, ignore_errors=True)
    for file in ("demo.key", *(f"report{end}" for end in (".html", ".pdf", ".xlsx", ".registry.json"))):
        (out / file).unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("Made by `joinedup demo` from invented people; safe to delete.\n")


def _peak() -> int:
    """Largest resident size of this process or of a finished child, in MB."""
    kilobytes = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return round(kilobytes / 1024)
