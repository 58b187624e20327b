"""Rules on what enters and leaves the villages line, one function a rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qamtu.connectivity.villages.formulation import Choice
from qamtu.connectivity.villages.inputs import Inputs
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.core.fields import load_contract
from qamtu.core.findings import Finding, Findings, Severity

__all__ = ["check_inputs", "check_plan"]

_PACKAGE = "qamtu.connectivity.villages"
_CELL_DEG = 0.25
_COARSE_ARCSEC = 15


def check_inputs(inputs: Inputs) -> Findings:
    """Hold tables and settings against the contract and the rules below."""
    contract = load_contract(_PACKAGE)
    _, found = contract.validate(inputs.settlements, "settlement", "settlements")
    _, roads = contract.validate(inputs.roads, "road", "roads")
    found += roads
    if inputs.hops is not None:
        _, hops = contract.validate(inputs.hops, "hop", "hops")
        found += hops
    if any(f.id == "column-missing" for f in found.errors):
        return found
    rules = (
        _unique_ids, _somebody_to_serve, _somewhere_to_begin, _positive_settings, _level,
        _known_ends,
    )  # fmt: skip
    return found + tuple(finding for rule in rules for finding in rule(inputs))


def check_plan(prepared: Prepared, choice: Choice, settlements: pd.DataFrame) -> Findings:
    """Look at a finished plan for what a planner should know."""
    return Findings(
        (
            *_inadequate(prepared, choice),
            *_crowded_cells(prepared, settlements),
            *_unseen_hops(settlements),
        )
    )


def _unique_ids(inputs: Inputs) -> list[Finding]:
    ids = inputs.settlements["settlement_id"]
    twice = np.flatnonzero(ids.duplicated(keep="first").to_numpy())
    return [
        Finding(
            "id-duplicate",
            Severity.ERROR,
            f"settlement_id {ids.iloc[i]!r} stands more than once",
            "give every settlement an id of its own",
            "settlements",
            int(i) + 2,
            "settlement_id",
        )
        for i in twice
    ]


def _somebody_to_serve(inputs: Inputs) -> list[Finding]:
    table = inputs.settlements
    waiting = table["in_plan"].eq(True) & ~table["has_fibre"].eq(True)  # noqa: FBT003 (a value)
    if bool(waiting.any()):
        return []
    return [
        Finding(
            "nobody-to-serve",
            Severity.ERROR,
            "no settlement is in the plan and without fibre",
            "check the columns in_plan and has_fibre, or the region's name",
            "settlements",
        )
    ]


def _somewhere_to_begin(inputs: Inputs) -> list[Finding]:
    fibre = bool(inputs.settlements["has_fibre"].eq(True).any())  # noqa: FBT003 (a value)
    nodes = inputs.fibre_nodes is not None and len(inputs.fibre_nodes) > 0
    lines = inputs.fibre_lines is not None and len(inputs.fibre_lines) > 0
    if fibre or nodes or lines:
        return []
    return [
        Finding(
            "no-fibre-today",
            Severity.ERROR,
            "no settlement, node or line has fibre today, so there is nothing to connect to",
            "set has_fibre of at least one settlement, or give fibre nodes (--existing)",
            "settlements",
            None,
            "has_fibre",
        )
    ]


def _positive_settings(inputs: Inputs) -> list[Finding]:
    limits = {
        "years": (inputs.years, 1),
        "speed_down_mbps_min": (inputs.speed_down_mbps_min, 0),
        "latency_ms_max": (inputs.latency_ms_max, 0),
        "villages_target": (inputs.villages_target, 0),
        "people_share_target": (inputs.people_share_target, 0),
        "rings": (inputs.rings, 0),
        "curve_points": (inputs.curve_points, 0),
        "time_limit_s": (inputs.time_limit_s, 0),
    }
    found = [
        Finding(
            "setting-out-of-range",
            Severity.ERROR,
            f"{name} is {value}",
            f"give {least} or more",
            "settings",
            None,
            name,
        )
        for name, (value, least) in limits.items()
        if value is not None and not value >= least
    ]
    for name in ("capex_limit", "budget_per_year", "capacity_km_per_year"):
        value = getattr(inputs, name)
        if value is not None and not value > 0:
            what = f"{name} is {value}: with nothing to spend, nothing can be built"
            found.append(
                Finding(
                    "budget-zero", Severity.ERROR, what, "give more than 0, or leave it out",
                    "settings", None, name,
                )
            )  # fmt: skip
    if inputs.people_share_target is not None and inputs.people_share_target > 1:
        found.append(
            Finding(
                "setting-out-of-range",
                Severity.ERROR,
                f"people_share_target is {inputs.people_share_target}",
                "give a share between 0 and 1 (0.99 for 99 %)",
                "settings",
                None,
                "people_share_target",
            )
        )
    return found


def _level(inputs: Inputs) -> list[Finding]:
    """Find a service level that fibre itself does not reach, so that nobody could be served."""
    fastest = inputs.params.value("fibre_speed_down")
    quickest = inputs.params.value("fibre_latency")
    asked = (
        ("speed_down_mbps_min", inputs.speed_down_mbps_min, fastest, "Mbit/s", "at most"),
        ("latency_ms_max", -inputs.latency_ms_max, -quickest, "ms", "at least"),
    )
    return [
        Finding(
            "service-level-out-of-reach",
            Severity.ERROR,
            f"{field} is {abs(level):g} {unit}, and fibre gives {abs(best):g} {unit}",
            f"ask for {word} {abs(best):g} {unit}",
            "settings",
            None,
            field,
        )
        for field, level, best, unit, word in asked
        if level > best
    ]


def _inadequate(prepared: Prepared, choice: Choice) -> list[Finding]:
    left = (choice.leaf < 0) & ~prepared.alternatives.adequate
    if not left.any():
        return []
    people = prepared.population[left].sum()
    return [
        Finding(
            "service-below-level",
            Severity.WARNING,
            f"{int(left.sum()):,} settlements with {people:,.0f} people "
            "stay below the service level",
            "raise the share of people (--people-share) or lower the level (--speed)",
            "plan",
            None,
            "adequate",
        )
    ]


def _crowded_cells(prepared: Prepared, settlements: pd.DataFrame) -> list[Finding]:
    """Add up low-orbit demand by cells of a quarter degree and hold it against capacity.

    Capacity is checked for each settlement when it is priced; neighbours share a cell.
    """
    sky = settlements[settlements["option"].isin(["leo_terminal", "leo_gateway"])]
    if len(sky) == 0:
        return []
    lat, lon = (np.floor(sky[c].to_numpy() / _CELL_DEG) for c in ("lat_deg", "lon_deg"))
    homes = sky["households"].astype(float).groupby([lat, lon]).sum()
    crowded = homes[homes > prepared.leo_cell_homes]
    if crowded.empty:
        return []
    return [
        Finding(
            "satellite-cell-crowded",
            Severity.WARNING,
            f"{len(crowded)} cells of {_CELL_DEG}° hold up to {crowded.max():,.0f} satellite "
            f"households where low orbit carries {prepared.leo_cell_homes:,.0f}",
            "check leo_cell_capacity with the operator",
            "plan",
            None,
            "option",
        )
    ]


def _known_ends(inputs: Inputs) -> list[Finding]:
    """Find hops whose ends are no settlements of the plan."""
    if inputs.hops is None:
        return []
    ids = inputs.settlements["settlement_id"]
    return [
        Finding(
            "hop-end-unknown",
            Severity.ERROR,
            f"{name} {inputs.hops[name].iloc[row]!r} is no settlement",
            "make the hops from the settlements of this plan",
            "hops",
            int(row) + 2,
            name,
        )
        for name in ("settlement_from", "settlement_to")
        for row in np.flatnonzero(~inputs.hops[name].isin(ids))
    ]


def _unseen_hops(settlements: pd.DataFrame) -> list[Finding]:
    """Tell how many links of the plan nobody looked at, and how many on coarse terrain only."""
    hops = settlements[settlements["link_km"] > 0]
    unseen = int(hops["link_clearance"].isna().sum())
    coarse = int((hops["link_resolution_arcsec"] > _COARSE_ARCSEC).sum())
    found = []
    if unseen:
        found.append(
            Finding(
                "line-of-sight-unchecked", Severity.INFO,
                f"{unseen:,} radio links are offered by distance alone",
                "have line of sight checked before a mast is ordered",
                "plan", None, "link_km",
            )
        )  # fmt: skip
    if coarse:
        found.append(
            Finding(
                "line-of-sight-coarse", Severity.WARNING,
                f"line of sight of {coarse:,} of {len(hops):,} radio links was looked at on "
                f"terrain coarser than {_COARSE_ARCSEC} arc seconds, which hides hills",
                "give finer terrain (qamtu country fetch terrain), or survey the links",
                "plan", None, "link_resolution_arcsec",
            )
        )  # fmt: skip
    return found
