"""What is asked of a mobile study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["MobileRequest"]


@dataclass(frozen=True, slots=True)
class MobileRequest:
    """Which cities, from what, under which requirement, and where to put the results.

    Parameters
    ----------
    pack
        Code of a pack that ships, or a folder.
    out
        Folder to make.
    cities
        Ids or names of cities; all of the pack where empty.
    territory
        File with outlines in place of, or beside, those of the pack.
    sites
        Sites that stand: sectors, or cells of OpenCelliD; their antennas are taken as the band's.
    fibre
        Points or lines with fibre.
    terrain, land_cover, clutter_table, buildings
        The user's heights, land cover with its table, and footprints with heights.
    params
        TOML file with parameters in place of the own ones.
    band_mhz
        Band [MHz].
    share, people_share
        Share of each territory, and of its people. Where None the pack's parameter
        ``territory_share_target``, and the same for the people; 0 for no condition.
    level_dbm, throughput
        Requirement [dBm] or [Mbit/s]; the line's own where both are None.
    situation
        outdoor, vehicle or indoor.
    location_percent, load_share
        Share of locations [%], load of other sectors [1].
    cell_m, spacing_m, rotations
        Cells, distance of candidates (by probes where None) [m], turns of a site.
    least_sites
        Whether sites are to be fewest instead of cheapest.
    first_year, years
        Construction.
    time_limit_s, point_time_limit_s, gap_limit, max_rounds, seed
        Limits of the search.
    scheduler, workers
        Where tasks run.
    overwrite, strict
        Whether the folder may be replaced; whether a warning stops the run.
    """

    pack: str
    out: Path
    cities: tuple[str, ...] = ()
    territory: Path | None = None
    sites: Path | None = None
    fibre: tuple[Path, ...] = ()
    terrain: tuple[Path, ...] = ()
    land_cover: Path | None = None
    clutter_table: Path | None = None
    buildings: Path | None = None
    params: Path | None = None
    band_mhz: float = 3500.0
    share: float | None = None
    people_share: float | None = None
    level_dbm: float | None = None
    throughput: float | None = None
    situation: str = "outdoor"
    location_percent: float = 90.0
    load_share: float = 0.5
    cell_m: float = 200.0
    spacing_m: float | None = None
    rotations: int = 2
    least_sites: bool = False
    first_year: int | None = None
    years: int = 3
    time_limit_s: float = 5.0
    point_time_limit_s: float = 2.0
    gap_limit: float = 0.01
    max_rounds: int | None = None
    seed: int = 1
    scheduler: str = "processes"
    workers: int | None = None
    overwrite: bool = False
    strict: bool = False
