"""Which tests go to one process of a run, as what they stand on takes long to start: one Spark, one workspace."""

from __future__ import annotations

from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = ("tests/system/test_spark.py", "tests/system/web/test_returns_desk.py", "tests/system/web/")
"""The first that fits: the returns desk serves a workspace of its own, which holds nothing yet."""


class Grouped(LoadScopeScheduling):
    """Each test to whichever process is free, save those that stand on the same server; of the long run, a file.

    The marker of xdist 3.8 for groups is without effect under pytest 9.2, which keeps ids of tests otherwise.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        whole = next((place for place in TOGETHER if file.startswith(place)), "")
        if not whole:
            return nodeid
        return whole if self.config.getvalue("markexpr") == "not full" else file
