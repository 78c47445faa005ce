"""Which engine works on a lake: the one place where engines are told apart."""

from __future__ import annotations

from joinedup.errors import UnknownName
from joinedup.lake.dividing import Engine
from joinedup.lake.in_turn import InTurn


def engine_named(engine: str) -> Engine:
    """The engine called "duckdb" (this process), "spark" (Spark here, or where this process already has it), or the
    address of a Spark Connect server, "sc://host:15002".

    UnknownName for anything else; MissingPart where Spark or Java is absent; YourCommand where no server answers.
    """
    if engine == "duckdb":
        return InTurn()
    if engine == "spark" or engine.startswith("sc://"):
        from joinedup.lake.on_spark import OnSpark

        return OnSpark(None if engine == "spark" else engine)
    raise UnknownName(
        f"there is no engine {engine}",
        remedy="use duckdb, spark, or the address of a Spark Connect server such as sc://host:15002",
    )
