"""`qamtu mobile`: where the sites of city networks go, and what they cover and cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.findings import Severity
from qamtu.studies.mobile import MobileRequest, MobileResult, make_mobile

__all__ = ["mobile"]

_HELP = {
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "out": "Folder to make; it appears whole or not at all.",
    "city": "Only this city, by id or name in any language. May be repeated.",
    "territory": "Your outlines (GeoPackage, GeoJSON, Parquet) with city_id: in place of those of "
    "the pack, or further cities.",
    "sites": "Sites that stand (CSV, GeoPackage, Parquet), or a CSV of OpenCelliD. Those of 5G in "
    "the band serve already; the others need only the equipment. "
    "Antennas that it names are not read.",
    "fibre": "Your points or lines with fibre (CSV, GeoPackage, GeoParquet). May be repeated.",
    "terrain": "Your heights: a GeoTIFF or a folder of them. May be repeated.",
    "land_cover": "Your land cover (GeoTIFF).",
    "clutter_table": "CSV that says what the codes of your land cover stand for.",
    "buildings": "Your building footprints with heights (PBF, GeoPackage).",
    "params": "TOML file with parameters in place of the own ones.",
    "band": "Band (MHz): 700, 2100, 2600 or 3500.",
    "share": "Share of each territory that must be covered; the pack's promise by default.",
    "people_share": "Share of the people of each city that must be covered too; the same share by "
    "default, 0 for none: the cheapest share of a territory leaves out the densest ground.",
    "level": "Least level, SS-RSRP (dBm); the parameter rsrp_min by default.",
    "throughput": "Least throughput of a user (Mbit/s), in place of a level.",
    "in_vehicle": "The receiver is in a vehicle.",
    "indoor": "The receiver is in a building.",
    "locations": "Per cent of the locations of a cell at which it must hold, above 1 to 99.",
    "load": "Share of the carrier that the other sectors use.",
    "cell": "Side of a cell of the territory (m).",
    "spacing": "Distance between candidate sites (m); from probes in the city by default.",
    "rotations": "Turns of a three-sector site that are tried at each place.",
    "least_sites": "Take the fewest sites instead of the least cost.",
    "first_year": "First year of construction; the pack's by default.",
    "time_limit": "Seconds for the plan of each city.",
    "point_time": "Seconds for each further share of the curve.",
    "rounds": "Rounds of each search, for a run repeatable to the bit.",
}


def mobile(
    pack: Annotated[str, typer.Argument(help=_HELP["pack"])],
    out: Annotated[Path, typer.Option("--out", "-o", help=_HELP["out"])],
    city: Annotated[list[str] | None, typer.Option(help=_HELP["city"])] = None,
    frequency_mhz: Annotated[
        float, typer.Option("--frequency-mhz", "--band", help=_HELP["band"])
    ] = 3500.0,
    share: Annotated[float | None, typer.Option(help=_HELP["share"])] = None,
    people_share: Annotated[float | None, typer.Option(help=_HELP["people_share"])] = None,
    level: Annotated[float | None, typer.Option(help=_HELP["level"])] = None,
    throughput: Annotated[float | None, typer.Option(help=_HELP["throughput"])] = None,
    in_vehicle: Annotated[bool, typer.Option("--in-vehicle", help=_HELP["in_vehicle"])] = False,
    indoor: Annotated[bool, typer.Option("--indoor", help=_HELP["indoor"])] = False,
    locations: Annotated[float, typer.Option(help=_HELP["locations"])] = 90.0,
    load: Annotated[float, typer.Option(help=_HELP["load"])] = 0.5,
    territory: Annotated[Path | None, typer.Option(help=_HELP["territory"])] = None,
    sites: Annotated[Path | None, typer.Option(help=_HELP["sites"])] = None,
    fibre: Annotated[list[Path] | None, typer.Option(help=_HELP["fibre"])] = None,
    terrain: Annotated[list[Path] | None, typer.Option(help=_HELP["terrain"])] = None,
    land_cover: Annotated[Path | None, typer.Option(help=_HELP["land_cover"])] = None,
    clutter_table: Annotated[Path | None, typer.Option(help=_HELP["clutter_table"])] = None,
    buildings: Annotated[Path | None, typer.Option(help=_HELP["buildings"])] = None,
    params: Annotated[Path | None, typer.Option(help=_HELP["params"])] = None,
    cell: Annotated[float, typer.Option(help=_HELP["cell"])] = 200.0,
    spacing: Annotated[float | None, typer.Option(help=_HELP["spacing"])] = None,
    rotations: Annotated[int, typer.Option(help=_HELP["rotations"])] = 2,
    least_sites: Annotated[bool, typer.Option("--least-sites", help=_HELP["least_sites"])] = False,
    first_year: Annotated[int | None, typer.Option(help=_HELP["first_year"])] = None,
    years: Annotated[int, typer.Option(help="Years of construction.")] = 3,
    time_limit: Annotated[float, typer.Option(help=_HELP["time_limit"])] = 5.0,
    point_time: Annotated[float, typer.Option(help=_HELP["point_time"])] = 2.0,
    gap: Annotated[float, typer.Option(help="Proven gap that is good enough.")] = 0.01,
    max_rounds: Annotated[int | None, typer.Option(help=_HELP["rounds"])] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
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
    """Choose the sites of 5G over cities: where, how high, which azimuths, for how much.

    [bold]Examples[/]

        qamtu mobile kz --out out/mobile

        qamtu mobile kz --city Almaty --city Astana --frequency-mhz 700 --out out/two

        qamtu mobile kz --throughput 50 --in-vehicle --load 0.6 --out out/cars

        qamtu mobile kz --city Almaty --sites cells.csv --terrain glo30/ --out out/almaty
    """
    if in_vehicle and indoor:
        msg = "--in-vehicle and --indoor exclude each other"
        raise typer.BadParameter(msg)
    request = MobileRequest(
        pack=pack,
        out=out,
        cities=tuple(city or ()),
        territory=territory,
        sites=sites,
        fibre=tuple(fibre or ()),
        terrain=tuple(terrain or ()),
        land_cover=land_cover,
        clutter_table=clutter_table,
        buildings=buildings,
        params=params,
        band_mhz=frequency_mhz,
        share=share,
        people_share=people_share,
        level_dbm=level,
        throughput=throughput,
        situation="vehicle" if in_vehicle else "indoor" if indoor else "outdoor",
        location_percent=locations,
        load_share=load,
        cell_m=cell,
        spacing_m=spacing,
        rotations=rotations,
        least_sites=least_sites,
        first_year=first_year,
        years=years,
        time_limit_s=time_limit,
        point_time_limit_s=point_time,
        gap_limit=gap,
        max_rounds=max_rounds,
        seed=seed,
        scheduler=scheduler,
        workers=workers,
        overwrite=overwrite,
        strict=strict,
    )
    with reporting(f"planning the cities of {pack}") as report:
        result = make_mobile(request, report)
    _show(result)


def _show(result: MobileResult) -> None:
    summary = result.summary
    totals, currency = summary["totals"], summary["currency"]
    OUT.print(_city_table(summary))
    OUT.print(
        f"[bold]{totals['sites_needed']:,}[/] new sites beside {totals['sites_existing']:,} that "
        f"serve, at least {totals['sites_bound']:,.0f} out of these candidates; "
        f"[bold]{totals['territory_share']:.1%}[/] of {totals['area_km2']:,.0f} km2 and "
        f"{totals['people_share']:.1%} of the people; {totals['cities_met']} of "
        f"{totals['cities']} cities reach {_asked(summary['target'])}."
    )
    OUT.print(
        f"Net present cost [bold]{totals['npv'] / 1e9:,.1f}[/] {currency} bn (prices of "
        f"{summary['price_year']}, {summary['horizon_years']} years), of it capital "
        f"{totals['capex'] / 1e9:,.1f} bn; within [bold]{totals['gap']:.1%}[/] of the least "
        "possible out of these candidates."
    )
    worth = [f for f in result.results.findings if f.severity is not Severity.INFO]
    if worth:
        show_findings(worth[:12], console=OUT)
        if len(worth) > 12:
            OUT.print(f"… and {len(worth) - 12:,} more in summary.json")
    OUT.print(f"Wrote [bold]{escape(str(result.folder))}[/]: report.html, mobile.gpkg, sites.kml")


def _asked(target: dict[str, Any]) -> str:
    asked = (("territory", target["territory_share"]), ("people", target["people_share"]))
    return " and ".join(f"{share:.0%} of the {what}" for what, share in asked if share)


def _city_table(summary: dict[str, Any]) -> Table:
    table = Table(title=summary["title"], title_justify="left")
    table.add_column("city")
    for column in (
        "km2", "sites", "at least", "territory", "people", "with SINR", "Mbit/s",
        f"capital, bn {summary['currency']}", "gap",
    ):  # fmt: skip
        table.add_column(column, justify="right")
    for row in summary["by_city"]:
        table.add_row(
            escape(str(row.get("name_en") or row["city_id"])),
            f"{row['area_km2']:,.0f}",
            f"{row['sites_needed']:,}",
            f"{row['sites_bound']:,.0f}",
            f"{row['territory_share']:.1%}",
            f"{row['people_share']:.1%}",
            f"{row['sinr_share']:.1%}",
            f"{row['speed_down_mbps']:,.0f}",
            f"{row['capex'] / 1e9:,.2f}",
            f"{row['gap']:.1%}",
        )
    return table
