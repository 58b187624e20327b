"""What every reader of a plan must know before believing it."""

from __future__ import annotations

from typing import Final

__all__ = ["ASSUMPTIONS", "UNSEEN", "assumptions"]

UNSEEN: Final = "Radio links are offered by distance; line of sight is not checked."
_SEEN: Final = (
    "Radio links are offered where known terrain leaves them clear; coarse terrain hides hills."
)

ASSUMPTIONS: Final = (
    "Which settlements have fibre today is the pack's assumption unless your own table says it.",
    "Where no road is known, a route is the straight line times a detour factor.",
    _SEEN,
    "Local works are priced by households, not by a street map.",
    "Satellite is priced at the retail subscription, terrestrial access at cost.",
    "No residual value is credited at the end of the horizon.",
    "The backbone between settlements with fibre today is taken as able to carry the traffic.",
    "Where a population is not known, the official remainder is spread by a model and marked.",
    "What one year leaves unspent is at the next year's disposal.",
    "Service counts from the year after construction.",
    "Hamlets count as villages in the target.",
    "Unit costs are planning figures with a source and a date, not tender prices.",
)
"""Sentences in English; the page translates them."""


def assumptions(*, line_of_sight: bool) -> tuple[str, ...]:
    """Give the sentences of a plan, with the one on radio links that is true of it."""
    return tuple(UNSEEN if text == _SEEN and not line_of_sight else text for text in ASSUMPTIONS)
