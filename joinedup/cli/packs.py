"""`joinedup pack`: a month for a board, chief executives, a workstream, members or scrutiny."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from joinedup.cli.options import AsJson, AsKnown, OptionalLake, PublishedFile, day
from joinedup.cli.output import print_json, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.reports.packs import Pack

Which = Annotated[
    str,
    typer.Argument(
        help="board, ceo, workstream, members, scrutiny, or a layout of your own (.yaml).", metavar="PACK"
    ),
]
Out = Annotated[
    list[Path],
    typer.Option(
        "--out",
        help="A file to write: .pptx, .docx, .pdf or .xlsx. May be given several times.",
        metavar="FILE",
    ),
]
Notes = Annotated[
    list[Path] | None,
    typer.Option(
        "--notes", help="Notes on figures (.yaml, .json, .csv), as the workspace gives them.", metavar="FILE"
    ),
]
Templates = Annotated[
    list[Path] | None,
    typer.Option(
        "--template", help="A template of your own, .pptx for slides or .docx for documents.", metavar="FILE"
    ),
]
OneMeasure = Annotated[
    str | None,
    typer.Option(
        "--measure", help="Make it about this measure alone: a slug or a national id.", metavar="NAME"
    ),
]


def pack(
    which: Which,
    out: Out,
    lake: OptionalLake = None,
    period: Annotated[
        str | None, typer.Option("--period", help="The month, such as 2026-03.", metavar="YYYY-MM")
    ] = None,
    published: PublishedFile = None,
    notes: Notes = None,
    template: Templates = None,
    measure: OneMeasure = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Make the pack of a month: what changed, what stands out, where the gap opens, and what people wrote about it.

    Example: joinedup pack board --lake demo/lake --period 2026-03 --out board.pptx --out board.pdf --notes notes.yaml
    """
    _one_source(lake, period, published, bool(notes or measure or as_known))
    from joinedup.definitions.pack_layouts import PackLayout
    from joinedup.reports.packs import make_pack, read_notes, write_pack
    from joinedup.reports.packs.published import pack_of_published
    from joinedup.reports.packs.writing import kind_of

    for file in out:
        kind_of(file)
    layout = PackLayout.read(Path(which)) if which.endswith((".yaml", ".yml")) else PackLayout.load(which)
    told = [note for file in notes or () for note in read_notes(file)]
    with progress(as_json) as show:
        if published is not None:
            made = pack_of_published(published, layout, progress=show)
        elif lake is not None and period is not None:
            made = make_pack(
                lake,
                layout,
                period,
                notes=told,
                measure=measure,
                as_known=day(as_known, "--as-known"),
                progress=show,
            )
        files = write_pack(made, out, templates=template or (), progress=show)
    _tell(made, files, as_json)


def _one_source(lake: Path | None, period: str | None, published: Path | None, of_a_lake: bool) -> None:
    """A pack is of a month of a lake, or of a published file."""
    if (lake is None) == (published is None) or (lake is None) != (period is None):
        raise typer.BadParameter(
            "name a lake and a month, or a published file", param_hint="--lake and --period / --published"
        )
    if published is not None and of_a_lake:
        raise typer.BadParameter(
            "published figures take none of these", param_hint="--notes / --measure / --as-known"
        )


def _tell(made: Pack, files: Sequence[Path], as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "files": [str(file) for file in files],
                "titles": [page.title for page in made.pages],
                "asked": [line.text for line in made.asked],
                "left_out": list(made.left_out),
                "numbers": len(made.registry),
            }
        )
        return
    for page in made.pages:
        print(f"- {page.title}")
    for line in made.left_out:
        print(line)
    print("Written: " + ", ".join(str(file) for file in files))
