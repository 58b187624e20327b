"""Which tables a country pack has: contract, row entity, id column and kind of geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from qamtu.core.errors import InputError
from qamtu.core.fields import Contract, load_contract

__all__ = ["TABLES", "TableKind", "contract_of", "table_kind"]

Geometry = Literal["none", "point", "line", "polygon"]


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table of a pack.

    Parameters
    ----------
    name
        Its name and the stem of its file.
    shape
        The row entity: the shape of its fields in the contract.
    id_column
        The column that names a row; empty where rows have no name.
    geometry
        What its geometry column holds.
    required
        Whether a pack must have it.
    """

    name: str
    shape: str
    id_column: str
    geometry: Geometry
    required: bool = False


TABLES: Final[dict[str, TableKind]] = {
    kind.name: kind
    for kind in (
        TableKind("settlements", "settlement", "settlement_id", "point", required=True),
        TableKind("regions", "region", "region_id", "polygon", required=True),
        TableKind("districts", "district", "district_id", "polygon"),
        TableKind("cities", "city", "city_id", "polygon"),
        TableKind("roads", "road", "road_id", "line"),
        TableKind("railways", "railway", "rail_id", "line"),
        TableKind("stations", "station", "station_id", "point"),
        TableKind("terrain", "terrain_cell", "", "none"),
        TableKind("water", "water_body", "water_id", "polygon"),
        TableKind("power_plants", "power_plant", "plant_id", "point"),
        TableKind("fibre_nodes", "fibre_node", "node_id", "point"),
        TableKind("fibre_lines", "fibre_line", "line_id", "line"),
        TableKind("power_lines", "power_line", "line_id", "line"),
        TableKind("towers", "tower", "tower_id", "point"),
        TableKind("organisations", "organisation", "organisation_id", "none"),
        TableKind("commitments", "commitment", "commitment_id", "none"),
        TableKind("claims", "claim", "claim_id", "none"),
        TableKind("ratios", "ratio", "ratio_id", "none"),
    )
}

_USERS: Final[dict[str, TableKind]] = {
    kind.name: kind
    for kind in (
        TableKind("settlement_updates", "settlement", "settlement_id", "none"),
        TableKind("sites", "sector", "site_id", "point"),
        TableKind("drive_tests", "sample", "", "point"),
    )
}


def table_kind(name: str) -> TableKind:
    """Give the kind of a table by name.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    kinds = TABLES | _USERS
    if name not in kinds:
        raise InputError(f"there is no table {name!r}; the tables are {', '.join(kinds)}")
    return kinds[name]


def contract_of(name: str) -> Contract:
    """Load the contract of a table from its schema file."""
    return load_contract("qamtu.country", f"schemas/{table_kind(name).name}.csv")
