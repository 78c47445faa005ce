"""Datasets whose controllers are registered, and the lawful bases on which they are held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName


class Dataset(Definition):
    """Records of one national return. `sector` is that of the services that send it, as in the register."""

    slug: str
    title: str
    sector: str
    source: str
    note: str = ""

    @classmethod
    def load(cls, slug: str) -> Dataset:
        """The dataset of that name. Raises UnknownName."""
        found = next((one for one in cls.all() if one.slug == slug), None)
        if found is None:
            known = ", ".join(one.slug for one in cls.all())
            raise UnknownName(f"There is no dataset {slug!r}.", remedy=f"There are {known}.")
        return found

    @classmethod
    def all(cls) -> tuple[Dataset, ...]:
        """Every dataset, in the order of their names."""
        return _datasets()


class LawfulBases(Definition):
    """Why data may be held: a short name for each basis, and its words."""

    source: str
    bases: Mapping[str, str]

    @classmethod
    def load(cls) -> LawfulBases:
        """Those that ship with joinedup."""
        return load(cls, "lawful_bases.yaml")


@lru_cache(maxsize=1)
def _datasets() -> tuple[Dataset, ...]:
    return tuple(load(Dataset, file) for file in list_files("datasets"))
