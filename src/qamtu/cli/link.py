"""`qamtu link`: one radio link between two points."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.findings import Finding, Severity
from qamtu.studies.link import LinkRequest, LinkResult, make_link

__all__ = ["link"]

_END = "latitude,longitude in degrees, or the id or name of a settlement, or of a site (--sites)."
_HELP = {
    "a": f"One end: {_END}",
    "b": f"The other end: {_END}",
    "out": "Folder to make; it appears whole or not at all.",
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "height": "Antenna above ground (m); that of the sites file, else 30.",
    "frequency": "Frequency (GHz).",
    "model": "Whose loss stands at the head: auto, free, p526, p1812, itm or microwave. All that "
    "can be computed are in the table.",
    "bandwidth": "Channel of the microwave radio (MHz); the usual one of the band by default.",
    "dish": "Diameter of the dish (m); the usual one of the band by default.",
    "power": "Transmitter power at QPSK (dBm); the usual one of the band by default.",
    "availability": "Share of the year that the capacity has to be there.",
    "time": "Share of time in which the loss is not exceeded (%), for P.1812 and ITM.",
    "locations": "Share of locations in which it is not exceeded (%), for P.1812 and ITM.",
    "k": "Median effective Earth radius factor.",
    "fresnel": "Share of the first Fresnel radius that must be free with it.",
    "low": "Share that must be free in the worst month.",
    "step": "Most distance between points of the profile (m); the terrain's cell by default.",
    "terrain": "Your heights (GeoTIFF or a folder of them). May be repeated.",
    "cover": "Your land cover (GeoTIFF).",
    "table": "CSV that says what the codes of your land cover stand for.",
    "buildings": "Your building footprints with heights.",
    "sites": "Your sites (CSV, GeoPackage, Parquet), of which A and B may be ids or names.",
    "params": "TOML file with parameters of the equipment in place of the own ones.",
    "lang": "Language of picture and page: en, ru or kk.",
}


def link(
    a: Annotated[str, typer.Argument(help=_HELP["a"])],
    b: Annotated[str, typer.Argument(help=_HELP["b"])],
    out: Annotated[Path, typer.Option("--out", "-o", help=_HELP["out"])],
    pack: Annotated[str, typer.Option(help=_HELP["pack"])] = "kz",
    height_a: Annotated[float | None, typer.Option(help=_HELP["height"])] = None,
    height_b: Annotated[float | None, typer.Option(help=_HELP["height"])] = None,
    frequency: Annotated[float, typer.Option("--frequency-ghz", help=_HELP["frequency"])] = 7.5,
    model: Annotated[str, typer.Option(help=_HELP["model"])] = "auto",
    bandwidth: Annotated[float | None, typer.Option(help=_HELP["bandwidth"])] = None,
    dish_a: Annotated[float | None, typer.Option(help=_HELP["dish"])] = None,
    dish_b: Annotated[float | None, typer.Option(help=_HELP["dish"])] = None,
    tx_power: Annotated[float | None, typer.Option(help=_HELP["power"])] = None,
    availability: Annotated[float, typer.Option(help=_HELP["availability"])] = 0.9999,
    time: Annotated[float, typer.Option(help=_HELP["time"])] = 50.0,
    locations: Annotated[float, typer.Option(help=_HELP["locations"])] = 50.0,
    k: Annotated[float, typer.Option(help=_HELP["k"])] = 4.0 / 3.0,
    fresnel: Annotated[float, typer.Option(help=_HELP["fresnel"])] = 1.0,
    fresnel_low: Annotated[float, typer.Option(help=_HELP["low"])] = 0.6,
    step: Annotated[float | None, typer.Option(help=_HELP["step"])] = None,
    terrain: Annotated[list[Path] | None, typer.Option(help=_HELP["terrain"])] = None,
    land_cover: Annotated[Path | None, typer.Option(help=_HELP["cover"])] = None,
    clutter_table: Annotated[Path | None, typer.Option(help=_HELP["table"])] = None,
    buildings: Annotated[Path | None, typer.Option(help=_HELP["buildings"])] = None,
    sites: Annotated[Path | None, typer.Option(help=_HELP["sites"])] = None,
    params: Annotated[Path | None, typer.Option(help=_HELP["params"])] = None,
    lang: Annotated[str, typer.Option(help=_HELP["lang"])] = "en",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder if it has something in it.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at warnings too.")] = False,
) -> None:
    """Draw the profile of a radio link and compute its clearance, losses and capacity.

    [bold]Examples[/]

        qamtu link 43.35,77.02 43.23,76.94 --out out/link

        qamtu link Талгар Есик --height-a 40 --frequency-ghz 18 --lang kk --out out/link

        qamtu link 51.1,71.4 51.3,71.9 --frequency-ghz 0.8 --model p1812 --time 10 --out out/link

        qamtu link S-001 S-014 --sites sites.csv --terrain dem/ --out out/link
    """
    request = LinkRequest(
        a=a,
        b=b,
        out=out,
        pack=pack,
        height_a_m=height_a,
        height_b_m=height_b,
        frequency_ghz=frequency,
        model=model,
        bandwidth_mhz=bandwidth,
        dish_a_m=dish_a,
        dish_b_m=dish_b,
        tx_power_dbm=tx_power,
        availability=availability,
        time_percent=time,
        location_percent=locations,
        k_factor=k,
        share_median=fresnel,
        share_low=fresnel_low,
        step_m=step,
        heights=tuple(terrain or ()),
        land_cover=land_cover,
        clutter_table=clutter_table,
        buildings=buildings,
        sites=sites,
        params=params,
        language=lang,
        overwrite=overwrite,
        strict=strict,
    )
    with reporting(f"link {a} – {b}", kept=False) as report:
        result = make_link(request, report)
    _show(result)


def _show(result: LinkResult) -> None:
    summary = result.summary
    held, totals = summary["clearance"], summary["totals"]
    OUT.print(_losses_table(summary))
    state = {True: "[green]clear[/]", False: "[red]not clear[/]", None: "[yellow]not known[/]"}
    OUT.print(
        f"{escape(summary['title'])}: {totals['length_m'] / 1000:,.2f} km at "
        f"{summary['settings']['frequency_ghz']:g} GHz, {state[totals['clear']]}."
    )
    if held["clear"] is not None:
        OUT.print(
            f"Least clearance {held['ratio_median']:.2f} of the first Fresnel radius at "
            f"{held['worst_m'] / 1000:.1f} km (k = {held['k_median']:.2f}), "
            f"{held['ratio_low']:.2f} in the worst month (k = {held['k_low']:.2f})."
        )
    if held["clear"] is False:
        masts = f"masts of {held['masts_m']:g} m do" if held["masts_m"] else "no mast of the list"
        OUT.print(f"Both antennas would need {held['need_m']:.0f} m more: {masts}.")
    if summary["microwave"] is not None:
        budget = summary["microwave"]
        OUT.print(
            f"Capacity at {budget['availability']:.4%} of the year: "
            f"[bold]{budget['capacity_mbps']:,.0f}[/] Mbit/s ({budget['modulation'] or 'none'})."
        )
    worth = [
        Finding(**{n: f[n] for n in ("id", "what", "mend", "file", "row", "field")},
                severity=Severity(f["severity"]))
        for f in summary["findings"]
        if f["severity"] != Severity.INFO.value
    ]  # fmt: skip
    if worth:
        show_findings(worth, console=OUT)
    OUT.print(f"Wrote [bold]{escape(str(result.folder))}[/]: link.html, link.svg, link.json")


def _losses_table(summary: dict[str, Any]) -> Table:
    table = Table(title=summary["title"], title_justify="left")
    table.add_column("model")
    for column in ("loss, dB", "over free space, dB"):
        table.add_column(column, justify="right")
    for row in summary["losses"]:
        if row["loss_db"] is None:
            table.add_row(row["edition"], "not computed", escape(row["why"]))
        else:
            table.add_row(row["edition"], f"{row['loss_db']:.1f}", f"{row['excess_db']:.1f}")
    return table
