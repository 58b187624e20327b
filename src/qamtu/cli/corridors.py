"""`qamtu corridors`: where the sites along the roads go, how they are joined, what they cost."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.findings import Severity
from qamtu.studies.corridors import CorridorsRequest, CorridorsResult, make_corridors
from qamtu.studies.corridors.today import FAR_SITES

__all__ = ["corridors"]

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_HELP = {
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "out": "Folder to make; it appears whole or not at all.",
    "region": "Only the roads of this region, by id or name.",
    "share": "Share of the length that must be served.",
    "service": "voice, or data5 (5 Mbit/s at the edge), both in a car.",
    "max_gap": "Longest stretch that may stay unserved (km); −1 for no limit.",
    "step": "Distance between the points of a road that are looked at (m).",
    "frequency": "Carrier (MHz), for example 700, 800, 900 or 1800.",
    "antenna": "road (two sectors along the road) or omni.",
    "heights": "Tower heights that may be built (m), separated by commas.",
    "place_step": "Distance between places along the road where a site may stand (km).",
    "settlement_distance": "Distance from the road within which a site may stand in a "
    "settlement (km).",
    "radius": "Farthest point of a road that a site is tried on (km).",
    "max_hop": "Longest microwave hop (km).",
    "roads": "Your roads (GeoPackage, GeoParquet, CSV with WKT) in place of the pack's.",
    "osm": "OpenStreetMap extract (.osm.pbf): its roads in place of the pack's.",
    "classes": "Road classes that count, separated by commas (motorway,trunk,primary); of an "
    "extract motorway to secondary by default, else all.",
    "sites": "Sites that stand today (CSV, GeoPackage, Parquet, or a CSV of OpenCelliD): they "
    "serve already and new ones may be joined to them.",
    "existing": "Your points with fibre (CSV, GeoPackage, GeoParquet). May be repeated.",
    "plan": "Folder of an access plan: settlements that it gives fibre or microwave count as "
    "served points.",
    "terrain": "Your heights: a GeoTIFF or a folder of them. May be repeated.",
    "land_cover": "Your land cover (GeoTIFF).",
    "clutter_table": "CSV that says what the codes of your land cover stand for.",
    "params": "TOML file with parameters in place of the own ones.",
    "budget_year": "Capital that may be spent in a year; equal parts by default.",
    "first_year": "First year of construction; the pack's by default.",
    "time_limit": "Seconds after which the search for better sites begins nothing new.",
    "join_time": "Seconds for the backhaul tree.",
    "rounds": "Rounds of the tree's search at most.",
    "terrain_memory": "Megabytes that reading the terrain may take; finer terrain is coarsened.",
}


def corridors(
    pack: Annotated[str, typer.Argument(help=_HELP["pack"])],
    out: Annotated[Path, typer.Option("--out", "-o", help=_HELP["out"])],
    region: Annotated[str | None, typer.Option(help=_HELP["region"])] = None,
    share: Annotated[float, typer.Option(help=_HELP["share"])] = 0.95,
    service: Annotated[str, typer.Option(help=_HELP["service"])] = "voice",
    max_gap_km: Annotated[float, typer.Option(help=_HELP["max_gap"])] = 5.0,
    step_m: Annotated[float, typer.Option(help=_HELP["step"])] = 500.0,
    frequency_mhz: Annotated[
        float, typer.Option("--frequency-mhz", "--frequency", help=_HELP["frequency"])
    ] = 800.0,
    antenna: Annotated[str, typer.Option(help=_HELP["antenna"])] = "road",
    tower_heights: Annotated[
        str, typer.Option("--tower-heights", "--heights", help=_HELP["heights"])
    ] = "30,40,50,60,70",
    place_step_km: Annotated[float, typer.Option(help=_HELP["place_step"])] = 2.0,
    settlement_distance_km: Annotated[float, typer.Option(help=_HELP["settlement_distance"])] = 3.0,
    radius_km: Annotated[float, typer.Option(help=_HELP["radius"])] = 30.0,
    max_hop_km: Annotated[float, typer.Option(help=_HELP["max_hop"])] = 45.0,
    roads: Annotated[Path | None, typer.Option(help=_HELP["roads"])] = None,
    osm: Annotated[Path | None, typer.Option(help=_HELP["osm"])] = None,
    classes: Annotated[str, typer.Option(help=_HELP["classes"])] = "",
    sites: Annotated[Path | None, typer.Option(help=_HELP["sites"])] = None,
    existing: Annotated[list[Path] | None, typer.Option(help=_HELP["existing"])] = None,
    plan: Annotated[Path | None, typer.Option(help=_HELP["plan"])] = None,
    terrain: Annotated[list[Path] | None, typer.Option(help=_HELP["terrain"])] = None,
    land_cover: Annotated[Path | None, typer.Option(help=_HELP["land_cover"])] = None,
    clutter_table: Annotated[Path | None, typer.Option(help=_HELP["clutter_table"])] = None,
    params: Annotated[Path | None, typer.Option(help=_HELP["params"])] = None,
    years: Annotated[int, typer.Option(help="Years of construction.")] = 5,
    first_year: Annotated[int | None, typer.Option(help=_HELP["first_year"])] = None,
    budget_per_year: Annotated[float | None, typer.Option(help=_HELP["budget_year"])] = None,
    time_limit: Annotated[float, typer.Option(help=_HELP["time_limit"])] = 240.0,
    join_time: Annotated[float, typer.Option(help=_HELP["join_time"])] = 20.0,
    gap: Annotated[float, typer.Option(help="Proven gap that is good enough.")] = 0.005,
    max_rounds: Annotated[int | None, typer.Option(help=_HELP["rounds"])] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    terrain_memory: Annotated[float, typer.Option(help=_HELP["terrain_memory"])] = 6000.0,
    scheduler: Annotated[
        str, typer.Option(help="serial, processes, or a Dask address (tcp://host:8786).")
    ] = "processes",
    workers: Annotated[
        int | None, typer.Option(help="Processes; all processors by default.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder if it has something in it.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at warnings too.")] = False,
) -> None:
    """Plan mobile service along the roads: sites, towers, backhaul and years, at least cost.

    [bold]Examples[/]

        qamtu corridors kz --out out/roads

        qamtu corridors kz --region Kostanay --service data5 --share 0.9 --out out/kostanay-roads

        qamtu corridors kz --frequency-mhz 900 --tower-heights 40,60 --terrain dem/ --out out/900

        qamtu corridors kz --osm kz.osm.pbf --sites mine.csv --plan out/kz --out out/real-roads
    """
    request = CorridorsRequest(
        pack=pack,
        out=out,
        region=region,
        roads=roads,
        osm=osm,
        classes=tuple(word.strip() for word in classes.split(",") if word.strip()),
        sites=sites,
        fibre=tuple(existing or ()),
        plan=plan,
        terrain=tuple(terrain or ()),
        land_cover=land_cover,
        clutter_table=clutter_table,
        params=params,
        service=service,
        antenna=antenna,
        frequency_mhz=frequency_mhz,
        heights_m=_heights(tower_heights),
        share=share,
        gap_km_max=max_gap_km,
        step_m=step_m,
        place_step_km=place_step_km,
        settlement_distance_km=settlement_distance_km,
        radius_km=radius_km,
        hop_km_max=max_hop_km,
        first_year=first_year,
        years=years,
        budget_per_year=budget_per_year,
        time_limit_s=time_limit,
        join_time_limit_s=join_time,
        gap_limit=gap,
        max_rounds=max_rounds,
        seed=seed,
        terrain_memory_mb=terrain_memory,
        scheduler=scheduler,
        workers=workers,
        overwrite=overwrite,
        strict=strict,
    )
    with reporting(f"roads of {pack}") as report:
        result = make_corridors(request, report)
    _show(result)


def _heights(text: str) -> tuple[float, ...]:
    """Read a list of heights; a word that is no number becomes none, which the line tells."""
    words = [word.strip() for word in text.replace(";", ",").split(",") if word.strip()]
    return tuple(float(word) if _NUMBER.fullmatch(word) else math.nan for word in words)


def _show(result: CorridorsResult) -> None:
    summary = result.summary
    totals = summary["totals"]
    OUT.print(_regions_table(summary))
    OUT.print(
        f"[bold]{totals['served_km']:,.0f}[/] of {totals['length_km']:,.0f} km served "
        f"({totals['share']:.1%}), longest gap {totals['gap_km']:,.1f} km: "
        f"{totals['sites_new']:,} new sites (relays: {totals['sites_relay']:,}), "
        f"{totals['hops']:,} hops, {totals['fibre_km']:,.0f} km of fibre."
    )
    OUT.print(
        f"Net present cost [bold]{_billions(totals['npv'])}[/] {summary['currency']} bn "
        f"(prices of {summary['price_year']}, {summary['discount_rate']:.0%} a year over "
        f"{summary['horizon_years']} years), of it capital {_billions(totals['capex'])} bn."
    )
    OUT.print(
        f"Proven: no plan from these places and prices costs less than "
        f"{_billions(totals['bound'])} bn, so this one is within [bold]{totals['gap']:.2%}[/] "
        f"(sites {totals['sites_gap']:.2%}, joining them {totals['backhaul_gap']:.2%})."
    )
    target = summary["target"]["target_km"]
    if target is not None:
        OUT.print(
            f"Of the {target:,.0f} km promised, {totals['length_km']:,.0f} km are known to the "
            f"pack and {totals['served_km']:,.0f} km would be served."
        )
    worth = [
        f for f in result.results.findings if f.severity is not Severity.INFO or f.id == FAR_SITES
    ]
    if worth:
        show_findings(worth[:12], console=OUT)
        if len(worth) > 12:
            OUT.print(f"… and {len(worth) - 12:,} more in summary.json")
    OUT.print(
        f"Wrote [bold]{escape(str(result.folder))}[/]: report.html, corridors.gpkg, sites.kml, "
        "summary.json"
    )


def _regions_table(summary: dict[str, Any]) -> Table:
    table = Table(title=summary["title"], title_justify="left")
    table.add_column("region")
    for column in ("km", "served", "new sites", "hops", f"capital, bn {summary['currency']}"):
        table.add_column(column, justify="right")
    for row in summary["by_region"]:
        table.add_row(
            str(row["name_en"] or row["region_id"]),
            f"{row['length_km']:,.0f}",
            f"{row['share']:.1%}",
            f"{row['sites_new']:,}",
            f"{row['hops']:,}",
            _billions(row["capex"]),
        )
    return table


def _billions(amount: float) -> str:
    return f"{amount / 1e9:,.1f}"
