"""What of a workspace's folder a backup holds: figures, packs, papers; nothing that is still being made."""

from __future__ import annotations

from pathlib import Path

from joinedup_web.config.keeping import _of_workspace

KEPT = (
    "secret.key",
    "figures/7/state.json",
    "packs/1234/pack.pptx",
    "packs/templates/ab.pptx",
    "papers/NWL-MH/ab",
)
NOT_KEPT = (
    "staging/RKL-ab/return.zip", "database/PG_VERSION", "packs/.making-x/pack.pptx", "figures/7/.cube.json",
    "papers/NWL-MH/.ab", "figures/.writing",
)  # fmt: skip


def test_packs_and_papers_are_in_a_backup_and_nothing_half_made(tmp_path: Path) -> None:
    for name in (*KEPT, *NOT_KEPT):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = dict(_of_workspace(tmp_path))
    assert set(found) == {f"workspace/{name}" for name in KEPT}
    assert all(path.read_text() == name.removeprefix("workspace/") for name, path in found.items())
