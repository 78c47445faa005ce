"""Where packs and templates lie: in the workspace's folder, closed to everyone else, outside any web root."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings

from joinedup.lake.durable import fsync_all

TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
WORDS = {
    "pptx": "Slides (PPTX)",
    "docx": "Document (DOCX)",
    "pdf": "Document (PDF)",
    "xlsx": "Workbook (XLSX)",
}
REGISTRY = "json"
"""The form under which the registry leaves that opens every code of the pack."""
_KEPT = re.compile(r"[0-9a-f]{64}\.(?:pptx|docx)")


def folder() -> Path:
    """The folder of packs, made where it is absent."""
    made = Path(settings.ENVIRONMENT.folder) / "packs"
    for one in (made, made / "templates"):
        one.mkdir(mode=0o700, exist_ok=True)
    return made


def of_pack(identity: UUID) -> Path:
    """Where the files of one pack lie."""
    return folder() / str(identity)


def name_of(layout: str, period: str, form: str) -> str:
    """The name of a file as it leaves."""
    return f"{layout}-{period}.registry.json" if form == REGISTRY else f"{layout}-{period}.{form}"


def template_path(sha256: str, kind: str) -> Path:
    """Where a template lies."""
    return folder() / "templates" / f"{sha256}{kind}"


def keep_template(content: bytes, kind: str) -> str:
    """Keep a template under its sha256, durably; the hash."""
    digest = hashlib.sha256(content).hexdigest()
    path = template_path(digest, kind)
    if not path.is_file() or path.read_bytes() != content:
        staged = path.with_name(f".{digest}{kind}")
        staged.write_bytes(content)
        staged.chmod(0o600)
        fsync_all([staged])
        staged.rename(path)
        fsync_all([path.parent])
    return digest


def remove_pack(identity: UUID) -> None:
    """Remove the files of one pack, where they are still here."""
    shutil.rmtree(of_pack(identity), ignore_errors=True)


def sweep(packs: Collection[str], templates: Collection[str], *, before: float) -> int:
    """Remove folders of no pack and templates of no row that nobody has written to since `before`; how many."""
    gone = 0
    for path in list(folder().iterdir()):
        if path.name not in (*packs, "templates") and path.lstat().st_mtime < before:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            gone += 1
    for path in list((folder() / "templates").iterdir()):
        known = _KEPT.fullmatch(path.name) and path.name in templates
        if not known and path.lstat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
