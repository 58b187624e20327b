"""The builder's settings of one country: TOML read into frozen records, unknown keys refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity

__all__ = [
    "AddedPlace",
    "Gazetteer",
    "GridSource",
    "Network",
    "OfficialPlaces",
    "OfficialUnits",
    "OldBorders",
    "OldUnit",
    "OsmBorders",
    "PackSettings",
    "PlaceAlias",
    "PlacesSource",
    "PlantSource",
    "PopulationModel",
    "RasterSource",
    "RegionName",
    "RegionSource",
    "StationSource",
    "load_settings",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RegionName:
    """A region: its key in the raw tables and its names."""

    key: str
    name_kk: str
    name_ru: str
    name_en: str


@dataclass(frozen=True, slots=True)
class RegionSource:
    """The polygons of the first level."""

    source: str
    id_column: str
    key_column: str
    simplify_deg: float
    names: tuple[RegionName, ...]


@dataclass(frozen=True, slots=True)
class OfficialUnits:
    """The official population of regions and units of the second level."""

    source: str
    date: str
    region_column: str
    unit_column: str
    kind_column: str
    total_column: str
    urban_column: str
    rural_column: str
    region_kind: str
    unit_kinds: dict[str, str]
    strip: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceAlias:
    """An official place whose point bears another name."""

    region: str
    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficialPlaces:
    """The official population of single places."""

    source: str
    parent_column: str
    kinds: tuple[str, ...]
    town_kinds: tuple[str, ...]
    fibre_date: str
    ignored: tuple[str, ...]
    aliases: tuple[PlaceAlias, ...]


@dataclass(frozen=True, slots=True)
class OsmBorders:
    """Current polygons of units of the second level, perhaps not of all."""

    source: str
    name_column: str
    strip: tuple[str, ...]
    separator: str
    aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class OldUnit:
    """An old unit of the second level and the current ones that its ground belongs to."""

    region: str
    name: str
    units: tuple[str, ...]
    nearest: bool = False
    named: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OldBorders:
    """Old polygons of units of the second level, of the whole country."""

    source: str
    name_column: str
    endings: tuple[str, ...]
    units: tuple[OldUnit, ...]


@dataclass(frozen=True, slots=True)
class AddedPlace:
    """An official place that the places' source lacks, put in with a gazetteer's point."""

    settlement_id: str
    gazetteer_id: str
    kind: str
    name_kk: str
    name_ru: str
    lat_deg: float | None = None
    lon_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A table of points by id for added places."""

    source: str
    id_column: str
    lat_column: str
    lon_column: str


@dataclass(frozen=True, slots=True)
class PlacesSource:
    """The points of settlements and their columns."""

    source: str
    id_column: str
    id_prefix: str
    id_missing: dict[str, str]
    keep_column: str
    keep_value: int
    kind_column: str
    kinds: dict[str, str]
    name_column: str
    name_kk_column: str
    name_ru_column: str
    name_en_column: str
    lat_column: str
    lon_column: str
    region_column: str
    name_letters: str
    name_en_letters: str
    same_place_m: float
    population_columns: dict[str, str]
    strip: tuple[str, ...]
    added: tuple[AddedPlace, ...]


@dataclass(frozen=True, slots=True)
class PopulationModel:
    """How people are spread over places that no source gives a number for."""

    household_size: float
    minimum: int
    known_minimum: int
    cap_quantile: float
    growth_max: float
    kinds_minimum: int
    distrusted: tuple[str, ...]
    implausible: dict[str, int]


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and edges of a road or railway skeleton."""

    nodes: str
    edges: str
    id_prefix: str
    road_class: str = "unknown"


@dataclass(frozen=True, slots=True)
class StationSource:
    """Railway stations."""

    source: str
    keep_column: str
    keep_value: int


@dataclass(frozen=True, slots=True)
class PlantSource:
    """Power plants."""

    source: str
    name_column: str
    fuel_column: str
    capacity_column: str
    id_prefix: str


@dataclass(frozen=True, slots=True)
class GridSource:
    """Height grids, coarse and fine, and land cover."""

    height: str
    height_fine: str
    land_cover: str
    water_class: int
    water_area_min_km2: float


@dataclass(frozen=True, slots=True)
class RasterSource:
    """A raster that the pack ships: ``height`` or ``land_cover`` with the legend of its codes."""

    source: str
    kind: str
    legend: str = ""
    surface_model: bool = False


@dataclass(frozen=True, slots=True)
class PackSettings:
    """All settings of one country's builder."""

    code: str
    title: str
    currency: str
    price_year: int
    buffer_deg: float
    params: tuple[str, ...]
    romanisation: dict[str, str]
    regions: RegionSource
    official_units: OfficialUnits
    official_places: OfficialPlaces
    osm_borders: OsmBorders
    old_borders: OldBorders
    gazetteer: Gazetteer
    settlements: PlacesSource
    population: PopulationModel
    roads: Network
    railways: Network
    stations: StationSource
    power_plants: PlantSource
    terrain: GridSource
    rasters: tuple[RasterSource, ...] = ()


def load_settings(folder: Path) -> PackSettings:
    """Read ``pack.toml`` of a builder's folder.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is no TOML, a key is missing or strange, or a value has the wrong type.
    """
    path = folder / "pack.toml"
    if not path.is_file():
        raise MissingInput(f"{path} is not there: a country's builder needs its settings")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        finding = Finding("toml-unreadable", Severity.ERROR, str(error), "mend it", str(path))
        raise InputError(f"{path} is not a TOML file", [finding]) from error
    return _record(PackSettings, raw, str(path))


def _record(cls: type[T], raw: Mapping[str, Any], where: str) -> T:
    """Fill a frozen record from a mapping; every strange or missing key is told."""
    hints = get_type_hints(cls)
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    strange = sorted(set(raw) - set(known))
    lacking = sorted(
        name
        for name, f in known.items()
        if name not in raw and f.default is MISSING and f.default_factory is MISSING
    )
    if strange or lacking:
        what = [f"unknown keys {', '.join(strange)}"] * bool(strange)
        what += [f"missing keys {', '.join(lacking)}"] * bool(lacking)
        raise InputError(f"{where}: {'; '.join(what)}")
    return cls(**{name: _value(hints[name], raw[name], f"{where}: {name}") for name in raw})


def _value(hint: Any, raw: Any, where: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, raw, where)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and isinstance(raw, list):
        return tuple(_value(arguments[0], item, where) for item in raw)
    if origin is dict and isinstance(raw, dict):
        return {key: _value(arguments[1], item, f"{where}.{key}") for key, item in raw.items()}
    plain = arguments or (hint,)
    if float in plain and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if isinstance(raw, bool) and bool not in plain:
        raise InputError(f"{where}: {raw!r} is not {hint}")
    if not isinstance(raw, tuple(kind for kind in plain if isinstance(kind, type))):
        raise InputError(f"{where}: {raw!r} is not {hint}")
    return raw
