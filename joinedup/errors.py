"""Every error joinedup raises, drawn as one tree.

JoinedupError
├── YourData            exit 1   something in the files you gave us: says where, which rule, what to do
│   ├── UnreadableFile           cannot be opened or decoded as what it claims to be
│   ├── UnsafeFile               breaks a limit checked before parsing (size, ratio, names)
│   ├── SubmissionRefused        the return was read and breaks a rule that refuses the whole file
│   └── UnknownFigures           a published file does not have the columns we know
├── YourCommand         exit 2   what was asked for does not exist or does not fit together
│   ├── UnknownName              no measure, breakdown, place, period or code of that name
│   ├── MissingPart              an optional part or outside program is not installed
│   ├── LakeBusy                 another process is writing to the lake: what waits may try again
│   └── KeyRefused               the pseudonym key is absent, unsafe, or of the wrong purpose
└── OurFault            exit 3   a defect or a damaged lake: a traceback is shown
    ├── DefinitionBroken         a shipped definition does not meet its own schema
    └── LakeDamaged              the lake does not agree with its ledger
"""

from __future__ import annotations

from typing import ClassVar


class JoinedupError(Exception):
    """Base of the tree. `message` says what is wrong, `remedy` what to do about it."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  What to do: {self.remedy}" if self.remedy else self.message


class YourData(JoinedupError):
    """Something in the input. Carries the place: file, row (1 = first data row), column, national rule id."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        rule: str | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.file, self.row, self.column, self.rule = file, row, column, rule

    def __str__(self) -> str:
        parts = {"file": self.file, "row": self.row, "column": self.column, "rule": self.rule}
        place = ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
        return f"{place}: {super().__str__()}" if place else super().__str__()


class UnreadableFile(YourData):
    """The file cannot be opened or decoded as what it claims to be."""


class UnsafeFile(YourData):
    """The file breaks a limit that is checked before anything is parsed."""


class SubmissionRefused(YourData):
    """The return breaks a rule that refuses the whole file."""


class UnknownFigures(YourData):
    """A published statistics file does not have the columns of any form we know."""


class YourCommand(JoinedupError):
    """What was asked for does not exist or does not fit together."""

    exit_code = 2


class UnknownName(YourCommand):
    """No measure, breakdown, group, place, period or code of that name."""


class MissingPart(YourCommand):
    """An optional part of joinedup, or a program it calls, is not installed."""


class LakeBusy(YourCommand):
    """Another process is writing to the lake, or has written since it was opened."""


class KeyRefused(YourCommand):
    """The pseudonym key is absent, unsafe, or of the wrong purpose."""


class OurFault(JoinedupError):
    """A defect of ours, or a damaged lake: never the reader's to mend."""


class DefinitionBroken(OurFault):
    """A shipped definition does not meet its own schema."""


class LakeDamaged(OurFault):
    """The lake does not agree with its ledger."""
