"""Claimed quantities: what a sentence says of how much something is, or by how much it changed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from joinedup.improvement.wording import (
    AT_LEAST,
    AT_MOST,
    BETTER,
    CHANGING,
    DAYS,
    DOWN,
    FORMS,
    FRACTIONS,
    MULTIPLE,
    MULTIPLES,
    NO_CHANGE_OF_A_MEASURE,
    SCALES,
    SMALL_NUMBERS,
    WORSE,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

IN_WORDS = 0.05
"""How far from a word such as "halved" or "a fifth" a figure may lie and still be that, as a share of the whole."""
YEARS_OF_OUR_TIME = (1800, 2200)
BESIDE = 4
"""Characters between "halved" and "(from 3.4 years to 1.5)" that make them one claim."""

_any_number = re.compile(
    rf"[0-9]|\b(?:{'|'.join(SMALL_NUMBERS)}|{'|'.join(FRACTIONS)}|twice|{MULTIPLE})", re.IGNORECASE
)
_any_change = re.compile(rf"\b(?:{CHANGING}|{MULTIPLE})\b|\b(?:up|down)\s(?=from\b)", re.IGNORECASE)
_down = re.compile(rf"(?:{DOWN}|(?:reduction|decrease|fall|drop|cut|decline|saving)s?)$", re.IGNORECASE)
_better = re.compile(rf"(?:{BETTER}|improvements?)$", re.IGNORECASE)
_worse = re.compile(rf"(?:{WORSE}|deteriorations?)$", re.IGNORECASE)


class Kind(StrEnum):
    """What is claimed: a change relative to before, in percentage points or in units; a share; a length of time."""

    CHANGE = "change"
    POINTS = "points"
    DIFFERENCE = "difference"
    SHARE = "share"
    LENGTH = "length"


@dataclass(frozen=True)
class Quantity:
    """A claimed quantity and the words that claim it, which stand at `start` to `end` of their sentence.

    `low` and `high` are what is claimed as it is rounded: shares of 1 for a change, points and a share (-0.559),
    days for a length, `unit`s for a difference. `direction` is "better" or "worse" where the words do not say
    whether that is up or down; sizes are then above 0. `before` and `after` are as written. `beside` are the words
    that say it a second time, `ends` those of a range as written, whose middle is `value`. `bound` is "at least" or
    "at most" where the words say so.
    """

    phrase: str
    start: int
    end: int
    kind: Kind
    low: float
    high: float
    value: float
    unit: str = ""
    direction: str = ""
    before: float | None = None
    after: float | None = None
    bound: str = ""
    beside: str = ""
    ends: tuple[float, float] | None = None

    @property
    def words(self) -> str:
        """The claim as a figure, with the words that make it."""
        said = f"said as “{self.phrase}”" + (f" and “{self.beside}”" if self.beside else "")
        return f"{self.bound + ' ' if self.bound else ''}{self.figure} ({said})"

    @property
    def figure(self) -> str:
        """The claimed figure: -55.9%, -5.0 percentage points, 48%."""
        turn = f" {self.direction}" if self.direction else ""
        if self.ends is not None:
            points = " percentage points" if self.kind is Kind.POINTS else "%"
            return f"{100 * self.ends[0]:g} to {100 * self.ends[1]:g}{points}{turn}"
        if self.kind in (Kind.CHANGE, Kind.POINTS):
            unit = "%" if self.kind is Kind.CHANGE else " percentage points"
            return f"{100 * self.value:+.1f}{unit}{turn}"
        if self.kind is Kind.SHARE:
            return f"{100 * self.value:g}%"
        return f"{self.value:g} days" if self.kind is Kind.LENGTH else f"{self.value:+g} {self.unit}{turn}"


def quantities_in(sentence: str) -> tuple[Quantity, ...]:
    """Every claimed quantity of a sentence, in the order of its words; none where it only holds other numbers.

    Dates, times of day, ages and bare counts are not claims of a change or a share, and are left alone.
    """
    found: list[Quantity] = []
    if not _any_number.search(sentence):
        return ()
    for name, pattern in FORMS:
        for match in pattern.finditer(sentence):
            quantity = _READ[name](match, sentence)
            if quantity is not None and math.isfinite(quantity.value) and not _taken(quantity, found):
                found.append(quantity)
    return _said_once(sorted(found, key=lambda each: each.start), sentence)


def _taken(quantity: Quantity, found: list[Quantity]) -> bool:
    return any(quantity.start < other.end and other.start < quantity.end for other in found)


def _said_once(found: list[Quantity], sentence: str) -> tuple[Quantity, ...]:
    """ "Halved (from 3.4 years to 1.5)" is one claim, and its figures are the claim."""
    kept: list[Quantity] = []
    for quantity in found:
        last = kept[-1] if kept else None
        gap = sentence[last.end : quantity.start] if last else ""
        beside = last is not None and len(gap) <= BESIDE and not re.search(r"[\w.;]", gap)
        if beside and last is not None and last.before is None and quantity.before is not None:
            kept[-1] = replace(quantity, beside=last.phrase)
        elif beside and last is not None and last.before is not None and quantity.kind is Kind.CHANGE:
            kept[-1] = replace(last, beside=quantity.phrase)
        else:
            kept.append(quantity)
    return tuple(kept)


def _number(text: str) -> float:
    return SMALL_NUMBERS[text.lower()] if text.lower() in SMALL_NUMBERS else float(text.replace(",", ""))


def _half_a_digit(text: str) -> float:
    """Half of what the last digit of a number is worth; a number in words is whole."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


