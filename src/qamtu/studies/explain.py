"""Why one settlement gets the option it gets: a paragraph with its numbers."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity

__all__ = ["explain", "find_settlement", "read_plan"]

_NAMES = ("name_en", "name_ru", "name_kk")
_WORDS = {
    "served": "fibre that stands today",
    "fibre": "fibre",
    "microwave": "a microwave hop with fixed wireless",
    "fixed_wireless": "fixed wireless from a fibre point nearby",
    "leo_gateway": "a low-orbit community gateway",
    "leo_terminal": "a low-orbit satellite terminal a household",
    "geo": "geostationary satellite",
}
_COSTS = ("fibre", "microwave", "fixed_wireless", "leo_gateway", "leo_terminal", "geo")


def read_plan(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Read the settlements, routes and summary of a plan.

    Raises
    ------
    MissingInput
        If the folder or one of its files is not there.
    """
    paths = [
        folder / n for n in ("plan_settlements.parquet", "plan_routes.parquet", "summary.json")
    ]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        findings = [
            Finding(
                "plan-missing", Severity.ERROR, f"{path} is not there",
                "make the plan first: qamtu plan PACK --out DIR", str(path),
            )
            for path in missing
        ]  # fmt: skip
        msg = f"there is no whole plan in {folder}"
        raise MissingInput(msg, findings)
    summary = json.loads(paths[2].read_text(encoding="utf-8"))
    return pd.read_parquet(paths[0]), pd.read_parquet(paths[1]), summary


def find_settlement(settlements: pd.DataFrame, wanted: str) -> pd.Series[Any]:
    """Find a settlement by id, or by its name in any language.

    Raises
    ------
    InputError
        If none or several match; the findings list what was near.
    """
    by_id = settlements[settlements["settlement_id"] == wanted]
    if len(by_id) == 1:
        return by_id.iloc[0]
    low = wanted.casefold().strip()
    match = pd.Series(data=False, index=settlements.index)
    for name in _NAMES:
        match |= settlements[name].astype("str").str.casefold() == low
    found = settlements[match]
    if len(found) == 1:
        return found.iloc[0]
    if len(found) > 1:
        listed = [
            f"{row['settlement_id']} ({_name(row)}, {row['kind']}, region {row['region_id']}, "
            f"{row['population']:,} people)"
            for _, row in found.iterrows()
        ]
        finding = Finding(
            "name-ambiguous", Severity.ERROR, f"{wanted!r} is the name of {len(found)} settlements",
            "give the id of one: " + "; ".join(listed[:10]),
        )  # fmt: skip
        msg = f"{wanted!r} is not one settlement"
        raise InputError(msg, [finding])
    names = pd.unique(pd.concat([settlements[n].dropna().astype("str") for n in _NAMES]))
    near = difflib.get_close_matches(wanted, list(names), n=5, cutoff=0.6)
    mend = (
        f"did you mean {', '.join(near)}?" if near else "look the name up in plan_settlements.csv"
    )
    finding = Finding("name-unknown", Severity.ERROR, f"no settlement is called {wanted!r}", mend)
    msg = f"{wanted!r} is not in the plan"
    raise InputError(msg, [finding])


def explain(
    place: pd.Series[Any],
    settlements: pd.DataFrame,
    routes: pd.DataFrame,
    summary: dict[str, Any],
) -> str:
    """Say in a paragraph how a settlement is served and why not otherwise.

    Parameters
    ----------
    place
        Its row of the plan's settlements.
    settlements, routes, summary
        The plan.
    """
    money = _Money(summary["currency"], int(summary["price_year"]))
    estimated = " (estimated)" if place["population_source"] == "estimated" else ""
    who = (
        f"{_name(place)} ({place['kind']}, {_region(place, summary)}) has "
        f"{int(place['population']):,} people{estimated} "
        f"in {int(place['households']):,} households."
    )
    if place["option"] == "served":
        why = str(place["fibre_source"] or "").strip()
        return f"{who} It counts as served by fibre today ({why}), so the plan builds nothing here."
    sentences = [who, _choice(place, settlements, money), *_route(place, routes, money)]
    sentences += [_others(place, money, summary), _level(place, summary)]
    if summary["targets"]["villages"].get("binding") and place["option"] == "fibre":
        sentences.append(
            "The target for villages on fibre binds in this plan, so some villages get fibre "
            "although another option would cost a little less."
        )
    gap = summary["totals"]["gap"]
    sentences.append(
        f"The plan as a whole is proven to cost at most {gap:.2%} more than the best possible."
    )
    return " ".join(s for s in sentences if s)


