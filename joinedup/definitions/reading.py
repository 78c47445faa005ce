"""Reads the definitions that ship with joinedup: YAML in, frozen objects out, strictly.

Every definition is a pydantic model that forbids unknown fields and cannot be changed after it is made, so a
misspelt field in a YAML file is an error that names the file and the field, never a value silently dropped.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from joinedup.errors import DefinitionBroken

FOLDER = Path(__file__).parent


class Definition(BaseModel):
    """Base of everything read from YAML: frozen, and strict about fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, arbitrary_types_allowed=False)

    def __getstate__(self) -> dict[Any, Any]:
        """What another process needs of it: its fields, and not what was looked up in them so far."""
        state = super().__getstate__()
        fields = type(self).model_fields
        return {**state, "__dict__": {name: state["__dict__"][name] for name in fields}}


Model = TypeVar("Model", bound=BaseModel)


@lru_cache(maxsize=1024)
def _parsed(path: Path) -> Any:
    # A process that is given its definitions reads none, and starts a tenth faster.
    import yaml

    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise DefinitionBroken(f"{_name(path)}: there is no such definition file") from error
    except yaml.YAMLError as error:
        raise DefinitionBroken(f"{_name(path)}: is not YAML: {error}") from error


def read_yaml(relative_path: str | Path) -> Any:
    """The plain content of one definition file, parsed once. The path is relative to joinedup/definitions.

    The result is shared: do not change it. Raises DefinitionBroken if the file is absent or not YAML.
    """
    return _parsed(FOLDER / relative_path)


def load(model: type[Model], relative_path: str | Path) -> Model:
    """One definition file as a frozen `model`. Raises DefinitionBroken naming the file and each bad field."""
    return build(model, read_yaml(relative_path), where=_name(FOLDER / relative_path))


def build(model: type[Model], content: Any, *, where: str) -> Model:
    """`content` as a frozen `model`. Raises DefinitionBroken: `where`, and each field that does not fit."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = [f"{_field(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise DefinitionBroken(f"{where}: " + "; ".join(faults)) from error


def list_files(folder: str | Path) -> tuple[str, ...]:
    """The YAML files directly in a folder under joinedup/definitions, sorted, as paths `load` takes."""
    found = sorted((FOLDER / folder).glob("*.yaml"))
    return tuple(path.relative_to(FOLDER).as_posix() for path in found)


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the whole file"


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else path.name