def _fraction(text: str) -> float:
    words = re.split(r"[ -]", text.lower())
    top = 1.0 if len(words) == 1 or words[0] in ("a", "an") else SMALL_NUMBERS[words[0]]
    return top / FRACTIONS[words[-1].removesuffix("s") if words[-1] != "half" else "half"]


def _groups(match: re.Match[str]) -> Mapping[str, str]:
    return {name: text.strip() for name, text in match.groupdict().items() if text is not None}


def _bound(hedge: str) -> str:
    for name, words in (("at least", AT_LEAST), ("at most", AT_MOST)):
        if hedge and re.fullmatch(words, hedge, re.IGNORECASE):
            return name
    return ""


def _size(of: Mapping[str, str]) -> tuple[float, float, float]:
    """Lowest, highest and middle of a size as a share of 1."""
    if "fraction" in of:
        value = _fraction(of["fraction"])
        return value - IN_WORDS, value + IN_WORDS, value
    first, last = (of["low"], of["high"]) if "low" in of else (of["size"], of["size"])
    low, high = sorted((_number(first), _number(last)))
    slack = max(_half_a_digit(first), _half_a_digit(last))
    return (low - slack) / 100, (high + slack) / 100, (low + high) / 200


def _ends(of: Mapping[str, str], sign: float) -> tuple[float, float] | None:
    """Both ends of a range, in the order in which they are written."""
    return (sign * _number(of["low"]) / 100, sign * _number(of["high"]) / 100) if "low" in of else None


def _quantity(
    match: re.Match[str], kind: Kind, sizes: tuple[float, float, float], **more: str | float
) -> Quantity:
    low, high, value = sizes
    lower, upper = sorted((low, high))
    return Quantity(match.group(), *match.span(), kind, lower, upper, value, **more)  # type: ignore[arg-type]


def _turned(sizes: tuple[float, float, float], verb: str) -> tuple[tuple[float, float, float], str]:
    """Sizes with the sign of the verb, and the direction where the verb says only better or worse."""
    if _down.match(verb):
        low, high, value = sizes
        return (-high, -low, -value), ""
    return sizes, "better" if _better.match(verb) else "worse" if _worse.match(verb) else ""


def _change_or_points(unit: str) -> Kind:
    return Kind.POINTS if re.search("point|ppt", unit, re.IGNORECASE) else Kind.CHANGE


