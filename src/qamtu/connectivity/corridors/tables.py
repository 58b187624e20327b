"""The study as tables: sites, hops, stretches, whole roads, regions, years, terrain."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.corridors.costs import Prices
from qamtu.connectivity.corridors.inputs import Inputs
from qamtu.connectivity.corridors.join import MICROWAVE
from qamtu.connectivity.corridors.outcome import NOT_YET, Outcome, Plan
from qamtu.connectivity.corridors.places import KINDS, nearest_of
from qamtu.connectivity.corridors.posts import FibrePoints
from qamtu.connectivity.corridors.roads import Roads
from qamtu.connectivity.corridors.samples import longest_gaps

__all__ = ["hop_table", "region_table", "road_table", "site_table", "stretch_table", "year_table"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CRS: Final = "EPSG:4326"


def site_table(
    inputs: Inputs, roads: Roads, plan: Plan, outcome: Outcome, prices: Prices, points: FibrePoints
) -> gpd.GeoDataFrame:
    """One row a site: those to be built, relays among them, then those that stand today."""
    posts, joined, places = plan.posts, plan.joined, plan.places
    built = outcome.posts
    count = len(built)
    standing = _standing_posts(plan)
    post = np.concatenate((built, standing))
    place = posts.place[post]
    new = np.arange(len(post)) < count
    lost = np.isin(post, joined.lost)
    link = np.where(new, joined.link[post], -1)
    none = np.zeros(len(standing))
    relay = posts.is_relay[post]
    table = pd.DataFrame(
        {
            "site_id": post_names(inputs, plan, points)[post],
            "role": np.where(~new, "existing", np.where(relay, "relay", "coverage")),
            "place_kind": np.array(KINDS)[places.kind[place]],
            **_settled(inputs.settlements, places.settlement[place]),
            "settlement_km": places.settlement_km[place].round(3),
            "region_id": _named(inputs.regions["region_id"], places.region[place]),
            "road_id": road_names(inputs, roads, places.road[place]),
            "lat_deg": places.lat_deg[place].round(6),
            "lon_deg": places.lon_deg[place].round(6),
            "ground_m": places.ground_m[place].round(1),
            "height_m": joined.tower_m[post],
            "existing": ~new,
            "frequency_mhz": np.where(relay, np.nan, inputs.frequency_mhz),
            "power": np.where(
                ~new, "none", np.where(prices.on_grid(places)[place], "grid", "solar_diesel")
            ),
            **_backhaul(plan, post, link, new, lost),
            "served_from": _roots(inputs, plan, points, post, new & ~lost),
            "served_km": np.concatenate((outcome.served_km, outcome.standing_km)).round(3),
            "capex": np.concatenate((outcome.bill.capex, none)),
            "opex_per_year": np.concatenate((outcome.bill.opex_per_year, none)),
            "npv": np.concatenate((outcome.bill.npv, none)),
            "year": _years(np.concatenate((outcome.year, np.zeros(len(standing), np.int64)))),
            "resolution_arcsec": _whole(places.resolution_arcsec[place]),
        }
    )  # fmt: skip
    aimed = (prices.sectors == 2) & new & ~relay
    for side, name in enumerate(("azimuth_first_deg", "azimuth_second_deg")):
        table.insert(
            list(table.columns).index("frequency_mhz"), name,
            np.where(aimed, places.azimuth_deg[place, side].round(1), np.nan),
        )  # fmt: skip
    table = table.sort_values(["existing", "role", "site_id"], ignore_index=True)
    drawn = gpd.points_from_xy(table["lon_deg"], table["lat_deg"])
    return gpd.GeoDataFrame(table, geometry=drawn, crs=_CRS)


def _whole(values: Floats) -> Any:
    return pd.Series(values).round().astype("Int64").array


def _backhaul(
    plan: Plan, post: Ints, link: Ints, new: NDArray[np.bool_], lost: NDArray[np.bool_]
) -> dict[str, Any]:
    """Columns of what joins each site: kind, length and hops of the chain, clearance."""
    joined, links = plan.joined, plan.links
    on = np.flatnonzero(link >= 0)
    kind = np.where(new, "none", "own").astype(object)
    kind[on] = np.where(links.kind[link[on]] == MICROWAVE, "microwave", "fibre")
    clearance = np.full(len(post), np.nan)
    clearance[on] = links.clearance[link[on]].round(3)
    return {
        "backhaul": kind,
        "backhaul_km": np.where(new & ~lost, joined.chain_m[post] / 1000.0, np.nan).round(3),
        "backhaul_clearance": clearance,
        "hop_count": pd.array(np.where(lost, 0, np.maximum(joined.depth[post], 0)), dtype="Int64"),
    }


def post_names(inputs: Inputs, plan: Plan, points: FibrePoints) -> NDArray[np.object_]:
    """Name every post: new sites along the roads, relays, sites of today and fibre points."""
    posts, places = plan.posts, plan.places
    names = np.full(posts.count, None, dtype=object)
    used = plan.joined.order[posts.is_relay[plan.joined.order]]
    for group, letter in ((np.arange(posts.sites), "s"), (used, "r")):
        at = posts.place[group]
        order = np.lexsort((places.along_m[at], places.road[at], places.region[at]))
        names[group[order]] = [f"{letter}{i + 1:05d}" for i in range(len(group))]
    stands = np.flatnonzero(posts.is_root & (posts.place >= 0))
    if inputs.sites is not None and len(stands):
        own = inputs.sites["site_id"].astype("str").to_numpy(dtype=object)
        names[stands] = own[places.existing[posts.place[stands]]]
    lit = np.flatnonzero(posts.fibre >= 0)
    names[lit] = points.name[posts.fibre[lit]]
    return names


def hop_table(
    inputs: Inputs, plan: Plan, outcome: Outcome, points: FibrePoints
) -> gpd.GeoDataFrame:
    """One row a link of the tree, microwave or fibre."""
    joined, links, posts = plan.joined, plan.links, plan.posts
    far = joined.order
    near, link = joined.parent[far], joined.link[far]
    names = post_names(inputs, plan, points)
    turned = links.a[link] != far
    height = np.where(
        turned[:, None],
        np.column_stack((links.height_b_m[link], links.height_a_m[link])),
        np.column_stack((links.height_a_m[link], links.height_b_m[link])),
    ).reshape(-1, 2)
    bill = links.bill.take(link)
    ends = np.stack(
        (
            np.column_stack((posts.lon_deg[far], posts.lat_deg[far])),
            np.column_stack((posts.lon_deg[near], posts.lat_deg[near])),
        ),
        axis=1,
    )
    table = pd.DataFrame(
        {
            "hop_id": [f"h{i + 1:05d}" for i in range(len(far))],
            "site_from": names[far],
            "site_to": names[near],
            "hop_kind": np.where(links.kind[link] == MICROWAVE, "microwave", "fibre"),
            "length_m": links.length_m[link].round(1),
            "height_from_m": height[:, 0],
            "height_to_m": height[:, 1],
            "clearance": links.clearance[link].round(3),
            "clearance_low": links.clearance_low[link].round(3),
            "capex": bill.capex,
            "opex_per_year": bill.opex_per_year,
            "npv": bill.npv,
            "year": _years(outcome.year[: len(far)]),
        }
    )
    drawn: Any = shapely.linestrings(ends) if len(far) else []
    return gpd.GeoDataFrame(table, geometry=drawn, crs=_CRS)


def stretch_table(
    inputs: Inputs, roads: Roads, plan: Plan, outcome: Outcome, reachable: NDArray[np.bool_],
    known: NDArray[np.bool_],
) -> gpd.GeoDataFrame:  # fmt: skip
    """One row a stretch of road that is alike: region, served or not and why, since when.

    Parameters
    ----------
    inputs, roads, plan, outcome
        The study.
    reachable, known
        Whether any mast serves each point, and whether its terrain is known, bool[s].
    """
    samples, year = plan.samples, outcome.sample_year
    served = year >= 0
    reason = np.where(served, 0, np.where(~known, 3, np.where(reachable, 1, 2)))
    state = np.column_stack((samples.run, samples.region, year, reason))
    new = np.r_[True, (state[1:] != state[:-1]).any(axis=1)][: samples.count]
    start = np.flatnonzero(new)
    end = np.append(start[1:], samples.count) - 1
    half = samples.length_m / 2.0
    from_m, to_m = samples.along_m[start] - half[start], samples.along_m[end] + half[end]
    words = np.array([None, "left_out", "out_of_reach", "no_terrain"], dtype=object)
    table = pd.DataFrame(
        {
            "stretch_id": [f"t{i + 1:05d}" for i in range(len(start))],
            "road_id": road_names(inputs, roads, samples.road[start]),
            "region_id": _named(inputs.regions["region_id"], samples.region[start]),
            "served": served[start],
            "service": inputs.service,
            "length_m": (to_m - from_m).round(1),
            "reason": words[reason[start]],
            "year": _years(np.where(year[start] < NOT_YET, np.maximum(year[start], 0), 0)),
        }
    )
    drawn = [
        roads.line(int(road), float(a), float(b))
        for road, a, b in zip(samples.road[start], from_m, to_m, strict=True)
    ]
    return gpd.GeoDataFrame(table, geometry=drawn, crs=_CRS)


def road_table(inputs: Inputs, roads: Roads, plan: Plan, outcome: Outcome) -> gpd.GeoDataFrame:
    """One row a whole road that has a piece inside the territory, the longest first."""
    samples, served = plan.samples, outcome.sample_year >= 0
    length = np.bincount(samples.road, weights=samples.length_m, minlength=roads.count)
    done = np.bincount(samples.road, weights=samples.length_m * served, minlength=roads.count)
    sites = np.bincount(
        np.maximum(plan.places.road[plan.masts.place[plan.new]], 0), minlength=roads.count
    )
    inside = np.flatnonzero(length > 0.0)
    order = inside[np.argsort(-length[inside], kind="stable")]
    first, last = roads.offset[order], roads.offset[order + 1] - 1
    table = pd.DataFrame(
        {
            "road_id": road_names(inputs, roads, order),
            "road_class": _main_class(inputs, roads)[order],
            "place_from": _near_place(inputs, roads, first),
            "place_to": _near_place(inputs, roads, last),
            "edges": roads.edges[order],
            "length_m": length[order].round(1),
            "served_m": done[order].round(1),
            "gap_m": longest_gaps(samples, served, roads.count)[order].round(1),
            "sites_new": sites[order],
        }
    )
    whole = roads.length_m
    drawn = [roads.line(int(road), 0.0, float(whole[road])) for road in order]
    return gpd.GeoDataFrame(table, geometry=drawn, crs=_CRS)


def region_table(
    inputs: Inputs, plan: Plan, outcome: Outcome, sites: pd.DataFrame, hops: pd.DataFrame
) -> pd.DataFrame:
    """Sum road, sites and money by region; a hop belongs to the region of its far end."""
    samples = plan.samples
    count = len(inputs.regions)
    km = samples.length_m / 1000.0
    length = np.bincount(samples.region, weights=km, minlength=count)
    served = np.bincount(samples.region, weights=km * (outcome.sample_year >= 0), minlength=count)
    new = sites[~sites["existing"].astype(bool)]
    region_of = dict(zip(sites["site_id"], sites["region_id"], strict=True))
    hop_region = hops["site_from"].map(region_of)
    rows = []
    for number, region in enumerate(inputs.regions.itertuples(index=False)):
        code = str(region.region_id)
        own, links = new[new["region_id"] == code], hops[hop_region == code]
        if length[number] == 0.0 and own.empty:
            continue
        rows.append(
            {
                "region_id": code,
                **{n: getattr(region, n, None) for n in ("name_kk", "name_ru", "name_en")},
                "length_km": float(length[number]),
                "served_km": float(served[number]),
                "share": float(served[number] / length[number]) if length[number] else 0.0,
                "sites_new": len(own),
                "hops": len(links),
                **{
                    name: float(own[name].sum() + links[name].sum())
                    for name in ("capex", "opex_per_year", "npv")
                },
            }
        )
    columns = [
        "region_id", "name_kk", "name_ru", "name_en", "length_km", "served_km", "share",
        "sites_new", "hops", "capex", "opex_per_year", "npv",
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=columns)
    return made.sort_values("region_id", ignore_index=True)


def year_table(
    inputs: Inputs, plan: Plan, outcome: Outcome, sites: pd.DataFrame, hops: pd.DataFrame
) -> pd.DataFrame:
    """Sum what is built in each year, and the road first served then."""
    km, year = plan.samples.length_m / 1000.0, outcome.sample_year
    total = float(km[year == 0].sum())
    rows = []
    for one in range(inputs.first_year, inputs.first_year + inputs.years):
        own, links = sites[sites["year"].eq(one)], hops[hops["year"].eq(one)]
        new = float(km[year == one].sum())
        total += new
        rows.append(
            {
                "year": one,
                "sites": len(own),
                "hops": len(links),
                "capex": float(own["capex"].sum() + links["capex"].sum()),
                "served_km": new,
                "served_km_cumulative": total,
            }
        )
    return pd.DataFrame(rows)


def road_names(inputs: Inputs, roads: Roads, road: Ints) -> NDArray[np.object_]:
    """Name whole roads by their first edge; None for -1."""
    ids = inputs.roads["road_id"].astype("str").to_numpy(dtype=object)
    first = np.append(roads.first_edge, -1)
    return _or_none(ids, first[road])


def _standing_posts(plan: Plan) -> Ints:
    return np.flatnonzero(plan.posts.is_root & (plan.posts.place >= 0))


def _roots(
    inputs: Inputs, plan: Plan, points: FibrePoints, post: Ints, joined: NDArray[np.bool_]
) -> NDArray[np.object_]:
    return _or_none(post_names(inputs, plan, points), np.where(joined, plan.joined.root[post], -1))


def _settled(settlements: pd.DataFrame, row: Ints) -> dict[str, Any]:
    """Name and id of the nearest settlement."""
    ids = settlements["settlement_id"].astype("str").to_numpy(dtype=object)
    return {
        "place_name": _or_none(_place_names(settlements), row),
        "settlement_id": _or_none(ids, row),
    }


def _place_names(settlements: pd.DataFrame) -> NDArray[np.object_]:
    """Give each settlement its first name of English, Russian, Kazakh; else its id."""
    made = settlements["settlement_id"].astype("str").to_numpy(dtype=object).copy()
    for name in ("name_kk", "name_ru", "name_en"):
        if name in settlements.columns:
            has = settlements[name].notna().to_numpy()
            made[has] = settlements[name].astype("str").to_numpy(dtype=object)[has]
    return made


def _named(column: pd.Series[Any], row: Ints) -> NDArray[np.object_]:
    return _or_none(column.astype("str").to_numpy(dtype=object), row)


def _or_none(values: NDArray[np.object_], row: Ints) -> NDArray[np.object_]:
    """Give the values of rows; None for -1."""
    made = np.full(len(row), None, dtype=object)
    made[row >= 0] = values[row[row >= 0]]
    return made


def _years(year: Ints) -> Any:
    """Calendar years; missing where 0."""
    return pd.Series(year, dtype="Int64").where(year > 0).array


def _main_class(inputs: Inputs, roads: Roads) -> NDArray[np.object_]:
    """Give each whole road the class of most of its length."""
    edge = np.flatnonzero(roads.edge >= 0)
    road = np.repeat(np.arange(roads.count), np.diff(roads.offset))[edge]
    classes = (
        inputs.roads["road_class"].fillna("unknown").astype("str").to_numpy(dtype=object)
        if "road_class" in inputs.roads.columns
        else np.full(len(inputs.roads), "unknown", dtype=object)
    )
    names, number = np.unique(classes.astype(str), return_inverse=True)
    length = np.zeros((roads.count, len(names)))
    np.add.at(
        length, (road, number[roads.edge[edge]]), roads.along_m[edge + 1] - roads.along_m[edge]
    )
    return np.asarray(names[length.argmax(axis=1)], dtype=object)


def _near_place(inputs: Inputs, roads: Roads, vertex: Ints) -> NDArray[np.object_]:
    big = inputs.settlements["kind"].isin(["city", "town", "village"]).to_numpy()
    own = inputs.settlements.loc[big, ["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)
    index, _ = nearest_of(roads.lat_deg[vertex], roads.lon_deg[vertex], own[:, 0], own[:, 1])
    return _or_none(_place_names(inputs.settlements)[big], index)
