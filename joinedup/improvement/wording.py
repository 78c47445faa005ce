"""The words in which numbers are claimed: patterns of English, each bounded, so that no text makes them slow."""

from __future__ import annotations

import re
from typing import Final

UP_TO_TWENTY: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
TENS: Final = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL_NUMBERS: Final = {
    **{word: float(number) for number, word in enumerate(UP_TO_TWENTY)},
    **{word: 10.0 * number for number, word in enumerate(TENS, 3)},
}
FRACTIONS: Final = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
MULTIPLES: Final = {
    "halv": 0.5, "doubl": 2.0, "trebl": 3.0, "tripl": 3.0, "quadrupl": 4.0,
}  # fmt: skip
SCALES: Final = {"k": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
DAYS: Final = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}

FALLING: Final = (
    r"fell|fall(?:en|ing|s)?|drop(?:ped|ping|s)?|decreas(?:e[ds]?|ing)|reduc(?:e[ds]?|ing|tions?)|cut(?:s|ting)?|"
    r"declin(?:e[ds]?|ing)|lower(?:ed|ing|s)|shorten(?:ed|ing|s)?|shr[aiu]nk(?:ing|s)?|sav(?:ed|ings?)"
)
RISING: Final = (
    r"rose|ris(?:en?|es|ing)|increas(?:e[ds]?|ing)|gr[eo]w(?:n|th|ing|s)?|expand(?:ed|ing|s)?|climb(?:ed|ing|s)?|"
    r"rais(?:ed|ing)"
)
DOWN: Final = rf"{FALLING}|lower|shorter|fewer|less|down"
UP: Final = rf"{RISING}|up|more|higher|longer"
IMPROVING: Final = r"improv(?:e[ds]?|ing|ements?)"
WORSENING: Final = r"worsen(?:ed|ing|s)?|deteriorat(?:ed|ing|ion)"
BETTER: Final = rf"{IMPROVING}|better"
WORSE: Final = rf"{WORSENING}|worse"
CHANGE: Final = rf"(?:{DOWN}|{UP}|{BETTER}|{WORSE})"
CHANGING: Final = rf"(?:{FALLING}|{RISING}|{IMPROVING}|{WORSENING})"
MULTIPLE: Final = r"(?:halv|doubl|trebl|tripl|quadrupl)(?:ed|es|ing)"
NOUN: Final = (
    r"(?:reduction|decrease|fall|drop|cut|decline|saving|rise|increase|growth|improvement|deterioration)s?"
)

DIGITS: Final = r"(?<![0-9.,])(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.[0-9]{1,6})?(?![0-9])"
NUMBER: Final = rf"(?:{DIGITS}|\b(?:{'|'.join(SMALL_NUMBERS)})\b)"
PERCENT: Final = r"\s?(?:%|per\s?cent\b)"
POINTS: Final = r"(?:\s?percentage\spoints?\b|\s?%\spoints?\b|\s?ppts?\b)"
TIME: Final = r"(?:days?|weeks?|months?|years?)\b"
SCALE: Final = r"(?:k|m|bn|million|billion)\b"
FRACTION: Final = (
    rf"(?:\b(?:an?|one|two|three|four|five|seven|nine)[ -](?:{'|'.join(FRACTIONS)})s?\b|\bhalf\b)"
)
AT_LEAST: Final = r"more than|over|above|at least|well over|just over|exceeding|not less than"
AT_MOST: Final = r"less than|under|below|at most|up to|just under|no more than|not more than|fewer than"
ROUGHLY: Final = r"about|around|approximately|nearly|almost|some|roughly|an average of|an estimated|c\."
HEDGE: Final = rf"(?:(?P<hedge>{AT_LEAST}|{AT_MOST}|{ROUGHLY})\s)?"
TO: Final = r"(?(between)\sand\s|\s?(?:-|–|—|to)\s?)"
RANGE: Final = rf"(?P<between>between\s)?(?P<low>{NUMBER})(?:{PERCENT})?{TO}(?P<high>{NUMBER})"
SIZE: Final = (
    rf"(?:{RANGE}(?P<range_unit>{POINTS}|{PERCENT})|(?P<size>{NUMBER})(?P<unit>{POINTS}|{PERCENT})"
    rf"|(?P<fraction>{FRACTION}))"
)
WORDS: Final = r"(?:(?!or\b|of\b|and\b|to\b)[A-Za-z'’-]{1,20}\s){0,2}"
"""Up to two words between a size and what it is a size of: 20% overall reduction."""
ON_THE_WAY: Final = r"[^.;:!?0-9%()]{0,90}?"
"""What may stand between a verb and its size: no other number, and no end of a clause."""


