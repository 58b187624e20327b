"""A city's plan as plain columns that travel between processes, and the tables made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.mobile.backhaul import BACKHAULS
from qamtu.connectivity.mobile.candidates import KINDS
from qamtu.connectivity.mobile.choose import Point
from qamtu.connectivity.mobile.city import CityPlan, plan_city
from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.results import Levels
from qamtu.connectivity.mobile.survey import CityTask
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.propagation.area import Frame

__all__ = [
    "answer_city",
    "city_findings",
    "city_levels",
    "city_table",
    "curve_table",
    "sector_table",
    "site_table",
]

Answer = dict[str, Any]
_DEGREE_DIGITS: Final = 6  # a tenth of a metre


def answer_city(task: CityTask) -> Answer:
    """Plan one city and give its plan as dicts, tuples and arrays of plain values."""
    plan = plan_city(task)
    frame = plan.field.territory.frame
    return {
        "city": _city(plan, task),
        "sites": _sites(plan, task),
        "sectors": _sectors(plan, task),
        "curve": _curve(plan),
        "level_dbm": plan.served.level_dbm,
        "frame": (
            frame.lat_top_deg, frame.lon_left_deg, frame.step_lat_deg, frame.step_lon_deg,
        ),
        "findings": tuple(
            (f.id, f.severity.value, f.what, f.mend, f.file or "", f.field or "")
            for f in plan.findings
        ),
        "factor": plan.factor,
        "seconds": plan.seconds,
    }  # fmt: skip


def _city(plan: CityPlan, task: CityTask) -> Answer:
    field, territory = plan.field, plan.field.territory
    with_sinr = task.wanted.throughput is not None
    stands = _stands(plan)
    place = _place(plan)[~stands]
    bill = field.bill
    npv = float(bill.npv[place].sum())
    cost_bound = min(plan.bound.cheapest.bound, npv)
    share = plan.served.share(territory.area_km2, with_sinr=with_sinr)
    people = plan.served.share(territory.people, with_sinr=with_sinr)
    seen = plan.served.throughput[plan.served.covered]
    return {
        "city_id": plan.city_id,
        "area_km2": territory.total_km2,
        "sites_needed": int((~stands).sum()),
        "sites_existing": int(stands.sum()),
        "sites_bound": min(plan.bound.sites_bound, float((~stands).sum())),
        "gap": (npv - cost_bound) / npv if npv > 0.0 else 0.0,
        "cost_bound": cost_bound,
        "npv": npv,
        "territory_share": share,
        "territory_share_cover": _seen_share(plan, territory.area_km2),
        "territory_share_today": plan.served_today.share(territory.area_km2, with_sinr=with_sinr),
        "people_share": people,
        "sinr_share": plan.served.share(territory.area_km2, with_sinr=True),
        "speed_down_mbps": float(np.median(seen)) if seen.size else 0.0,
        "target_met": bool(
            share >= task.wanted.share
            and (people >= task.wanted.people_share or territory.people.sum() <= 0.0)
        ),
        "interference_margin_db": plan.radio.interference_db,
        "spacing_least_m": min(field.spacing.apart_m.values()) * field.stretch,
        "spacing_most_m": max(field.spacing.apart_m.values()) * field.stretch,
        "candidates": len(field.places) - int(sum(o.existing for o in field.options)),
        "capex": float(bill.capex[place].sum()),
        "opex_per_year": float(bill.opex_per_year[place].sum()),
        "resolution_arcsec": _whole(territory.resolution_arcsec),
    }


def _seen_share(plan: CityPlan, weight: NDArray[np.float64]) -> float:
    """Share of the area as the choice saw it."""
    return float(weight[_cells_seen(plan, plan.chosen)].sum() / weight.sum())


def _cells_seen(plan: CityPlan, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Cells that options cover, as the choice saw them."""
    seen = np.zeros(plan.field.territory.area_km2.size, bool)
    for i in chosen:
        reach = plan.field.reaches[i]
        seen[reach.number[reach.level_dbm >= plan.radio.needed_dbm]] = True
    return seen


