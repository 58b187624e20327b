"""The ways through the pages: what stands in the header, for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["NAVIGATION", "Way", "ways"]


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the header.

    Parameters
    ----------
    path
        Address.
    text
        English text, translated by the template.
    action, kind
        What the reader must be allowed to do for it to be shown; empty: for everybody.
    """

    path: str
    text: str
    action: str = ""
    kind: str = ""


def _t(text: str) -> str:
    """Mark a text for the extraction of texts."""
    return text


NAVIGATION: Final = (
    Way("/", _t("Board")),
    Way("/map", _t("Map")),
    Way("/regions", _t("Regions")),
    Way("/settlements", _t("Settlements")),
    Way("/compare", _t("Plans")),
    Way("/reports", _t("Reports")),
    Way("/jobs", _t("Jobs"), "start_job", "job"),
    Way("/uploads", _t("File evidence"), "upload", "document"),
    Way("/admin", _t("Administration"), "read_admin", "settings"),
)
"""Ways of the header in their order."""


def ways(may: Callable[[str, str], bool]) -> list[Way]:
    """Give the ways that a reader may go.

    Parameters
    ----------
    may
        Says whether the reader may do an action on a kind of thing.
    """
    return [way for way in NAVIGATION if not way.action or may(way.action, way.kind)]
