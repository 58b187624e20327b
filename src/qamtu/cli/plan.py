"""`qamtu plan`: the access plan of a country or region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.findings import Severity
from qamtu.studies.national_plan import PlanResult, make_plan
from qamtu.studies.plan_data import PlanRequest

__all__ = ["plan"]

_HELP = {
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "out": "Folder to make; it appears whole or not at all.",
    "region": "Only this region, by id or name.",
    "params": "TOML file with parameters in place of the own ones.",
    "settlements": "Your settlements (CSV, GeoPackage, GeoParquet): rows with an id of the pack "
    "replace its fields, others are added.",
    "existing": "Existing fibre: points or lines (CSV, GeoPackage, GeoParquet). May be repeated.",
    "roads": "Your roads (GeoPackage, GeoParquet) in place of the pack's.",
    "osm": "OpenStreetMap extract (.osm.pbf): its roads of all classes in place of the pack's.",
    "villages": "Villages that must newly get fibre; the pack's promise by default, −1 for none.",
    "share": "Share of the people that must have high speed (0.99); the pack's by default, "
    "−1 for none.",
    "terrain": "Your heights (GeoTIFF or a folder of them) for line of sight; may be repeated.",
    "budget": "Capital that may be spent in all, in the pack's currency.",
    "budget_year": "Capital that may be spent in a year; equal parts by default.",
    "km_year": "Kilometres that can be built in a year; no limit by default.",
}


def plan(
    pack: Annotated[str, typer.Argument(help=_HELP["pack"])],
    out: Annotated[Path, typer.Option("--out", "-o", help=_HELP["out"])],
    region: Annotated[str | None, typer.Option(help=_HELP["region"])] = None,
    params: Annotated[Path | None, typer.Option(help=_HELP["params"])] = None,
    settlements: Annotated[Path | None, typer.Option(help=_HELP["settlements"])] = None,
    existing: Annotated[list[Path] | None, typer.Option(help=_HELP["existing"])] = None,
    roads: Annotated[Path | None, typer.Option(help=_HELP["roads"])] = None,
    osm: Annotated[Path | None, typer.Option(help=_HELP["osm"])] = None,
    villages: Annotated[int | None, typer.Option(help=_HELP["villages"])] = None,
    people_share: Annotated[float | None, typer.Option(help=_HELP["share"])] = None,
    budget: Annotated[float | None, typer.Option(help=_HELP["budget"])] = None,
    budget_per_year: Annotated[float | None, typer.Option(help=_HELP["budget_year"])] = None,
    km_per_year: Annotated[float | None, typer.Option(help=_HELP["km_year"])] = None,
    years: Annotated[int, typer.Option(help="Years of construction.")] = 5,
    first_year: Annotated[int | None, typer.Option(help="First year of construction.")] = None,
    speed: Annotated[float, typer.Option(help="Download speed that counts (Mbit/s).")] = 100.0,
    latency: Annotated[float, typer.Option(help="Most latency that counts (ms).")] = 1000.0,
    railways: Annotated[
        bool, typer.Option("--railways", help="Let routes follow railways too.")
    ] = False,
    line_of_sight: Annotated[
        bool, typer.Option(help="Offer only radio links that the terrain leaves clear.")
    ] = True,
    terrain: Annotated[list[Path] | None, typer.Option(help=_HELP["terrain"])] = None,
    rings: Annotated[int, typer.Option(help="Worst cuts to close by a ring.")] = 10,
    curve_points: Annotated[int, typer.Option(help="Further points of the curve.")] = 7,
    draws: Annotated[int, typer.Option(help="Monte Carlo draws; 0 for none.")] = 400,
    sensitivity: Annotated[bool, typer.Option(help="Plan anew under changed parameters.")] = True,
    time_limit: Annotated[float, typer.Option(help="Seconds for the national tree.")] = 20.0,
    region_time: Annotated[
        float | None,
        typer.Option(help="Seconds for each region's tree, where the search begins; 0 for none."),
    ] = None,
    gap: Annotated[float, typer.Option(help="Proven gap that is good enough.")] = 0.001,
    max_rounds: Annotated[
        int | None, typer.Option(help="Rounds of each tree, for a run repeatable to the bit.")
    ] = None,
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
    """Plan which settlement gets fibre, radio or satellite, when, where and for how much.

    [bold]Examples[/]

        qamtu plan kz --out out/kz

        qamtu plan kz --region Kostanay --villages 200 --out out/kostanay

        qamtu plan kz --budget 500e9 --years 7 --params mine.toml --out out/mine

        qamtu plan kz --settlements mine.csv --existing fibre.gpkg --osm kz.osm.pbf --out out/real
    """
    request = PlanRequest(
        pack=pack,
        out=out,
        region=region,
        params=params,
        settlements=settlements,
        existing=tuple(existing or ()),
        roads=roads,
        osm=osm,
        villages=villages,
        people_share=people_share,
        budget=budget,
        budget_per_year=budget_per_year,
        capacity_km_per_year=km_per_year,
        years=years,
        first_year=first_year,
        speed_down_mbps=speed,
        latency_ms=latency,
        railways=railways,
        line_of_sight=line_of_sight,
        terrain=tuple(terrain or ()),
        rings=rings,
        curve_points=curve_points,
        draws=draws,
        sensitivity=sensitivity,
        time_limit_s=time_limit,
        region_time_limit_s=region_time,
        gap_limit=gap,
        max_rounds=max_rounds,
        seed=seed,
        scheduler=scheduler,
        workers=workers,
        overwrite=overwrite,
        strict=strict,
    )
    with reporting(f"planning {pack}") as report:
        result = make_plan(request, report)
    _show(result)


def _show(result: PlanResult) -> None:
    summary = result.summary
    totals = summary["totals"]
    OUT.print(_options_table(summary))
    OUT.print(
        f"Net present cost [bold]{_billions(totals['npv'])}[/] {summary['currency']} bn "
        f"(prices of {summary['price_year']}, {summary['discount_rate']:.0%} a year over "
        f"{summary['horizon_years']} years), of it capital {_billions(totals['capex'])} bn."
    )
    OUT.print(
        f"Proven: no plan costs less than {_billions(totals['bound'])} bn, so this one is within "
        f"[bold]{totals['gap']:.2%}[/] of the best possible "
        f"({totals['tree_gap']:.2%} of what the routes cost)."
    )
    for name, target in summary["targets"].items():
        if isinstance(target, dict) and target["target"] is not None:
            binds = "binds" if target["binding"] else "does not bind"
            asked, reached = (f"{target[key]:,.10g}" for key in ("target", "reached"))
            OUT.print(f"Target {name}: {asked}, reached {reached}; it {binds}.")
    if summary["targets"]["binding_cost"] > 0:
        found, most = (_billions(summary["targets"][f"binding_cost{end}"]) for end in ("", "_most"))
        OUT.print(
            f"The binding targets cost {found} bn over the least-cost plan found, and at most "
            f"{most} bn over any plan without them."
        )
    worth = [f for f in result.results.findings if f.severity is not Severity.INFO]
    if worth:
        show_findings(worth[:12], console=OUT)
        if len(worth) > 12:
            OUT.print(f"… and {len(worth) - 12:,} more in summary.json")
    OUT.print(f"Wrote [bold]{escape(str(result.folder))}[/]: report.html, plan.gpkg, summary.json")


def _options_table(summary: dict[str, Any]) -> Table:
    table = Table(title=summary["title"], title_justify="left")
    table.add_column("option")
    for column in ("settlements", "people", f"capital, bn {summary['currency']}", "a year, bn"):
        table.add_column(column, justify="right")
    for row in summary["by_option"]:
        table.add_row(
            row["option"],
            f"{row['settlements']:,}" if row["settlements"] else "",
            f"{row['people']:,}" if row["people"] else "",
            _billions(row["capex"]),
            _billions(row["opex_per_year"]),
        )
    return table


def _billions(amount: float) -> str:
    return f"{amount / 1e9:,.1f}"