def _change(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    sizes, direction = _turned(_size(of), of["verb"])
    kind = _change_or_points(of.get("unit", of.get("range_unit", "")))
    found = _quantity(match, kind, sizes, direction=direction, bound=_bound(of.get("hedge", "")))
    return replace(found, ends=_ends(of, -1.0 if found.value < 0 else 1.0))


def _difference(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    value, slack = _number(of["size"]), _half_a_digit(of["size"])
    if of["unit"].lower() in ("percent", "per", "percentage", "times", "million", "billion"):
        return None
    sizes, direction = _turned((value - slack, value + slack, value), of["verb"])
    more = {"unit": of["unit"], "direction": direction, "bound": _bound(of.get("hedge", ""))}
    return _quantity(match, Kind.DIFFERENCE, sizes, **more)


def _signed(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    low, high, value = _size(of)
    sizes = (low, high, value) if of["sign"] == "+" else (-high, -low, -value)
    return _quantity(match, _change_or_points(of["unit"]), sizes)


def _multiple(match: re.Match[str], sentence: str) -> Quantity | None:
    times = next(value for stem, value in MULTIPLES.items() if match["multiple"].lower().startswith(stem))
    return _quantity(match, Kind.CHANGE, (times - 1 - IN_WORDS, times - 1 + IN_WORDS, times - 1))


def _times(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    word = of["times"].lower().removesuffix("times").strip()
    times = 2.0 if word == "twice" else _number(word)
    if _down.match(of.get("verb", "")):
        times = 1 / times if times else math.inf
    return _quantity(match, Kind.CHANGE, (times - 1 - IN_WORDS, times - 1 + IN_WORDS, times - 1))


def _share(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    bound = _bound(of.get("hedge", ""))
    if "in" in of:
        many = _number(of["in"])
        if many <= 1:
            return None
        return _quantity(match, Kind.SHARE, (1 / (many + 0.5), 1 / (many - 0.5), 1 / many))
    return replace(_quantity(match, Kind.SHARE, _size(of), bound=bound), ends=_ends(of, 1.0))


def _length(match: re.Match[str], sentence: str) -> Quantity | None:
    of = _groups(match)
    days = DAYS[of["unit"].lower().removesuffix("s")]
    value, slack = _number(of["size"]), _half_a_digit(of["size"])
    sizes = (days * (value - slack), days * (value + slack), days * value)
    return _quantity(match, Kind.LENGTH, sizes, unit="days", bound=_bound(of.get("hedge", "")))


def _from_to(match: re.Match[str], sentence: str) -> Quantity | None:
    """A change from one amount to another, where the sentence has a word of change and the two have one unit."""
    of = _groups(match)
    if not _any_change.search(sentence) or _of_another_kind(match, of, sentence):
        return None
    scales, units = zip(*(_unit(of, end) for end in "ab"), strict=True)
    if all(units) and units[0] != units[1]:
        return None
    # "from 3.4 years to 1.5": an amount without a unit has that of the other
    scales = tuple(scale if unit else max(scales) for scale, unit in zip(scales, units, strict=True))
    (a, slack_a), (b, slack_b) = (
        (scale * _number(of[end]), scale * _half_a_digit(of[end]))
        for scale, end in zip(scales, "ab", strict=True)
    )
    if a <= slack_a:
        return None
    sizes = ((b - slack_b) / (a + slack_a) - 1, (b + slack_b) / (a - slack_a) - 1, b / a - 1)
    written = {"before": _number(of["a"]), "after": _number(of["b"])}
    found = _quantity(match, Kind.CHANGE, sizes, unit=units[0] or units[1], **written)
    start = match.start() if match.group()[:4].lower() == "from" else match.start("a")
    return replace(found, phrase=sentence[start : match.end()], start=start)


def _of_another_kind(match: re.Match[str], of: Mapping[str, str], sentence: str) -> bool:
    """Whether the two numbers are calendar years, times of day, ages or dates."""
    bare = not any(f"{end}_{what}" in of for end in "ab" for what in ("unit", "pounds"))
    first, last = YEARS_OF_OUR_TIME
    years = bare and all(first < _number(of[end]) < last for end in "ab")
    return years or bool(NO_CHANGE_OF_A_MEASURE.match(sentence, match.end())) or _ages(match, sentence)


def _ages(match: re.Match[str], sentence: str) -> bool:
    return bool(
        re.search(r"\b(?:aged?|ages|children|people|adults)\s?$", sentence[: match.start()], re.IGNORECASE)
    )


def _unit(of: Mapping[str, str], end: str) -> tuple[float, str]:
    """What the written unit of an amount multiplies by, and what it is a unit of: %, days, £, or nothing."""
    unit = of.get(f"{end}_unit", "").lower()
    if f"{end}_pounds" in of:
        return SCALES.get(unit, 1.0), "£"
    if unit.removesuffix("s") in DAYS:
        return DAYS[unit.removesuffix("s")], "days"
    if unit in SCALES:
        return SCALES[unit], "number"
    return 1.0, "%" if unit else ""


_READ: Final[Mapping[str, Callable[[re.Match[str], str], Quantity | None]]] = {
    "change": _change,
    "difference": _difference,
    "signed": _signed,
    "multiple": _multiple,
    "times": _times,
    "share": _share,
    "length": _length,
    "from_to": _from_to,
}
