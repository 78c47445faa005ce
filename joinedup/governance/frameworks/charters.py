"""The role charter of a place: who is responsible, accountable, consulted, informed for each duty; and its clashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final

from joinedup.definitions.frameworks import CharterRules, Framework
from joinedup.governance.cells import Value
from joinedup.governance.frameworks.entries import read_date, read_head
from joinedup.governance.frameworks.findings import FormFinding
from joinedup.governance.frameworks.parts import Form, Notes

LETTERS: Final = {"R": "responsible", "A": "accountable", "C": "consulted", "I": "informed"}


@dataclass(frozen=True)
class Role:
    """One party's part in one duty. `part` is a letter or several of RACI in that order; `row` is where it stood."""

    duty: str
    party: str
    part: str
    post: str = ""
    holder: str = ""
    signed: date | None = None
    row: int = field(default=0, compare=False)

    def fields(self) -> dict[str, Value]:
        """The row of the form."""
        return {
            "duty": self.duty, "party": self.party, "post": self.post or None, "holder": self.holder or None,
            "part": self.part, "signed": self.signed,
        }  # fmt: skip


@dataclass(frozen=True)
class Charter:
    """The roles of a place, in the order of the form."""

    framework: str
    place: str
    rows: tuple[Role, ...] = field(repr=False)
    file: str = field(default="", compare=False)

    def of(self, duty: str, letter: str) -> tuple[Role, ...]:
        """Who has that part in a duty."""
        return tuple(role for role in self.rows if role.duty == duty and letter in role.part)

    def clashes(self) -> tuple[FormFinding, ...]:
        """What people have to settle, duty by duty, then posts, then signatures."""
        rules = Framework.load(self.framework).charter
        if rules is None:
            return ()
        return (*_of_duties(self, rules), *_of_posts(self, rules), *_of_signatures(self))


def read_charter(form: Form, notes: Notes) -> Charter | None:
    """The charter in a form; None where its head does not say whose it is, or the framework has none."""
    head = read_head(form, notes)
    if head is None:
        return None
    rules = head.framework.charter
    if rules is None:
        notes.tell(form.head["framework"], "unknown-framework", "This framework has no role charter.")
        return None
    rows = []
    for row in form.rows:
        duty, party, letters = row.text("duty"), row.text("party"), row.text("part")
        if duty and not party and not letters:
            continue  # a duty of the blank form that nobody has taken: its clash says so
        part = "".join(letter for letter in LETTERS if letter in letters.upper())
        if not duty or not party or not part or set(letters.upper()) - set(LETTERS) - set(" ,/;&+"):
            rule = "not-a-letter" if duty and party else "unreadable-row"
            notes.tell(row.cell("part"), rule, "Write duty, party, and R, A, C or I (or A/R).")
            continue
        known = _slug(duty, {one.slug: one.title for one in rules.duties})
        if known is None:
            notes.tell(
                row.cell("duty"), "duty-of-its-own", "Nothing to do, or take a duty of the blank form."
            )
        post = row.text("post")
        named = _slug(post, {one.slug: one.title for one in rules.posts})
        if post and named is None:
            notes.tell(
                row.cell("post"),
                "post-of-its-own",
                f"Nothing to do, or write one of {', '.join(p.slug for p in rules.posts)}.",
            )
        signed = read_date(row.cell("signed"), form, notes)
        rows.append(Role(known or duty, party, part, named or post, row.text("holder"), signed, row.number))
    return Charter(head.framework.slug, head.place.code, tuple(rows), form.file)


def _slug(words: str, known: dict[str, str]) -> str | None:
    said = words.casefold()
    return next((slug for slug, title in known.items() if said in (slug, title.casefold())), None)


def _of_duties(charter: Charter, rules: CharterRules) -> Iterator[FormFinding]:
    duties = dict.fromkeys((*(one.slug for one in rules.duties), *(role.duty for role in charter.rows)))
    for duty in duties:
        accountable = {role.party.casefold(): role for role in charter.of(duty, "A")}
        responsible = charter.of(duty, "R")
        mine = [role for role in charter.rows if role.duty == duty]
        row = mine[0].row if mine else 0
        if not accountable and not responsible:
            yield _found(charter, row, "nobody", "Say who is accountable and who is responsible.", duty)
        elif not accountable:
            yield _found(charter, row, "no-accountable", "Name one party that answers for it.", duty)
        elif not responsible:
            yield _found(
                charter, row, "no-responsible", "Name who does it; A/R where it is the same party.", duty
            )
        if len(accountable) > 1:
            names = ", ".join(role.party for role in accountable.values())
            yield _found(
                charter,
                row,
                "two-accountable",
                "Keep one, and make the others responsible or consulted.",
                f"{duty}: {names}",
            )
        parties = [role.party.casefold() for role in mine]
        for role in mine:
            if parties.count(role.party.casefold()) > 1 and role is next(
                r for r in mine if r.party.casefold() == role.party.casefold()
            ):
                yield _found(
                    charter, role.row, "part-twice", "Write one row, as A/R.", f"{duty}: {role.party}"
                )


def _of_posts(charter: Charter, rules: CharterRules) -> Iterator[FormFinding]:
    holders: dict[str, dict[str, int]] = {}
    for role in charter.rows:
        if role.holder and role.post:
            holders.setdefault(role.holder.casefold(), {}).setdefault(role.post, role.row)
    apart = {frozenset(pair): one.why for one in rules.excludes for pair in combinations(one.posts, 2)}
    for posts in holders.values():
        for pair in combinations(posts, 2):
            if why := apart.get(frozenset(pair)):
                # the post is named and the person is not: reports of findings travel further than charters
                yield _found(
                    charter,
                    posts[pair[1]],
                    "posts-exclude",
                    f"Give one of the posts to somebody else. {why}",
                    " and ".join(pair),
                    "Post",
                )


def _of_signatures(charter: Charter) -> Iterator[FormFinding]:
    for role in charter.rows:
        if role.signed is None:
            yield _found(
                charter,
                role.row,
                "unsigned",
                "Ask the party to sign, and write the day.",
                f"{role.duty}: {role.party}",
                "Signed on",
            )


def _found(
    charter: Charter, row: int, rule: str, remedy: str, text: str, column: str = "Duty"
) -> FormFinding:
    return FormFinding(charter.file, row, column, rule, remedy, text)
