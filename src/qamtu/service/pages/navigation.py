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


NAVIGATION: Final = (
    Way("/", "Board"),
    Way("/map", "Map"),
    Way("/regions", "Regions"),
    Way("/settlements", "Settlements"),
    Way("/compare", "Plans"),
    Way("/reports", "Reports"),
    Way("/jobs", "Jobs", "start_job", "job"),
    Way("/uploads", "File evidence", "upload", "document"),
    Way("/admin", "Administration", "read_admin", "settings"),
)
"""Ways of the header in their order. Texts: t("Board"), t("Map"), t("Regions"),
t("Settlements"), t("Plans"), t("Reports"), t("Jobs"), t("File evidence"), t("Administration")."""


def ways(may: Callable[[str, str], bool]) -> list[Way]:
    """Give the ways that a reader may go.

    Parameters
    ----------
    may
        Says whether the reader may do an action on a kind of thing.
    """
    return [way for way in NAVIGATION if not way.action or may(way.action, way.kind)]
