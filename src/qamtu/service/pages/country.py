"""What the pages say of the country: its name, zone, regions and the sources of its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from qamtu.core.provenance import Source
from qamtu.country.pack import Pack, load_pack
from qamtu.service.pages.formats import country_zone
from qamtu.studies.report.catalogue import country_names

__all__ = ["Country", "Region", "country", "pack_of"]

_LANGUAGES: Final = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its id, its names by language and its people."""

    id: str
    name: Mapping[str, str]
    population: float


@dataclass(frozen=True, slots=True)
class Country:
    """One country as the pages know it."""

    code: str
    name: Mapping[str, str]
    zone: str
    currency: str
    regions: tuple[Region, ...]
    sources: tuple[Source, ...]
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def region(self, region_id: str) -> Region | None:
        """Give a region, None where there is none of this id."""
        return next((region for region in self.regions if region.id == region_id), None)

    def named(self, language: str) -> str:
        """Give the country's name in a language."""
        return self.name.get(language) or next(iter(self.name.values()), self.code)

    def wording(self, text: str) -> Mapping[str, str]:
        """Give what the country's data know a text as, by language; else the text alone."""
        return self.wordings.get(text, {"en": text})

    @property
    def attributions(self) -> tuple[str, ...]:
        """Publishers whose licence asks to be named, each once."""
        asked = ("ODbL", "CC BY")
        names = [s.origin.partition(",")[0].partition(" (")[0] for s in self.sources]
        picked = [
            name
            for name, source in zip(names, self.sources, strict=True)
            if any(word in source.licence for word in asked)
        ]
        return tuple(dict.fromkeys(picked))


@cache
def pack_of(name: str) -> Pack:
    """Load a pack once; it does not change while it is served.

    Raises
    ------
    MissingInput
        If there is no such pack.
    """
    return load_pack(name)


@cache
def country(pack: str) -> Country:
    """Give what the pages say of a pack's country.

    Raises
    ------
    MissingInput
        If there is no such pack.
    """
    loaded = pack_of(pack)
    table = loaded.tables["regions"]
    people = (
        table["population_urban"] + table["population_rural"]
        if {"population_urban", "population_rural"} <= set(table.columns)
        else table["region_id"].map(lambda _: float("nan"))
    )
    regions = tuple(
        Region(
            str(row["region_id"]),
            {code: str(row[f"name_{code}"]) for code in _LANGUAGES},
            float(number),
        )
        for row, number in zip(table.to_dict("records"), people, strict=True)
    )
    return Country(
        code=loaded.code, name=country_names(loaded.code) or {"en": loaded.title},
        zone=country_zone(loaded.code), currency=loaded.currency, regions=regions,
        sources=loaded.sources, wordings=_wordings(loaded),
    )  # fmt: skip


def _wordings(pack: Pack) -> dict[str, Mapping[str, str]]:
    """Give what was said, by its English text: a claim is kept in one language."""
    claims = pack.tables.get("claims")
    if claims is None:
        return {}
    return {
        str(row["text_en"]): {code: str(row[f"text_{code}"]) for code in _LANGUAGES}
        for row in claims.to_dict("records")
        if all(isinstance(row[f"text_{code}"], str) for code in _LANGUAGES)
    }
