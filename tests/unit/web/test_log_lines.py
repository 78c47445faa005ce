"""Lines of the log: JSON, and nothing that somebody typed."""

from __future__ import annotations

import json
import logging
import sys

from joinedup_web.config.log_lines import JsonLines


def line(
    name: str, message: str, *arguments: object, fault: bool = False, **more: object
) -> dict[str, object]:
    try:
        raise ValueError("NHS number 943 476 5919")
    except ValueError:
        told = sys.exc_info() if fault else None
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, told)
    record.__dict__.update(more)
    written = JsonLines().format(record)
    assert "\n" not in written
    found: dict[str, object] = json.loads(written)
    return found


def test_arguments_of_others_are_left_out() -> None:
    assert line("django.request", "Not Found: %s", "/people/a@b")["message"] == "Not Found: %s"
    assert line("joinedup.requests", "waited %s s", 3)["message"] == "waited 3 s"


def test_a_fault_says_where_and_not_what() -> None:
    told = line("django.request", "x", fault=True)
    assert (
        told["fault"] == "ValueError"
        and "test_log_lines.py" in str(told["at"])
        and "943" not in json.dumps(told)
    )


def test_what_our_own_loggers_add_is_kept() -> None:
    told = line("joinedup.requests", "answered", address="measure", status=200, path="/secret")
    assert (told["address"], told["status"]) == ("measure", 200) and "path" not in told
