"""Lines of the log as JSON, one event each, without what people typed.

A message is written without its arguments, and an exception without its text: both may hold what somebody sent.
Where it happened (file, line, function) says enough to find a fault.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

OWN = "joinedup"
FIELDS = ("address", "method", "status", "milliseconds")


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and what our own loggers add."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if record.name.partition(".")[0] == OWN else str(record.msg),
        }
        told |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            told |= {"fault": record.exc_info[0].__name__, "at": _where(record.exc_info[2])}
        return json.dumps(told, ensure_ascii=False)


def _where(trace: TracebackType | None) -> list[str]:
    """The calls that led to a fault, the innermost last."""
    frames = traceback.extract_tb(trace)
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    ]
