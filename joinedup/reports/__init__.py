"""Reports: what a board reads, made of released results only; and the demo that runs the whole main job."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "DemoSummary": "demo",
    "Report": "content",
    "process_report": "process_page",
    "report_of_lake": "talking_therapies",
    "report_of_published": "published",
    "run_demo": "demo",
    "trace_code": "writing",
    "write_report": "writing",
}
__all__ = sorted(_HOME)  # noqa: PLE0605 - a list of names all the same


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'joinedup.reports' has no attribute {name!r}")
    return getattr(import_module(f"joinedup.reports.{_HOME[name]}"), name)