class _Money:
    """Writes amounts of the plan's currency."""

    def __init__(self, currency: str, year: int) -> None:
        self.currency, self.year = currency, year

    def __call__(self, amount: float) -> str:
        return f"{amount / 1e6:,.1f} M {self.currency}"


def _name(place: pd.Series[Any]) -> str:
    names = [str(place[n]) for n in _NAMES if n in place and pd.notna(place[n]) and place[n]]
    return names[0] if names else str(place["settlement_id"])


def _region(place: pd.Series[Any], summary: dict[str, Any]) -> str:
    """Give the region's name, its id where it has none."""
    for row in summary["by_region"]:
        if row["region_id"] == place["region_id"]:
            return str(row["name_en"] or row["name_ru"] or row["region_id"])
    return str(place["region_id"])


def _choice(place: pd.Series[Any], settlements: pd.DataFrame, money: _Money) -> str:
    year = "" if pd.isna(place["year"]) else f" in {int(place['year'])}"
    own = money(float(place["npv"]))
    source = ""
    if pd.notna(place.get("link_km")):
        at = settlements[settlements["settlement_id"] == place["served_from"]]
        whence = _name(at.iloc[0]) if len(at) else str(place["served_from"])
        source = f" over {float(place['link_km']):.1f} km from {whence}{_sight(place)}"
    return (
        f"The plan gives it {_WORDS[place['option']]}{source}{year}: its own works cost "
        f"{money(float(place['capex']))} to build and "
        f"{money(float(place['opex_per_year']))} a year to run, {own} in present value "
        f"(prices of {money.year})."
    )


def _sight(place: pd.Series[Any]) -> str:
    """Say how clear a radio link is, and on what terrain that was looked at."""
    clearance = place.get("link_clearance")
    if clearance is None or pd.isna(clearance):
        return "" if not place["link_km"] > 0 else " (line of sight unchecked)"
    terrain = place["link_resolution_arcsec"]
    known = "" if pd.isna(terrain) else f" on terrain of {int(terrain)} arc seconds"
    return f" (clear by {float(clearance):.1f} radii of the first Fresnel zone{known})"


def _route(place: pd.Series[Any], routes: pd.DataFrame, money: _Money) -> list[str]:
    if place["option"] != "fibre" or pd.isna(place["route_km"]):
        return []
    last = routes[(routes["node_far"] == place["node"]) & ~routes["is_ring"].astype(bool)]
    shared = ""
    if len(last):
        people = float(last["people_downstream"].iloc[0]) - float(place["population"])
        if people > 0:
            shared = f" Beyond it the same route serves {people:,.0f} more people."
    own = float(place["route_own_npv"])
    alone = (
        f" {money(own)} of the route's present cost serve it alone."
        if own > 0
        else " No part of the route serves it alone."
    )
    length = float(place["route_km"])
    return [f"The route to the network of today is {length:.1f} km long.{alone}{shared}"]


def _others(place: pd.Series[Any], money: _Money, summary: dict[str, Any]) -> str:
    costs = {
        o: float(place[f"npv_{o}"])
        for o in _COSTS
        if o != place["option"] and pd.notna(place[f"npv_{o}"])
    }
    if not costs:
        return ""
    slow = {row["option"] for row in summary["options"] if not row["adequate"]}
    listed = "; ".join(
        f"{_WORDS[o]} {money(v)}{' (below the service level)' if o in slow else ''}"
        for o, v in sorted(costs.items(), key=_second)
    )
    absent = [_WORDS[o] for o in ("microwave", "fixed_wireless") if pd.isna(place[f"npv_{o}"])]
    none = (
        f" ({' and '.join(absent)}: no fibre point in range and in sight, not enough capacity, or "
        "dearer than satellite.)"
        if absent
        else ""
    )
    return f"Over {summary['horizon_years']} years it would otherwise cost: {listed}.{none}"


def _second(item: tuple[str, float]) -> float:
    return item[1]


def _level(place: pd.Series[Any], summary: dict[str, Any]) -> str:
    level = summary["service_level"]["speed_down_mbps"]
    speed = float(place["speed_down_mbps"])
    met = "meets" if bool(place["adequate"]) else "does not meet"
    return (
        f"It gets up to {speed:,.0f} Mbit/s, which {met} the service level of {level:,.0f} Mbit/s."
    )
