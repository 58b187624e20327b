"""The country pack: raw tables, readers of users' files, builders and the built tables.

What enters are source files with a catalogue, or a user's own tables. What is computed are
tables that hold the contracts in ``schemas``, among them people spread over settlements so that
official sums hold. What leaves is a `Pack` with tables, parameters, sources and findings.
"""

from qamtu.country.build import build_pack
from qamtu.country.checks import check_pack, check_table, check_tables
from qamtu.country.checks_rasters import check_raster
from qamtu.country.checks_surface import check_points, resolution_shares
from qamtu.country.cities import area_circle
from qamtu.country.copernicus import (
    BUCKET_URL,
    TerrainTiles,
    around,
    boxes_of,
    fetch_tiles,
    tile_names,
)
from qamtu.country.merge import merge_settlements, with_tables
from qamtu.country.osm import OsmExtract, read_osm
from qamtu.country.pack import Pack, catalogue, load_pack
from qamtu.country.rasters import KINDS, RasterLayer
from qamtu.country.surface import read_surface
from qamtu.country.tables import TABLES, contract_of
from qamtu.country.template import init_pack, schema_page
from qamtu.country.userdata import read_table

__all__ = [
    "BUCKET_URL",
    "KINDS",
    "TABLES",
    "OsmExtract",
    "Pack",
    "RasterLayer",
    "TerrainTiles",
    "area_circle",
    "around",
    "boxes_of",
    "build_pack",
    "catalogue",
    "check_pack",
    "check_points",
    "check_raster",
    "check_table",
    "check_tables",
    "contract_of",
    "fetch_tiles",
    "init_pack",
    "load_pack",
    "merge_settlements",
    "read_osm",
    "read_surface",
    "read_table",
    "resolution_shares",
    "schema_page",
    "tile_names",
    "with_tables",
]
