"""What is drawn from which tables: one layer is one table of shapes with its attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import geopandas as gpd
import pandas as pd
import shapely

__all__ = ["BASE", "BASE_ZOOM", "LAYERS", "PLAN_ZOOM", "Layer", "Tables"]

Tables: TypeAlias = Mapping[str, gpd.GeoDataFrame]
"""Tables by name, in EPSG:4326."""

PLAN_ZOOM: Final = (2, 10)
"""Zooms that are cut for a plan; readers enlarge the last one: at zoom 10 a unit of a tile is
some 10 m on the ground, finer than the tables' own coordinates are true."""

BASE_ZOOM: Final = (2, 8)
"""Zooms of the country's borders and roads."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of vector tiles.

    Parameters
    ----------
    name
        Of the layer in the tiles.
    tables
        Tables that it needs.
    make
        Gives the shapes with their attributes.
    zoom_least
        First zoom with the layer.
    brief
        Attributes that are kept at the first zooms; of points that share them and a spot of the
        screen the first stays there, and lines that share them become one. Empty: as later.
    """

    name: str
    tables: tuple[str, ...]
    make: Callable[[Tables], gpd.GeoDataFrame]
    zoom_least: int = 2
    brief: tuple[str, ...] = ()


def _settlements(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["plan_settlements"].sort_values(
        ["population", "settlement_id"], ascending=[False, True]
    )
    return _frame(
        table,
        id=table["settlement_id"],
        option=table["option"],
        year=table["year"],
        population=table["population"],
        estimated=table["population_source"].eq("estimated"),
        region=table["region_id"],
    )


def _routes(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["plan_routes"]
    table = table[table["route_kind"] != "existing"]
    return _frame(
        table,
        id=table["route_id"],
        kind=table["route_kind"],
        year=table["year"],
        ring=table["is_ring"].astype(bool),
        people=table["people_downstream"],
    )


def _links(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["plan_settlements"]
    made = _joined(table, "settlement_id", "served_from")
    made = made[made["option"].isin(["microwave", "fixed_wireless"])]
    return _frame(made, id=made["settlement_id"], kind=made["option"], year=made["year"])


def _cities(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["cities"]
    return _frame(
        table,
        id=table["city_id"],
        share=table["territory_share"],
        sites=table["sites_needed"],
        estimated=table["territory_source"].eq("circle"),
    )


def _mobile_sites(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["sites"]
    return _frame(
        table,
        id=table["site_id"],
        city=table["city_id"],
        kind=table["site_kind"],
        backhaul=table["backhaul"],
        year=table["year"],
    )


def _mobile_hops(tables: Tables) -> gpd.GeoDataFrame:
    made = _joined(tables["sites"], "site_id", "backhaul_to")
    made = made[made["backhaul"].eq("microwave")]
    return _frame(made, id=made["site_id"], year=made["year"])


def _coverage(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["stretches"]
    return _frame(
        table,
        road=table["road_id"],
        served=table["served"].astype(bool),
        reason=table["reason"],
        year=table["year"],
    )


def _road_sites(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["sites"]
    return _frame(
        table,
        id=table["site_id"],
        role=table["role"],
        backhaul=table["backhaul"],
        year=table["year"],
        height=table["height_m"],
        place=table["place_name"],
    )


def _road_hops(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["hops"]
    return _frame(table, id=table["hop_id"], kind=table["hop_kind"], year=table["year"])


def _regions(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["regions"]
    names = {name: table[name] for name in ("name_kk", "name_ru", "name_en") if name in table}
    return _frame(table, id=table["region_id"], **names)


def _roads(tables: Tables) -> gpd.GeoDataFrame:
    table = tables["roads"]
    return _frame(table, kind=table["road_class"])


def _water(tables: Tables) -> gpd.GeoDataFrame:
    return _frame(tables["water"])


def _joined(table: gpd.GeoDataFrame, key: str, other: str) -> gpd.GeoDataFrame:
    """Give the rows that name another row, each with the line between the two."""
    places = table.drop_duplicates(key).set_index(key).geometry
    rows = table[table[other].isin(places.index)]
    far = places.loc[rows[other].to_numpy()].to_numpy()
    near = rows.geometry.to_numpy()
    lines = shapely.linestrings(
        [[(a.x, a.y), (b.x, b.y)] for a, b in zip(far, near, strict=True)]
    ) if len(rows) else []  # fmt: skip
    return rows.set_geometry(gpd.GeoSeries(lines, index=rows.index, crs=table.crs))


def _frame(table: gpd.GeoDataFrame, **attributes: pd.Series) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(dict(attributes), geometry=table.geometry, crs=table.crs)


LAYERS: Final[Mapping[str, tuple[Layer, ...]]] = {
    "villages": (
        Layer(
            "settlements",
            ("plan_settlements",),
            _settlements,
            brief=("option", "year", "estimated"),
        ),
        Layer("routes", ("plan_routes",), _routes, brief=("kind", "year", "ring")),
        Layer("links", ("plan_settlements",), _links, zoom_least=6),
    ),
    "mobile": (
        Layer("cities", ("cities",), _cities),
        Layer("mobile_sites", ("sites",), _mobile_sites, 5, ("backhaul", "year")),
        Layer("mobile_hops", ("sites",), _mobile_hops, 8),
    ),
    "corridors": (
        Layer("coverage", ("stretches",), _coverage, brief=("served", "year")),
        Layer("road_sites", ("sites",), _road_sites, 4, ("role", "year")),
        Layer("road_hops", ("hops",), _road_hops, 6),
    ),
}
"""Layers of each line; tables are files of the plan (``plan_routes.parquet``)."""

BASE: Final = (
    Layer("water", ("water",), _water),
    Layer("regions", ("regions",), _regions),
    Layer("roads", ("roads",), _roads, 3),
)
"""Layers of the country itself; tables are those of the pack."""