def _stands(plan: CityPlan) -> NDArray[np.bool_]:
    return np.array([plan.field.options[i].existing for i in plan.chosen], bool)


def _place(plan: CityPlan) -> NDArray[np.int64]:
    return np.array([plan.field.options[i].place for i in plan.chosen], np.int64)


def _whole(value: float) -> int:
    return round(value) if np.isfinite(value) else 0


def _site_ids(plan: CityPlan, task: CityTask) -> list[str]:
    """New sites are numbered from north to south; those that stand keep their ids."""
    place, places = _place(plan), plan.field.places
    new = len(places) - len(task.standing)
    stands = place >= new
    rank = np.argsort(np.lexsort((places.lon_deg[place], -places.lat_deg[place], stands)))
    return [
        task.standing[p - new].site_id if p >= new else f"{plan.city_id}-{r + 1:04d}"
        for p, r in zip(place, rank, strict=True)
    ]


def _sites(plan: CityPlan, task: CityTask) -> Answer:
    places, bill = plan.field.places, plan.field.bill
    place, stands, ids = _place(plan), _stands(plan), _site_ids(plan, task)
    back = plan.backhaul
    return {
        "site_id": tuple(ids),
        "city_id": (plan.city_id,) * place.size,
        "lat_deg": np.round(places.lat_deg[place], _DEGREE_DIGITS),
        "lon_deg": np.round(places.lon_deg[place], _DEGREE_DIGITS),
        "ground_m": np.round(places.ground_m[place], 1),
        "height_m": np.round(places.height_m[place], 1),
        "site_kind": tuple(KINDS[k] for k in places.kind[place]),
        "existing": stands,
        "capex": np.where(stands, 0.0, bill.capex[place]),
        "opex_per_year": np.where(stands, 0.0, bill.opex_per_year[place]),
        "npv": np.where(stands, 0.0, bill.npv[place]),
        "gain_km2": plan.gain_km2,
        "backhaul": tuple(BACKHAULS[k] for k in back.kind),
        "backhaul_km": back.length_km,
        "backhaul_to": tuple(ids[t] if t >= 0 else "" for t in back.to),
        "backhaul_clearance": back.clearance,
        "resolution_arcsec": np.array(
            [_whole(float(r)) for r in places.resolution_arcsec[place]], np.int64
        ),
    }


def _sectors(plan: CityPlan, task: CityTask) -> Answer:
    rows = [
        (f"{site}-{number + 1}", site, sector)
        for site, i in zip(_site_ids(plan, task), plan.chosen, strict=True)
        for number, sector in enumerate(plan.field.options[i].sectors)
    ]

    def column(name: str) -> NDArray[np.float64]:
        return np.array([getattr(sector, name) for _, _, sector in rows], np.float64)

    return {
        "sector_id": tuple(row[0] for row in rows),
        "site_id": tuple(row[1] for row in rows),
        "city_id": (plan.city_id,) * len(rows),
        "lat_deg": np.round(column("lat_deg"), _DEGREE_DIGITS),
        "lon_deg": np.round(column("lon_deg"), _DEGREE_DIGITS),
        "height_m": np.round(column("height_m"), 1),
        "azimuth_deg": column("azimuth_deg"),
        "tilt_deg": column("tilt_deg"),
        "electrical_tilt_deg": column("electrical_tilt_deg"),
        "eirp_dbm": np.round(column("eirp_dbm"), 2),
    }


def _people_share(plan: CityPlan, point: Point) -> float:
    """Share of the people that the plan of least cost of a point covers, as the choice saw it."""
    seen = _cells_seen(plan, point.cheapest.chosen)
    people = plan.field.territory.people
    return float(people[seen].sum() / people.sum()) if people.sum() > 0.0 else 0.0


