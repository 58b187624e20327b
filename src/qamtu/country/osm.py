"""Roads, power lines, towers and places from an OpenStreetMap extract (PBF).

The file is read three times: the ways, keeping the ids of their nodes; the nodes with tags; the
nodes that those ways use. Memory is linear in the nodes of the roads and power lines kept (about
40 bytes each), not in the size of the file. Source of tags: OpenStreetMap wiki, Key:highway,
Key:power, Key:man_made, Key:place.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, Stage, silent

# An optional extra: where it is not installed, read_osm says how to install it.
_HAS_OSMIUM: Final = find_spec("osmium") is not None
osmium: Any = import_module("osmium") if _HAS_OSMIUM else None

__all__ = ["OsmExtract", "read_osm"]

_ROADS: Final[dict[str, str]] = {
    "motorway": "motorway", "motorway_link": "motorway", "trunk": "trunk",
    "trunk_link": "trunk", "primary": "primary", "primary_link": "primary",
    "secondary": "secondary", "secondary_link": "secondary", "tertiary": "tertiary",
    "tertiary_link": "tertiary", "unclassified": "unclassified", "residential": "residential",
    "living_street": "residential", "track": "track", "road": "unknown",
}  # fmt: skip
_POWER: Final = frozenset({"line", "minor_line", "cable"})
_PLACES: Final[dict[str, str]] = {
    "city": "city", "town": "town", "village": "village", "hamlet": "hamlet",
    "isolated_dwelling": "isolated", "farm": "isolated",
}  # fmt: skip
_MASTS: Final = frozenset({"mast", "tower", "communications_tower"})
_BLOCK: Final = 1 << 20
_UNITS_A_DEGREE: Final = 1e7
_GEOD: Final = Geod(ellps="WGS84")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OsmExtract:
    """What an extract holds, as tables of the contract.

    Parameters
    ----------
    roads
        Edges between junctions; two roads hang together only where they share a node.
    power_lines, towers
        Power lines whole; power towers, masts and communication towers.
    places
        Places mapped as nodes: ``settlement_id``, names, ``kind``, coordinates and
        ``population`` (missing where it has none).
    findings
        What the extract lacks.
    """

    roads: gpd.GeoDataFrame
    power_lines: gpd.GeoDataFrame
    towers: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    findings: Findings


@dataclass(slots=True)
class _Ways:
    """Ways while they are read: flat node ids with an offset a way, and a label each."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    refs: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    labels: list[str] = field(default_factory=list)

    def add(self, way: Any, label: str) -> None:
        """Keep a way with two nodes or more."""
        refs = [node.ref for node in way.nodes]
        if len(refs) < 2:
            return
        self.ids.append(way.id)
        self.refs.extend(refs)
        self.ends.append(len(self.refs))
        self.labels.append(label)

    def nodes(self) -> Ints:
        """Give all node ids, with repeats."""
        return np.frombuffer(self.refs, dtype=np.int64) if self.refs else np.zeros(0, np.int64)

    def spans(self) -> Iterator[tuple[int, str, int, int]]:
        """Walk the ways: id, label, first and past-last position of its nodes."""
        start = 0
        for way, label, end in zip(self.ids, self.labels, self.ends, strict=True):
            yield way, label, start, end
            start = end


