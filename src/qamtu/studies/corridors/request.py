"""What is asked of a study of the corridors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["CorridorsRequest"]


@dataclass(frozen=True, slots=True)
class CorridorsRequest:
    """Which roads, from what, under which requirement, and where to put the results.

    Parameters
    ----------
    pack
        Code of a pack that ships, or a folder.
    out
        Folder to make.
    region
        Only this region, by id or name.
    roads, osm
        The user's roads, or an OpenStreetMap extract, in place of the pack's.
    classes
        Road classes that count; all where empty, but for an extract `OSM_CLASSES`.
    sites
        Sites that stand today.
    fibre
        Points with fibre besides the settlements that have it.
    plan
        Folder of an access plan: the settlements it gives fibre or microwave are served points.
    terrain, land_cover, clutter_table
        The user's heights, land cover and the table of its codes.
    params
        TOML file with parameters in place of the own ones.
    service, antenna, frequency_mhz, heights_m
        The service asked for, the antennas, the carrier [MHz] and the towers offered [m].
    share, gap_km_max
        Share of the length [1], and longest gap [km]; a negative one is no limit.
    step_m, place_step_km, settlement_distance_km, radius_km, hop_km_max
        See the line's contract.
    first_year, years, budget_per_year
        Construction; the pack's ``first_year`` where None.
    time_limit_s, join_time_limit_s, gap_limit, max_rounds, seed
        Limits of the search.
    terrain_memory_mb
        What the terrain of all tiles may take while it is read [10⁶ bytes].
    scheduler, workers
        Where tasks run.
    overwrite, strict
        Whether the folder may be replaced; whether a warning stops the run.
    """

    pack: str
    out: Path
    region: str | None = None
    roads: Path | None = None
    osm: Path | None = None
    classes: tuple[str, ...] = ()
    sites: Path | None = None
    fibre: tuple[Path, ...] = ()
    plan: Path | None = None
    terrain: tuple[Path, ...] = ()
    land_cover: Path | None = None
    clutter_table: Path | None = None
    params: Path | None = None
    service: str = "voice"
    antenna: str = "road"
    frequency_mhz: float = 800.0
    heights_m: tuple[float, ...] = (30.0, 40.0, 50.0, 60.0, 70.0)
    share: float = 0.95
    gap_km_max: float = 5.0
    step_m: float = 500.0
    place_step_km: float = 2.0
    settlement_distance_km: float = 3.0
    radius_km: float = 30.0
    hop_km_max: float = 45.0
    first_year: int | None = None
    years: int = 5
    budget_per_year: float | None = None
    time_limit_s: float = 240.0
    join_time_limit_s: float = 20.0
    gap_limit: float = 0.005
    max_rounds: int | None = None
    seed: int = 1
    terrain_memory_mb: float = 6000.0
    scheduler: str = "processes"
    workers: int | None = None
    overwrite: bool = False
    strict: bool = False
