"""What a map draws: sources of tiles, layers, colours, measures and words, as one document."""

from __future__ import annotations

import json
from typing import Any

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol
from fastapi import Request

from qamtu.service.mapview import words
from qamtu.service.mapview.measures import region_measures, years_of
from qamtu.service.pages.country import country
from qamtu.service.pages.environment import speaker
from qamtu.service.pages.render import language_of
from qamtu.service.plans.access import current_plans
from qamtu.service.plans.repository import Plan
from qamtu.service.plans.store import read_summary
from qamtu.service.state import State, state_of
from qamtu.service.tiles.layers import BASE_ZOOM, LAYERS
from qamtu.service.tiles.repository import base_archive, plan_archive
from qamtu.studies.output.palette import OPTION_COLOURS, year_colours

__all__ = ["coarse", "map_content"]


def map_content(request: Request, plans: dict[str, Plan] | None = None) -> dict[str, Any]:
    """Give all that the script of a map needs.

    Parameters
    ----------
    request
        Its language counts.
    plans
        Plans to draw by line; the current ones by default.
    """
    state = state_of(request)
    shown = current_plans(state) if plans is None else plans
    language = language_of(request)
    place = country(state.settings.pack)
    voice = speaker(language, place.zone)
    measures = region_measures(state, shown)
    years = years_of(measures)
    name, base = base_archive(state)
    return {
        "language": language,
        "base": {
            "tiles": f"/api/v1/tiles/base/{name}/{{z}}/{{x}}/{{y}}.mvt",
            "bounds": base.bounds, "zooms": BASE_ZOOM,
        },
        "lines": {line: _line(state, plan, voice.t) for line, plan in shown.items()},
        "regions": {one.id: voice.name(one.name) for one in place.regions},
        "years": years,
        "numbers": _numbers(language),
        "colours": {"option": OPTION_COLOURS, "year": year_colours(years)},
        "measures": [
            {
                "key": one.key, "unit": one.unit, "planned": one.planned,
                "standing": one.standing,
                "name": voice.t(words.MEASURES.get(one.metric, one.metric)),
            }
            for one in measures
        ],
        "words": {
            group: {key: voice.t(text) for key, text in texts.items()}
            for group, texts in (
                ("option", words.OPTIONS), ("kind", words.ROUTE_KINDS),
                ("backhaul", words.BACKHAULS), ("served", words.SERVED),
                ("reason", words.REASONS), ("text", words.TEXTS),
            )
        },
    }  # fmt: skip


def coarse(state: State, plans: dict[str, Plan]) -> bool:
    """Say whether a plan was made on terrain too coarse for radio, by its own findings."""
    marks = ("line-of-sight-coarse", "terrain-coarse")
    return any(
        (summary.get("terrain") or {}).get("coarse")
        or any(found.get("id") in marks for found in summary.get("findings") or ())
        for summary in (read_summary(state.settings.data, plan.id) for plan in plans.values())
    )


def as_json(content: dict[str, Any]) -> bytes:
    """Write a document compactly."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _numbers(language: str) -> dict[str, str]:
    """Give how a language writes numbers, for browsers that do not know it."""
    locale = Locale.parse(language)
    pattern = str(locale.percent_formats[None].pattern)
    return {
        "decimal": get_decimal_symbol(locale),
        "group": get_group_symbol(locale),
        "percent": pattern.replace("#,##0", "{0}"),
    }


def _line(state: State, plan: Plan, t: Any) -> dict[str, Any]:
    archive = plan_archive(state, plan.id)
    return {
        "plan": plan.id,
        "title": plan.title,
        "tiles": f"/api/v1/plans/{plan.id}/tiles/{{z}}/{{x}}/{{y}}.mvt",
        "bounds": archive.bounds,
        "zooms": archive.zooms,
        "layers": {layer.name: t(words.LAYERS[layer.name]) for layer in LAYERS[plan.line]},
    }
