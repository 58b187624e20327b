"""The words of the board that come from short names: lights, bases, kinds, roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["BASES", "KINDS", "LIGHTS", "ROLES", "SORT_NAMES", "STAGES", "STATES"]


def _t(text: str) -> str:
    """Mark a text for the extraction of texts."""
    return text


LIGHTS: Final[Mapping[str, str]] = {
    "green": _t("Kept or on course"),
    "amber": _t("In doubt"),
    "red": _t("Missed or off course"),
    "grey": _t("Not shown by evidence"),
}
"""What a light says; each also has a shape of its own."""

BASES: Final[Mapping[str, str]] = {
    "observed": _t("observed"),
    "estimated": _t("estimated"),
    "planned": _t("planned"),
}

STATES: Final[Mapping[str, str]] = {
    "filed": _t("filed"),
    "accepted": _t("accepted"),
    "rejected": _t("rejected"),
}

KINDS: Final[Mapping[str, str]] = {
    "target": _t("Target"),
    "status": _t("Reported as reached"),
    "duty": _t("Duty"),
    "power": _t("Power"),
    "aim": _t("Aim"),
    "measure": _t("Measure"),
    "document": _t("Document"),
    "statistic": _t("Statistic"),
}
"""Kinds of commitments and of evidence."""

STAGES: Final[tuple[str, ...]] = (_t("drafted"), _t("adopted"), _t("submitted"), _t("signed"))
"""Stages of a procedure, as the target of a document may name them."""

SORT_NAMES: Final[Mapping[str, str]] = {
    "area": _t("Order of the programme"),
    "light": _t("Worst light first"),
    "gap": _t("Largest gap first"),
    "due": _t("Soonest due first"),
}

ROLES: Final[Mapping[str, str]] = {
    "admin": _t("administrator"),
    "ministry": _t("ministry"),
    "akimat": _t("akimat"),
    "operator": _t("operator"),
    "regulator": _t("regulator"),
    "auditor": _t("auditor"),
    "public": _t("public"),
}