def read_osm(path: str | Path, *, report: Report = silent) -> OsmExtract:
    """Read an OpenStreetMap extract.

    Parameters
    ----------
    path
        A ``.osm.pbf`` (or ``.osm``) file.
    report
        Called with each stage.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it is damaged, or the optional package ``osmium`` is not installed.
    """
    path = Path(path)
    if not _HAS_OSMIUM:
        finding = Finding(
            "osmium-missing", Severity.ERROR, "the package osmium is not installed",
            "install qamtu with its extra: pip install 'qamtu[osm]'", str(path),
        )  # fmt: skip
        raise InputError("OpenStreetMap extracts need the package osmium", [finding])
    if not path.is_file():
        finding = Finding("file-missing", Severity.ERROR, "the file is not there",
                          "mend the path", str(path))  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    try:
        report(Stage("Read ways", 0.0, path.name))
        roads, power = _read_ways(path)
        report(Stage("Read nodes", 0.4, f"{len(roads.ids):,} roads, {len(power.ids):,} lines"))
        wanted = np.unique(np.concatenate([roads.nodes(), power.nodes()]))
        lat, lon, towers, places = _read_nodes(path, wanted)
    except (RuntimeError, OSError, UnicodeDecodeError) as error:
        finding = Finding(
            "pbf-corrupt", Severity.ERROR, f"the file is damaged: {error}",
            "download the extract again and compare its checksum", str(path),
        )  # fmt: skip
        raise InputError(f"{path} is no readable OpenStreetMap extract", [finding]) from error
    report(Stage("Split roads", 0.8))
    lost = int(np.isnan(lat).sum())
    found = [
        Finding("nodes-missing", Severity.WARNING,
                f"{lost:,} nodes of roads or lines are not in the extract: those ends were cut",
                "take an extract with complete ways", path.name)
    ] * bool(lost)  # fmt: skip
    table = _split_roads(roads, wanted, lat, lon)
    if len(table) == 0:
        found.append(
            Finding("roads-missing", Severity.WARNING, "the extract has no roads",
                    "take an extract of the country, with all tags", path.name)
        )  # fmt: skip
    return OsmExtract(
        table, _power_lines(power, wanted, lat, lon), towers, places, Findings(tuple(found))
    )


def _read_ways(path: Path) -> tuple[_Ways, _Ways]:
    roads, power = _Ways(), _Ways()
    reader = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway", "power")
    )
    for way in reader:
        road = _ROADS.get(str(way.tags.get("highway")))
        if road is not None and way.tags.get("area") != "yes":
            roads.add(way, road)
        elif way.tags.get("power") in _POWER:
            power.add(way, way.tags.get("voltage", ""))
    return roads, power