def _curve(plan: CityPlan) -> Answer:
    stands = sum(o.existing for o in plan.field.options)

    def column(give: Any) -> NDArray[np.float64]:
        return np.array([give(point) for point in plan.curve], np.float64)

    def cost_sites(point: Point) -> int:
        return point.cheapest.chosen.size - stands

    return {
        "share": column(lambda p: p.share),
        "sites_new": column(lambda p: p.fewest.cost),
        "bound": column(lambda p: p.sites_bound),
        "cost": column(lambda p: p.cheapest.cost),
        "cost_bound": column(lambda p: p.cheapest.bound),
        "cost_sites": column(cost_sites),
        "people_share": column(lambda p: _people_share(plan, p)),
        "chosen": np.array([p is plan.point for p in plan.curve], bool),
    }


def city_table(cities: gpd.GeoDataFrame, answers: Sequence[Answer]) -> gpd.GeoDataFrame:
    """Put the outputs of all cities beside what was given of them."""
    made = pd.DataFrame([answer["city"] for answer in answers]).set_index("city_id")
    for name in ("sites_needed", "sites_existing", "candidates", "resolution_arcsec"):
        made[name] = made[name].astype("int64")
    joined = cities.drop(columns=[c for c in made.columns if c in cities.columns])
    joined = joined.set_index("city_id").join(made, how="inner").reset_index()
    columns = [c for c in joined.columns if c != "geometry"]
    return gpd.GeoDataFrame(joined[[*columns, "geometry"]], geometry="geometry", crs=4326)


def site_table(answers: Sequence[Answer], years: NDArray[np.int64]) -> gpd.GeoDataFrame:
    """Stack the sites of all cities; ``years`` holds the year of each new one in this order."""
    table = _stacked(answers, "sites")
    table["backhaul_to"] = table["backhaul_to"].astype(object).replace("", None)
    year = pd.Series(pd.NA, index=table.index, dtype="Int64")
    year[~table["existing"].to_numpy(dtype=bool)] = years
    table["year"] = year
    return _pointed(table.sort_values("site_id", kind="stable").reset_index(drop=True))


def sector_table(answers: Sequence[Answer], radio: Radio) -> gpd.GeoDataFrame:
    """Stack the sectors of all cities."""
    table = _stacked(answers, "sectors").assign(
        technology="nr", band=f"{radio.band} MHz", frequency_mhz=radio.frequency_mhz,
        bandwidth_mhz=radio.bandwidth_mhz, pattern="3gpp", gain_dbi=radio.pattern.gain_dbi,
        beamwidth_deg=radio.beamwidth_deg, beamwidth_vertical_deg=radio.beamwidth_vertical_deg,
        load_share=radio.load,
    )  # fmt: skip
    return _pointed(table.sort_values("sector_id", kind="stable").reset_index(drop=True))


def curve_table(answers: Sequence[Answer]) -> pd.DataFrame:
    """Stack the curves of all cities."""
    parts = [
        pd.DataFrame(answer["curve"]).assign(city_id=answer["city"]["city_id"])
        for answer in answers
    ]
    table = pd.concat(parts, ignore_index=True)
    for name in ("sites_new", "cost_sites"):
        table[name] = table[name].round().astype("int64")
    return table[["city_id", *(c for c in table.columns if c != "city_id")]]


def city_levels(answers: Sequence[Answer]) -> Mapping[str, Levels]:
    """Give the raster of each city."""
    made = {}
    for answer in answers:
        level = np.asarray(answer["level_dbm"], np.float32)
        frame = Frame(*answer["frame"], *level.shape)
        city = answer["city"]
        made[city["city_id"]] = Levels(frame, level, float(city["resolution_arcsec"]))
    return made


def city_findings(answers: Sequence[Answer]) -> list[Finding]:
    """Give the findings of all cities."""
    return [
        Finding(rule, Severity(severity), what, mend, file or None, None, field or None)
        for answer in answers
        for rule, severity, what, mend, file, field in answer["findings"]
    ]


def _stacked(answers: Sequence[Answer], name: str) -> pd.DataFrame:
    parts = [pd.DataFrame(answer[name]) for answer in answers]
    return pd.concat(parts, ignore_index=True)


def _pointed(table: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(table["lon_deg"], table["lat_deg"], crs=4326)
    return gpd.GeoDataFrame(table, geometry=points)
