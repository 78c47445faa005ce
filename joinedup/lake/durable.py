"""Bytes that survive a power cut and show when they were altered: fsync, creation that happens once, seals.

`deltalake` 1.6.6 makes no fsync call on a local disk (seen with strace), so everything that must outlive a
power cut passes through here before it is acknowledged.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import get_ident
from typing import Any

# A journalling file system commits waiting fsyncs together, so asking from several threads costs little
# more than asking once.
FSYNC_THREADS = 8


def fsync(path: Path) -> None:
    """Force one file, or one folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_all(paths: Iterable[Path]) -> None:
    """Force many files or folders to the disk; returns when every one of them is there."""
    wanted = sorted(set(paths))
    if len(wanted) < 2:
        for path in wanted:
            fsync(path)
        return
    # A share each: to hand a thread one path after another takes more time than some paths do.
    shares = [wanted[first::FSYNC_THREADS] for first in range(min(FSYNC_THREADS, len(wanted)))]
    with ThreadPoolExecutor(len(shares)) as pool:
        for _ in pool.map(_fsync_each, shares):
            pass


def _fsync_each(paths: Iterable[Path]) -> None:
    for path in paths:
        fsync(path)


def folders_between(path: Path, root: Path) -> list[Path]:
    """The folders from that of `path` up to `root`, both included: each may hold a name just created."""
    folders = [path.parent]
    while folders[-1] != root:
        folders.append(folders[-1].parent)
    return folders


def create_once(path: Path, content: bytes, *, forced: bool = True) -> None:
    """Create `path` whole and durable, or not at all; FileExistsError when the name is taken.

    The content is forced to disk under a temporary name first and then linked, so that a cut never leaves
    half a file under the real name: whatever carries the name was complete. Without `forced` that holds until
    a power cut only, and forcing it is left to the caller.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")  # threads do not share it
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if forced:
                os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if forced:
        fsync(path.parent)


def fingerprint(content: bytes) -> str:
    """sha256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


_BEFORE, _BETWEEN, _AFTER = b'{"sealed":', b',"sha256":"', b'"}\n'
_DIGEST = 64  # hexadecimal digits of a sha256


def sealed(value: Any) -> bytes:
    """JSON of `value` with its own sha256: `{"sealed": ..., "sha256": ...}`."""
    inside = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    return _BEFORE + inside + _BETWEEN + fingerprint(inside).encode() + _AFTER


def unsealed(content: bytes) -> Any:
    """What was sealed; ValueError when even one byte has changed since."""
    end = len(content) - len(_AFTER) - _DIGEST - len(_BETWEEN)
    inside = content[len(_BEFORE) : end]
    if content != _BEFORE + inside + _BETWEEN + fingerprint(inside).encode() + _AFTER:
        raise ValueError("the seal does not fit the content")
    return json.loads(inside)