def _read_nodes(
    path: Path, wanted: Ints
) -> tuple[Floats, Floats, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Give the coordinates of the wanted nodes (sorted ids), and towers and places."""
    lat, lon = np.full(len(wanted), np.nan), np.full(len(wanted), np.nan)
    towers: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    for node in _nodes(path).with_filter(osmium.filter.EmptyTagFilter()):
        if node.location.valid():
            _tagged(node, node.location.lat, node.location.lon, towers, places)
    ids, points = array("q"), array("q")
    for node in _nodes(path).with_filter(osmium.filter.IdFilter(wanted.tolist())):
        place = node.location
        ids.append(node.id)
        points.append(place.y)
        points.append(place.x)
        if len(ids) >= _BLOCK:
            _fill(wanted, lat, lon, ids, points)
    _fill(wanted, lat, lon, ids, points)
    return lat, lon, _frame(towers, "tower_id"), _frame(places, "settlement_id")


def _nodes(path: Path) -> Any:
    return osmium.FileProcessor(str(path), osmium.osm.NODE)


def _fill(wanted: Ints, lat: Floats, lon: Floats, ids: array[int], points: array[int]) -> None:
    """Put a block of coordinates where their nodes are wanted, and empty the block."""
    if not ids or not len(wanted):
        return
    block = np.array(ids, dtype=np.int64)
    place = np.minimum(np.searchsorted(wanted, block), len(wanted) - 1)
    hit = wanted[place] == block
    pairs = np.array(points, dtype=np.float64).reshape(-1, 2) / _UNITS_A_DEGREE
    pairs[np.abs(pairs).max(axis=1) > 180.0] = np.nan  # a node without a place
    lat[place[hit]], lon[place[hit]] = pairs[hit, 0], pairs[hit, 1]
    del ids[:], points[:]


def _tagged(
    node: Any, lat: float, lon: float, towers: list[dict[str, Any]], places: list[dict[str, Any]]
) -> None:
    """Keep a node that is a tower or a place."""
    tags = node.tags
    made = tags.get("man_made")
    power = tags.get("power")
    if made in _MASTS or power == "tower":
        kind = f"man_made={made}" if made in _MASTS else "power=tower"
        towers.append(
            {"tower_id": f"osm:{node.id}", "tower_kind": kind, "lat_deg": lat, "lon_deg": lon}
        )
    kind = _PLACES.get(tags.get("place", ""), "")
    if kind:
        people = tags.get("population", "").replace(" ", "").replace(",", "")
        places.append(
            {
                "settlement_id": f"osm:{node.id}",
                "name_kk": tags.get("name:kk", tags.get("name")),
                "name_ru": tags.get("name:ru", tags.get("name")),
                "name_en": tags.get("name:en", tags.get("int_name")),
                "kind": kind, "lat_deg": lat, "lon_deg": lon,
                "population": int(people) if people.isdecimal() else None,
            }
        )  # fmt: skip


def _frame(rows: list[dict[str, Any]], id_column: str) -> gpd.GeoDataFrame:
    columns = {
        "tower_id": ["tower_kind"],
        "settlement_id": ["name_kk", "name_ru", "name_en", "kind", "population"],
    }
    names = [id_column, *columns[id_column], "lat_deg", "lon_deg"]
    made = gpd.GeoDataFrame({n: [row[n] for row in rows] for n in names})
    if "population" in made.columns:
        made["population"] = made["population"].astype("Int64")
    points = gpd.points_from_xy(made["lon_deg"].astype(float), made["lat_deg"].astype(float))
    return made.set_geometry(points, crs=4326).sort_values(id_column, ignore_index=True)


def _split_roads(roads: _Ways, wanted: Ints, lat: Floats, lon: Floats) -> gpd.GeoDataFrame:
    """Cut roads at nodes that several of them use, so that edges meet at their ends only."""
    nodes = roads.nodes()
    index = np.searchsorted(wanted, nodes)
    uses = np.bincount(index, minlength=len(wanted)) if len(nodes) else np.zeros(0, np.int64)
    rows: list[tuple[str, str, int, int]] = []
    lines: list[Any] = []
    for way, label, start, end in roads.spans():
        path = index[start:end]
        path = path[np.isfinite(lat[path])]
        path = path[np.append(True, path[1:] != path[:-1])] if len(path) else path
        if len(path) < 2:
            continue
        cuts = np.flatnonzero(uses[path] > 1)
        cuts = np.unique(np.concatenate([[0], cuts, [len(path) - 1]]))
        for part, (a, b) in enumerate(pairwise(cuts)):
            piece = path[a : b + 1]
            ends = int(wanted[piece[0]]), int(wanted[piece[-1]])
            rows.append((f"osm:{way}.{part}", label, *ends))
            lines.append(shapely.linestrings(lon[piece], lat[piece]))
    return gpd.GeoDataFrame(
        {
            "road_id": [row[0] for row in rows],
            "road_class": [row[1] for row in rows],
            "length_m": [_length_m(line) for line in lines],
            "node_from": [f"osm:{row[2]}" for row in rows],
            "node_to": [f"osm:{row[3]}" for row in rows],
            "length_source": ["geodesic"] * len(rows),
        },
        geometry=lines,
        crs=4326,
    )


def _power_lines(power: _Ways, wanted: Ints, lat: Floats, lon: Floats) -> gpd.GeoDataFrame:
    ids: list[str] = []
    voltage: list[float] = []
    lines: list[Any] = []
    index = np.searchsorted(wanted, power.nodes())
    for way, label, start, end in power.spans():
        path = index[start:end]
        path = path[np.isfinite(lat[path])]
        if len(path) < 2:
            continue
        ids.append(f"osm:{way}")
        voltage.append(_kilovolts(label))
        lines.append(shapely.linestrings(lon[path], lat[path]))
    columns = {"line_id": ids, "voltage_kv": voltage, "length_m": [_length_m(x) for x in lines]}
    return gpd.GeoDataFrame(columns, geometry=lines, crs=4326)


def _length_m(line: Any) -> float:
    return round(float(_GEOD.geometry_length(line)), 1)


def _kilovolts(tag: str) -> float:
    """Give the highest of the voltages [kV] that a tag lists in volts; NaN without one."""
    volts = [float(v) for v in tag.replace(" ", "").split(";") if v.isdecimal()]
    return max(volts) / 1000.0 if volts else float("nan")