def _amount(name: str) -> str:
    unit = rf"{POINTS}|{PERCENT}|\s?{SCALE}|\s?{TIME}"
    return rf"(?P<{name}_pounds>£\s?)?(?P<{name}>{NUMBER})(?P<{name}_unit>{unit})?"


WHEN: Final = r"(?:\s(?:in|at|by|during)\s[A-Za-z0-9/ -]{1,20}?)?"
FROM_TO: Final = rf"{_amount('a')}{WHEN}\s(?:down\s|up\s)?to\s(?:(?:{ROUGHLY}|just)\s)?{_amount('b')}"

BESIDE_A_SIZE: Final = rf"{NOUN}|fewer|less|lower|shorter|more|higher|longer|better|worse"
MOVED: Final = r"fell|fallen|dropped|down|rose|risen|grew|grown|up|increased|decreased"
SHARES: Final = rf"(?:{RANGE}|(?P<size>{NUMBER}))(?P<unit>{PERCENT})"
BY: Final = rf"\b(?P<verb>{CHANGE})\b{ON_THE_WAY}\bby\s{HEDGE}"
AVERAGE: Final = r"\b(?:average|mean|median)\b[^.;:!?0-9()]{0,60}?\b(?:is|was|of|at|now)\s"
PATTERNS: Final = (
    ("from_to", rf"\bfrom\s(?:{ROUGHLY}\s)?{FROM_TO}"),
    ("from_to", rf"(?:{MULTIPLE}|{CHANGE})\s?[,(:–-]\s?\(?{FROM_TO}"),
    ("multiple", rf"\b(?P<multiple>{MULTIPLE})\b"),
    ("change", rf"{BY}{SIZE}"),
    ("difference", rf"{BY}(?P<size>{NUMBER})\s(?P<unit>[a-z]{{3,20}})\b"),
    ("change", rf"{HEDGE}{SIZE}\s{WORDS}(?P<verb>{BESIDE_A_SIZE})\b"),
    ("change", rf"\b(?P<verb>{NOUN})\s{ON_THE_WAY}\bof\s{HEDGE}{SIZE}"),
    ("change", rf"\b(?P<verb>{MOVED})\s{HEDGE}{SIZE}"),
    ("signed", rf"(?:(?<=^)|(?<=[\s(]))(?P<sign>[-−–+])(?P<size>{NUMBER})(?P<unit>{POINTS}|{PERCENT})"),
    ("times", rf"\b(?P<times>twice|{NUMBER}\stimes)\sas\s(?:many|much|long|likely|high|often)\b"),
    ("times", rf"\b(?P<times>{NUMBER})[- ]?fold\s(?P<verb>{NOUN})\b"),
    ("share", rf"\b(?:one|1)\sin\s(?:every\s)?(?P<in>{NUMBER})\b"),
    ("share", rf"{HEDGE}(?P<fraction>(?<!first\s)(?<!second\s)(?<!other\s){FRACTION})\sof\b"),
    ("share", rf"{HEDGE}{SHARES}"),
    ("length", rf"{AVERAGE}{HEDGE}(?P<size>{NUMBER})\s?(?P<unit>{TIME})"),
)
FORMS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in PATTERNS)
"""Tried in this order; what an earlier one has taken no later one takes again."""

PLANS: Final = re.compile(
    r"\b(?:will|would|should|could|(?-i:may)|might|ambition|(?:aim|plan|hope|want|seek|intend|commit|expect|propose)"
    r"(?:s|d|n?ed|m?ing|n?ing|ted|ting)?\s(?:to|for|that)|hoping|targets?\s(?:is|are|of|to)|targeted)\b",
    re.IGNORECASE,
)
DENIALS: Final = re.compile(r"\b(?:not|never|no evidence|neither|without)\b|n['’]t\b", re.IGNORECASE)
NO_CHANGE_OF_A_MEASURE: Final = re.compile(
    r"\s?(?:am\b|pm\b|o['’]clock|[- ]?year[- ]olds?|years?\sold|(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b)",
    re.IGNORECASE,
)
"""What stands after "from 9 to 5" where it is a time of day, an age or a date."""
