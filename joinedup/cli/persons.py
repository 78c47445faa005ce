"""`joinedup persons`: who is one person over several indexes, why, and what a reviewer makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson, KeyFile
from joinedup.cli.output import print_json, print_table, progress

if TYPE_CHECKING:
    from joinedup.linkage import Linked

app = typer.Typer()
Folder = Annotated[Path, typer.Argument(help="The folder of a linkage.", metavar="DIR")]
Item = Annotated[str, typer.Argument(help="The code of a pair, as review and explain print it.")]
By = Annotated[str, typer.Option("--by", help="Who decides.", metavar="NAME")]
Why = Annotated[
    str, typer.Option("--why", help="The reason, kept with the decision. No identifiers.", metavar="TEXT")
]


@app.command("link")
def link(
    indexes: Annotated[
        list[Path],
        typer.Argument(
            help="CSV or Parquet, one row per person, each named after its trust.", metavar="FILE..."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The new folder to write.", metavar="DIR")],
    key: KeyFile = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="A model kept from before (default: train one).", metavar="FILE"),
    ] = None,
    decisions_of: Annotated[
        Path | None,
        typer.Option(
            "--decisions-of", help="An earlier linkage whose decisions go on counting.", metavar="DIR"
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="A column to show linkage by, such as ethnic_group.", metavar="COLUMN"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Link the records of one person over several indexes. The folder holds local and keyed identifiers alone.

    Example: joinedup persons link RV3.csv RKL.csv --out links/ --by ethnic_group
    """
    from joinedup.linkage import hold, read_indexes, read_key, read_model
    from joinedup.linkage import link as link_records

    held_key, kept = read_key(key), read_model(model) if model else None
    tables = read_indexes(indexes)
    _check_column(by, tables)
    with progress(as_json) as show:
        show("Linking", 0, 1)
        linked = link_records(tables, model=kept)
        hold(linked, out, held_key, decisions_of=decisions_of)
        show("Linking", 1, 1)
    answer = _summary(linked, tables, by)
    if as_json:
        print_json(answer)
    else:
        _tell(answer, out)


@app.command("review")
def review(
    folder: Folder,
    decided: Annotated[bool, typer.Option("--decided", help="Those decided on too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the pairs that wait for a reviewer, with why, field by field. No values of people are kept to show.

    Example: joinedup persons review links/
    """
    from joinedup.linkage import queue_of, read_linkage

    rows = [row for row in queue_of(read_linkage(folder)) if decided or row["decision"] is None]
    if as_json:
        print_json(rows)
        return
    header = ("Item", "One", "Other", "Reason", "Probability", "Same", "Differs", "Decision")
    print_table(header, [_queued(row) for row in rows], right=(4,))


@app.command("accept")
def accept(folder: Folder, item: Item, by: By, why: Why = "", as_json: AsJson = False) -> None:
    """Say that both records of a pair are one person.

    Example: joinedup persons accept links/ AQH3ZP5KYN --by "J. Okafor"
    """
    _decide(folder, item, "accept", by, why, as_json)


@app.command("refuse")
def refuse(folder: Folder, item: Item, by: By, why: Why = "", as_json: AsJson = False) -> None:
    """Say that the records of a pair are two people; a link between them, by whatever rule, is taken back.

    Example: joinedup persons refuse links/ AQH3ZP5KYN --by "J. Okafor"
    """
    _decide(folder, item, "refuse", by, why, as_json)


@app.command("undo")
def undo(folder: Folder, item: Item, by: By, why: Why = "", as_json: AsJson = False) -> None:
    """Take back the last decision on a pair; what stood before it stands again.

    Example: joinedup persons undo links/ AQH3ZP5KYN --by "J. Okafor"
    """
    _decide(folder, item, "undo", by, why, as_json)


@app.command("explain")
def explain(
    folder: Folder,
    source: Annotated[str, typer.Argument(help="The trust of the record.")],
    local_id: Annotated[str, typer.Argument(help="The trust's own identifier.")],
    as_json: AsJson = False,
) -> None:
    """Say why a record is linked: by which rule, or by which weight of each field, and what reviewers decided.

    Example: joinedup persons explain links/ RV3 12345
    """
    from joinedup.linkage import explained, read_linkage

    answer = explained(read_linkage(folder), source, local_id)
    if as_json:
        print_json(answer)
        return
    print(f"{source} {local_id} is person {answer['person_id']}, known in {len(answer['records'])} records.")
    for pair in answer["pairs"]:
        print(f"\n{pair['item']}: with {' '.join(pair['other'])}, {pair['state']}")
        print(
            f"  by {pair['rule']}"
            + (f", probability {pair['probability']:.3f}" if pair["probability"] else "")
        )
        if pair["reason"]:
            print(f"  for review: {pair['reason']}")
        for field, told in pair["fields"].items():
            weight = "" if told["weight"] is None else f", weight {told['weight']:+.1f} bits"
            print(f"  {field.replace('_', ' ')}: {told['agreement']}{weight}")
    for decision in answer["decisions"]:
        print(
            f"\nDecision {decision['number']}: {decision['verdict']} by {decision['by']} on {decision['at'][:10]}"
        )


def _decide(folder: Path, item: str, verdict: str, by: str, why: str, as_json: bool) -> None:
    from joinedup.linkage import read_linkage
    from joinedup.linkage import review as decide

    held = decide(read_linkage(folder), item, verdict, by=by, why=why)  # type: ignore[arg-type]
    if as_json:
        print_json({"decision": len(held.decisions), "item": item, "verdict": verdict})
        return
    print(f"Decision {len(held.decisions)} is kept: {verdict} {item}. people.csv follows it.")


def _check_column(by: str | None, tables: dict[str, Any]) -> None:
    if by and not all(by in rows.column_names for rows in tables.values()):
        raise typer.BadParameter(f"not every index has a column {by}", param_hint="--by")


def _summary(linked: Linked, tables: dict[str, Any], by: str | None) -> dict[str, Any]:
    from joinedup.disclosure import release
    from joinedup.linkage import quality_by

    quality = release(quality_by(linked, tables, by)).value
    return {"by": by, "model": linked.model.version if linked.model else None, "groups": quality.rows()}


def _tell(answer: dict[str, Any], out: Path) -> None:
    header = ("Group", "Records", "Valid number", "Linked", "In review")
    print_table(
        header,
        [
            (
                row["group"],
                _count(row["records"]),
                *(_share(row, name) for name in ("with_valid_number", "linked", "in_review")),
            )
            for row in answer["groups"]
        ],
        right=(1, 2, 3, 4),
    )
    if answer["model"] is None:
        print("Note: linked by rules alone; too few links to train a model on, or nobody left to score.")
    print(f"Who is who: {out / 'people.csv'}. What to look at: joinedup persons review {out}")


def _count(value: int | None) -> str:
    return "hidden" if value is None else f"{value:,}"


def _share(row: dict[str, Any], name: str) -> str:
    share = row[f"{name}_percent"]
    return "hidden" if share is None else f"{share}%"


def _queued(row: dict[str, Any]) -> tuple[Any, ...]:
    probability = "" if row["probability"] is None else f"{row['probability']:.3f}"
    same, differs = (
        ", ".join(field for field, said in row["fields"].items() if said["agreement"] == told)
        for told in ("same", "differs")
    )
    return (
        row["item"],
        " ".join(row["one"]),
        " ".join(row["other"]),
        row["reason"],
        probability,
        same,
        differs,
        row["decision"],
    )
