"""A pack to files: slides, document, PDF, workbook, and the registry that opens its numbers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from joinedup.errors import YourCommand
from joinedup.reports.packs.content import Pack, as_report
from joinedup.reports.packs.document_parts import document_of
from joinedup.reports.packs.documents import render_document
from joinedup.reports.packs.printed import render_print
from joinedup.reports.packs.settling import settled
from joinedup.reports.packs.slide_base import base_of
from joinedup.reports.packs.slides import render_slides
from joinedup.reports.workbook import write_workbook
from joinedup.reports.writing import REGISTRY_END

Progress = Callable[[str, int, int], None]


def render_workbook(pack: Pack) -> bytes:
    """XLSX bytes; the same pack is the same bytes. Raises MissingPart without the extra `reports`."""
    with tempfile.TemporaryDirectory(prefix="joinedup-pack-") as folder:
        path = Path(folder) / "pack.xlsx"
        write_workbook(as_report(pack), path)
        return settled(path.read_bytes(), pack.moment)


FORMATS: Mapping[str, Callable[[Pack, Path | None], bytes]] = MappingProxyType(
    {
        ".docx": render_document,
        ".pdf": lambda pack, template: render_print(pack),
        ".pptx": render_slides,
        ".xlsx": lambda pack, template: render_workbook(pack),
    }
)
TEMPLATED = (".docx", ".pptx")


def write_pack(
    pack: Pack, files: Sequence[Path], *, templates: Sequence[Path] = (), progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write each of `files` (.pptx, .docx, .pdf, .xlsx) and the registry beside them; the paths written.

    A template is used for the files of its kind. Everything is made before anything is written. Raises YourCommand for
    another ending or a template that no file is of, and as the renderers do.
    """
    show = progress or (lambda step, done, total: None)
    chosen = _templates(templates, files)
    made: dict[Path, bytes] = {}
    for number, file in enumerate(files):
        show("Writing the pack", number, len(files))
        made[file] = FORMATS[kind_of(file)](pack, chosen.get(kind_of(file)))
    told = json.dumps(dict(pack.registry), ensure_ascii=False, default=str).encode()
    made |= dict.fromkeys((file.with_suffix(REGISTRY_END) for file in files), told)
    for file, content in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    show("Writing the pack", len(files), len(files))
    return tuple(made)


def check_template(content: bytes, name: str) -> None:
    """Whether packs can use a template. Raises UnreadableFile, UnsafeFile, and YourData naming what it lacks."""
    kind = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="joinedup-template-") as folder:
        path = Path(folder) / f"template{kind}"
        path.write_bytes(content)
        if kind == ".docx":
            document_of(path)
        else:
            base_of(path)


def kind_of(file: Path) -> str:
    """The ending of a file that a pack can be. Raises YourCommand for another."""
    kind = file.suffix.lower()
    if kind not in FORMATS:
        raise YourCommand(
            f"{file.name} is no kind of file that a pack can be.", remedy=f"End it in {', '.join(FORMATS)}."
        )
    return kind


def _templates(templates: Sequence[Path], files: Sequence[Path]) -> dict[str, Path]:
    kinds = [kind_of(file) for file in files]
    found: dict[str, Path] = {}
    for template in templates:
        kind = template.suffix.lower()
        if kind not in TEMPLATED or kind not in kinds or kind in found:
            raise YourCommand(
                f"The template {template.name} fits none of the files.",
                remedy="Give one .pptx template for slides, one .docx template for documents.",
            )
        found[kind] = template
    return found
