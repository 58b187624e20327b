"""All figures of a mobile study in one document that can be followed to its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu import __version__
from qamtu.connectivity.mobile import Inputs, Results
from qamtu.connectivity.mobile.checks import coarse_arcsec
from qamtu.core.provenance import Source
from qamtu.country import Pack
from qamtu.studies.measures import mobile_measures

__all__ = ["ASSUMPTIONS", "build_summary", "partial_scopes", "resolution_by_area"]

ASSUMPTIONS: Final = (
    "A territory drawn as a circle has the published area around the city's centre.",
    "Sea and large waters do not count as territory.",
    "Levels are medians of Recommendation ITU-R P.1812-8 over the terrain and land cover given.",
    "Streets and single buildings are not seen unless footprints are given.",
    "The downlink alone is predicted; a terminal's uplink may reach less far at high bands.",
    "The bound holds for the candidate sites laid out, not for every place on earth.",
    "The bound holds for the candidates' own heights, tilts and turns, which are fixed.",
    "The bound counts losses to the radius of the probes; the check follows them further.",
    "The bound is that of the shares asked for, without interference.",
    "The cost over all cities together is for territory alone, whatever is asked of the people.",
    "The choice of sites sees no interference but a stated margin.",
    "Level and throughput are checked with all sites together at the stated load.",
    "At a share of locations the wanted signal loses its margin; others count with their medians.",
    "A throughput is that of one user who has the carrier to himself.",
    "Where people live within a city is estimated: density falls off from its centre.",
    "The ducts of a place with fibre reach a disc that its people fill at a stated density.",
    "Leases, permits and roofs are not known: a site may have to move.",
    "Sites that stand are those of the user's file; without one every site is new.",
    "Unit costs are planning figures with a source and a date, not tender prices.",
)
"""Sentences in English that a reader must know."""

_NAMES: Final = ("name_kk", "name_ru", "name_en")
_NAMED: Final = 3


def build_summary(
    *, pack: Pack, inputs: Inputs, results: Results, made_at: str, sources: Sequence[Source],
    checksums: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Put a study's figures together; every list is a table of plain rows.

    Parameters
    ----------
    pack, inputs, results
        The study.
    made_at
        When, ISO 8601 in UTC.
    sources, checksums
        Where the data comes from.
    """
    params, radio = inputs.params, results.radio
    provenance = (f"pack {pack.code}", f"qamtu {__version__}", f"run {made_at}")
    shares, limit = resolution_by_area(results), coarse_arcsec(params)
    partial = partial_scopes(pack.tables.get("cities"), results.cities)
    return {
        "title": _title(pack, results, whole=not partial),
        "pack": pack.code,
        "region": _region(results.cities) if partial else None,
        "kind": "mobile",
        "made_at": made_at,
        "version": __version__,
        "seed": inputs.seed,
        "currency": pack.currency,
        "price_year": int(params.value("price_year")),
        "exchange_rate": params.value("exchange_rate"),
        "discount_rate": params.value("discount_rate"),
        "horizon_years": int(params.value("mobile_horizon")),
        "target": {
            "territory_share": inputs.territory_share_target,
            "people_share": inputs.people_share_target,
            "in": "each city",
            "cities": results.totals.cities,
            "cities_met": results.totals.cities_met,
            "overall": results.totals.territory_share,
        },
        "requirement": {
            "band_mhz": radio.frequency_mhz,
            "bandwidth_mhz": radio.bandwidth_mhz,
            "eirp_dbm": radio.eirp_dbm,
            "level_dbm": radio.level_dbm,
            "speed_down_mbps": inputs.speed_down_mbps_min,
            "situation": inputs.situation or "outdoor",
            "location_share": inputs.location_share,
            "load_share": inputs.load_share,
            "receiver_height_m": radio.receiver_height_m,
            "level_median_outdoor_dbm": radio.needed_dbm,
            "model": "ITU-R P.1812-8",
            "profile_step_m": radio.profile_step_m,
            "cell_m": inputs.cell_m,
        },
        "totals": asdict(results.totals),
        "by_city": _by_city(results),
        "by_year": results.years.to_dict("records"),
        "curve": results.curve.to_dict("records"),
        "backhaul": results.sites["backhaul"].value_counts().to_dict(),
        "site_kinds": results.sites["site_kind"].value_counts().to_dict(),
        "measures": mobile_measures(inputs, results, made_at[:10], provenance, partial),
        "parameters": [asdict(params[name]) for name in params],
        "sources": [asdict(source) for source in sources],
        "checksums": dict(checksums),
        "assumptions": list(ASSUMPTIONS),
        "findings": [
            asdict(f) | {"severity": f.severity.value, "where": f.where} for f in results.findings
        ],
        "terrain": {
            "resolution_arcsec": shares,
            "coarse": any(float(size) > limit for size in shares),
        },
        "stages": [{"name": name, "seconds": seconds} for name, seconds in results.stages],
    }


def partial_scopes(own: pd.DataFrame | None, planned: pd.DataFrame) -> frozenset[str]:
    """Give the scopes of which a study leaves out cities that the pack has.

    Parameters
    ----------
    own
        Cities of the pack; None where it has no table of them.
    planned
        Cities of the study.

    Returns
    -------
    scopes
        ``country`` and ``region:<id>``; empty where every city of the pack is planned.
    """
    if own is None:
        return frozenset()
    left = own[~own["city_id"].isin(planned["city_id"])]
    if left.empty:
        return frozenset()
    regions = left["region_id"].dropna() if "region_id" in left else ()
    return frozenset({"country", *(f"region:{one}" for one in regions)})


def _region(planned: pd.DataFrame) -> str:
    """Name where a study of some cities speaks of: their region, or that they are a choice."""
    regions = set(planned["region_id"].dropna()) if "region_id" in planned else set()
    return str(regions.pop()) if len(regions) == 1 else "cities"


def _title(pack: Pack, results: Results, *, whole: bool) -> str:
    title = f"5G over the cities: {pack.title}"
    if whole:
        return title
    column = "name_en" if "name_en" in results.cities else "city_id"
    names = [str(one) for one in results.cities[column]]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{title}, {', '.join(names[:_NAMED])}{more} only"


def resolution_by_area(results: Results) -> dict[str, float]:
    """Share of all territory by the median resolution of its city's terrain [arcsec]."""
    table = results.cities
    area = table.groupby("resolution_arcsec")["area_km2"].sum()
    total = float(area.sum())
    return {f"{size:g}": float(value) / total for size, value in area.items() if total > 0.0}


def _by_city(results: Results) -> list[dict[str, Any]]:
    rows = results.cities.drop(columns="geometry").to_dict("records")
    return [
        {key: None if isinstance(value, float) and np.isnan(value) else value
         for key, value in row.items()}
        for row in rows
    ]  # fmt: skip
