"""All figures of a study of the corridors in one document that can be followed to its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from qamtu import __version__
from qamtu.connectivity.corridors import Inputs, Results
from qamtu.connectivity.corridors.checks import COARSE_ARCSEC
from qamtu.core.provenance import Source
from qamtu.country import Pack
from qamtu.studies.measures import corridors_measures

__all__ = ["ASSUMPTIONS", "build_summary"]

ASSUMPTIONS: Final = (
    "Losses are medians of Recommendation ITU-R P.1812-8 over the terrain and land cover given.",
    "The service counts inside a car at a stated share of the locations of each point.",
    "Roads are sampled where they are drawn; each point stands for its share of the real length.",
    "A road runs on through a junction where it bends least; a gap is measured along it.",
    "Carriageways that are mapped apart count each with their own length.",
    "Sites stand at settlements near a road, at road nodes and every so far along the road.",
    "Cells do not disturb each other beyond a stated margin; capacity is not planned.",
    "The sites of today are those of the user's file; without one every site is new.",
    "A site of today serves all around with a sector's gain, and has its own backhaul.",
    "A settlement with fibre has a mast or roof of a stated height for the far end of a hop.",
    "A hop is clear when ITU-R P.530's clearance holds over the terrain and land cover given.",
    "Fibre between two new sites is billed at least as a hop, and two trenches share no length.",
    "A relay's mast is billed by halves on its hops while the tree is sought.",
    "Service counts from the year after construction; a site is built after what it hangs on.",
    "Road that several sites serve counts for the nearest when the years are chosen.",
    "Unit costs are planning figures with a source and a date, not tender prices.",
)
"""Sentences in English that a reader must know."""

_TARGET: Final = "road_length_target"


def build_summary(
    *, pack: Pack, inputs: Inputs, results: Results, made_at: str, sources: Sequence[Source],
    checksums: Mapping[str, str], region: str | None,
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
    region
        The region asked for, if one was.
    """
    params = inputs.params
    provenance = (f"pack {pack.code}", f"qamtu {__version__}", f"run {made_at}")
    return {
        "title": f"Mobile service along the roads: {pack.title}",
        "pack": pack.code,
        "kind": "corridors",
        "region": region,
        "made_at": made_at,
        "version": __version__,
        "seed": inputs.seed,
        "currency": pack.currency,
        "price_year": int(params.value("price_year")),
        "exchange_rate": params.value("exchange_rate"),
        "discount_rate": params.value("discount_rate"),
        "horizon_years": int(params.value("horizon")),
        "requirement": {
            "service": inputs.service,
            "antenna": inputs.antenna,
            "frequency_mhz": inputs.frequency_mhz,
            "share": inputs.share,
            "gap_km_max": inputs.gap_km_max,
            "location_share": params.value("location_share") / 100.0,
            "heights_m": list(inputs.heights_m),
            "step_m": inputs.step_m,
            "model": "ITU-R P.1812-8",
        },
        "target": {
            "metric": "road_length_covered",
            "target_km": params.value(_TARGET) if _TARGET in params else None,
            "reached_km": results.totals.served_km,
            "considered_km": results.totals.length_km,
        },
        "budget": results.budget.to_dict("records"),
        "totals": asdict(results.totals),
        "bounds": _bounds(),
        "by_region": results.by_region.to_dict("records"),
        "by_year": results.years.to_dict("records"),
        "roads": _roads(results),
        "curve": [],
        "backhaul": results.sites["backhaul"].value_counts().to_dict(),
        "towers": _towers(results),
        "phasing": {
            "first_year": inputs.first_year,
            "years": inputs.years,
            "gap": results.phasing_gap,
            "method": results.phasing_method,
        },
        "measures": corridors_measures(inputs, results, made_at[:10], provenance, region=region),
        "parameters": [asdict(params[name]) for name in params],
        "sources": [asdict(source) for source in sources],
        "checksums": dict(checksums),
        "assumptions": [*ASSUMPTIONS, *_stated(inputs)],
        "findings": [
            asdict(f) | {"severity": f.severity.value, "where": f.where} for f in results.findings
        ],
        "terrain": {
            "resolution_arcsec": {
                f"{row['resolution_arcsec']:g}": row["share"]
                for row in results.terrain.to_dict("records")
            },
            "coarse": bool((results.terrain["resolution_arcsec"] > COARSE_ARCSEC).any()),
        },
        "stages": [{"name": name, "seconds": seconds} for name, seconds in results.stages],
    }


def _stated(inputs: Inputs) -> tuple[str, str]:
    """Give the sentences that hold a parameter."""
    value = inputs.params.value
    screens = (
        "In towns and woods the loss depends on the stated profile step "
        f"({value('profile_step'):g} m), whatever the cells of the terrain: it sets how near "
        "before the receiver the last houses or trees stand."
    )
    width = value("location_width")
    return screens, f"The share of locations is that of a square of {width:g} m at each point."


def _bounds() -> dict[str, str]:
    """Say of which part each bound is."""
    return {
        "bound": "no plan of these candidates, towers and prices that serves the share with no "
        "longer gap and joins every site costs less: the cheapest cover, each site billed with "
        "the cheapest link there could be",
        "sites_bound": "the same bound, held against the chosen sites with their cheapest link",
        "backhaul_bound": "no tree joins the chosen sites for less, each relay billed by halves "
        "on its hops",
        "phasing": "upper bound on the kilometre-years that any order of these sites gives",
    }


def _roads(results: Results) -> list[dict[str, Any]]:
    """The longest roads, without their lines."""
    table = results.roads.drop(columns="geometry").head(60)
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _towers(results: Results) -> dict[str, int]:
    new = results.sites[~results.sites["existing"].astype(bool)]
    return {f"{height:g}": int(n) for height, n in new["height_m"].value_counts().items()}
