"""The model that scores what no rule linked: trained on a sample, kept as a JSON file that holds no values of people.

Weights are Splink's: of each field, how often it agrees (exactly, nearly, not) among true pairs and among chance pairs.
The file carries them with the number of its form, what it was trained on, and who reads it may see only proportions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from joinedup.errors import UnreadableFile

FORM = 2
"""Of the file; raised whenever fields, levels or blocks change, so that an old model is refused, not misread."""
_LARGEST = 4 * 1024**2


@dataclass(frozen=True)
class Model:
    """Splink's settings after training. `matches` is the number of pairs of one person that the sample is taken to
    hold, `records` its size by source, `seed` what it was drawn with."""

    form: int
    splink: str
    fields: tuple[str, ...]
    seed: int
    records: tuple[int, ...]
    settings: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Ten characters that say which model it was: of a sha256 over all of it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:10]

    def to_bytes(self) -> bytes:
        """The file."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True, allow_nan=False) + "\n").encode()


def read_model(path: str | Path) -> Model:
    """The model in a file that `Model.to_bytes` made. Raises UnreadableFile for any other, or another form."""
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError
        held = json.loads(path.read_bytes())
        model = Model(**{**held, "fields": tuple(held["fields"]), "records": tuple(held["records"])})
        probability = float(model.settings["probability_two_random_records_match"])
        if not (isinstance(model.settings["comparisons"], list) and 0 < probability < 1):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused("It is not a linkage model.", path) from None
    if model.form != FORM:
        raise _refused(f"The model has form {model.form}; this version reads {FORM}.", path)
    return model


def _refused(message: str, path: Path) -> UnreadableFile:
    return UnreadableFile(
        message, file=path.name, remedy="Train one anew: leave out --model, or add --retrain."
    )
