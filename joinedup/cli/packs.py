"""`joinedup pack`: a month for a board, chief executives, a workstream, members or scrutiny."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.options import AsJson, AsKnown, LakeFolder, day
from joinedup.cli.output import print_json, progress

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
    lake: LakeFolder,
    period: Annotated[str, typer.Option("--period", help="The month, such as 2026-03.", metavar="YYYY-MM")],
    out: Out,
    notes: Notes = None,
    template: Templates = None,
    measure: OneMeasure = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Make the pack of a month: what changed, what stands out, where the gap opens, and what people wrote about it.

    Example: joinedup pack board --lake demo/lake --period 2026-03 --out board.pptx --out board.pdf --notes notes.yaml
    """
    from joinedup.definitions.pack_layouts import PackLayout
    from joinedup.reports.packs import make_pack, read_notes, write_pack
    from joinedup.reports.packs.writing import kind_of

    for file in out:
        kind_of(file)
    layout = PackLayout.read(Path(which)) if which.endswith((".yaml", ".yml")) else PackLayout.load(which)
    told = [note for file in notes or () for note in read_notes(file)]
    with progress(as_json) as show:
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
