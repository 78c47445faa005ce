"""One pack made in a process of its own, so that its memory is given back and pages come first.

What to make comes as JSON on its input, and how far it is goes out as a line of JSON each: nothing stands in arguments,
in the log or in a file of its own. The last line says what was made, or why nothing was.

python -m joinedup_web.packs.process < request.json
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from joinedup.errors import JoinedupError, YourCommand
from joinedup.lake.durable import fsync_all
from joinedup.reports.packs import make_pack, notes_of, write_pack
from joinedup.reports.packs.content import Pack

Tell = Callable[[Mapping[str, Any]], None]


def made(asked: Mapping[str, Any], tell: Tell) -> None:
    """Make the files of a request into its folder, whole or not at all, and tell how far it is and what was made."""

    def show(step: str, done: int, total: int) -> None:
        tell({"step": step, "done": done, "total": total})

    try:
        pack = make_pack(
            Path(asked["lake"]),
            asked["layout"],
            asked["period"],
            notes=notes_of(asked["notes"]),
            progress=show,
        )
        _of_the_state(pack, int(asked["snapshot"]))
        files = _written(pack, asked, show)
    except JoinedupError as error:
        tell({"failed": error.message, "remedy": error.remedy})
        return
    titles = [page.title for page in pack.pages]
    tell({"files": files, "titles": titles, "left_out": list(pack.left_out)})


def _of_the_state(pack: Pack, shown: int) -> None:
    """Codes and figures are those of the pages only where both are of one state."""
    if pack.snapshot != shown:
        raise YourCommand(
            f"The lake is at state {pack.snapshot} by now; the pages still show state {shown}.",
            remedy="Wait until the figures of the new state are shown, then make the pack again.",
        )


def _written(pack: Pack, asked: Mapping[str, Any], show: Callable[[str, int, int], None]) -> list[Any]:
    """The files in the folder of the request: form, size and sha256 of each."""
    folder = Path(asked["folder"])
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        paths = [staged / f"pack.{form}" for form in asked["formats"]]
        templates = [Path(asked["template"])] if asked.get("template") else []
        write_pack(pack, paths, templates=templates, progress=show)
        registry = staged / "pack.json"
        (staged / "pack.registry.json").rename(registry)
        found = [_told(path) for path in (*paths, registry)]
        fsync_all([*paths, registry, staged])
        shutil.rmtree(folder, ignore_errors=True)
        staged.rename(folder)
        fsync_all([folder.parent])
        return found
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _told(path: Path) -> dict[str, Any]:
    path.chmod(0o600)
    content = path.read_bytes()
    return {"form": path.suffix[1:], "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _say(told: Mapping[str, Any]) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


def _end_with(parent: int, wait: threading.Event) -> None:
    """Go on only while the worker that started this lives: another worker begins it again."""
    while os.getppid() == parent:
        wait.wait(1)
    os._exit(1)


if __name__ == "__main__":
    os.nice(10)
    threading.Thread(target=_end_with, args=(os.getppid(), threading.Event()), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is half made is removed on the way out
    made(json.load(sys.stdin), _say)
