"""`qamtu programme`: the board of commitments, and what contradicts itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, show_findings
from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.files import refuse_existing, write_text
from qamtu.core.findings import Finding, Severity
from qamtu.country import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.board import Board, BoardLine, Light, assemble, assemble_regions
from qamtu.programme.exchange import Bundle, read_files
from qamtu.programme.exchange.tabular import guard
from qamtu.programme.load import Programme, from_tables
from qamtu.programme.quantity import Quantity
from qamtu.programme.texts import contradiction_message, plain, reason_message, render, rule_name

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="The programme: every commitment, what is shown, what is lacking."
)

_COLOURS: Final = {
    Light.GREEN: "green", Light.AMBER: "yellow", Light.RED: "red", Light.GREY: "bright_black",
}  # fmt: skip
_SEVERITIES: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_DAY: Final = "%Y-%m-%d"
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S"

_Pack = Annotated[str, typer.Argument(help="Code or folder of a pack.")]
_AsOf = Annotated[
    dt.datetime | None,
    typer.Option("--as-of", formats=[_DAY], help="Day the board speaks of; today by default."),
]
_KnownAt = Annotated[
    dt.datetime | None,
    typer.Option(
        "--known-at", formats=[_DAY, _MOMENT],
        help="What was known then (UTC; a day means its end); now by default.",
    ),
]  # fmt: skip
_Records = Annotated[
    Path | None,
    typer.Option(
        "--records",
        help="File or folder of records (CSV, Parquet, IATI, SDMX) to add: evidence, for example.",
    ),
]
_Region = Annotated[
    str | None, typer.Option("--region", help="Id of a region: what is known there.")
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What both verbs are asked."""

    pack: str
    as_of: dt.datetime | None
    known_at: dt.datetime | None
    records: Path | None
    region: str | None


@app.command("board")
def board(
    pack: _Pack,
    as_of: _AsOf = None,
    known_at: _KnownAt = None,
    records: _Records = None,
    region: _Region = None,
    out: Annotated[
        Path | None, typer.Option("--csv", help="Write the board to this CSV file too.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the CSV file.")] = False,
) -> None:
    """Show every commitment: light, value, grade, target, gap and contradictions.

    A value in brackets was said and is shown by nothing; ~ marks an estimate. Plans never count
    as kept.

    [bold]Examples[/]

        qamtu programme board kz

        qamtu programme board kz --as-of 2026-12-31 --csv board.csv

        qamtu programme board kz --records export/ --region KAZ001
    """
    if out is not None:
        refuse_existing(out, overwrite=overwrite)
    made, programme = _assembled(_Asked(pack, as_of, known_at, records, region))
    names = {o.id: o.name.get("en", o.id) for o in programme.organisations}
    OUT.print(_table(made, names))
    counts = Counter(line.light for line in made.lines)
    OUT.print(
        ", ".join(f"{counts[light]} {light.value}" for light in Light)
        + f"; {len(made.contradictions)} contradictions; as of {made.true_on}, "
        f"known at {made.known_at:%Y-%m-%d %H:%M} UTC"
    )
    if out is not None:
        write_text(out, _csv(made.lines))
        OUT.print(f"Wrote [bold]{escape(str(out))}[/]")


@app.command("check")
def check(
    pack: _Pack,
    as_of: _AsOf = None,
    known_at: _KnownAt = None,
    records: _Records = None,
    region: _Region = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
) -> None:
    """Tell every contradiction: values that differ, parts that do not add up, impossible ratios.

    Ends with 2 where something cannot be.

    [bold]Examples[/]

        qamtu programme check kz

        qamtu programme check kz --records export/ --strict
    """
    made, _ = _assembled(_Asked(pack, as_of, known_at, records, region))
    table = Table(box=None, pad_edge=False)
    for column in ("", "commitments", "rule", "what"):
        table.add_column(column, overflow="fold")
    for found in made.contradictions:
        table.add_row(
            f"[{_SEVERITIES[found.severity]}]{found.severity.value}[/]",
            escape(", ".join(found.commitments)),
            f"{rule_name(found)} [dim]\\[{found.rule}][/]",
            escape(render(contradiction_message(found), show=plain)),
        )
    if made.contradictions:
        OUT.print(table)
    counts = Counter(found.severity for found in made.contradictions)
    OUT.print(", ".join(f"{counts[s]} {s.value}" for s in (Severity.ERROR, Severity.WARNING)))
    if counts[Severity.ERROR] or (strict and counts[Severity.WARNING]):
        raise typer.Exit(2)


def _assembled(asked: _Asked) -> tuple[Board, Programme]:
    """Read pack and records, and assemble the board that is asked for."""
    programme = from_tables(*read_programme(load_pack(asked.pack)))
    more = Bundle() if asked.records is None else _read(asked.records)
    commitments = (*programme.commitments, *more.commitments)
    if not commitments:
        raise MissingInput(f"the pack {asked.pack!r} has no commitments, and no records give any")
    known = {o.id: o for o in (*programme.organisations, *more.organisations)}
    given: dict[str, Any] = {
        "true_on": (asked.as_of or dt.datetime.now(dt.UTC)).date(),
        "known_at": _moment(asked.known_at),
        "organisations": tuple(known.values()),
        "ratios": programme.ratios,
    }
    claims = (*programme.claims, *more.claims)
    if asked.region is None:
        return assemble(commitments, claims, more.evidence, **given), programme
    boards = assemble_regions(commitments, claims, more.evidence, **given)
    if f"region:{asked.region}" not in boards:
        known_regions = ", ".join(scope.partition(":")[2] for scope in boards) or "none"
        raise InputError(f"there is no region {asked.region!r}; the regions are {known_regions}")
    return boards[f"region:{asked.region}"], programme


def _moment(given: dt.datetime | None) -> dt.datetime:
    """Give the moment in UTC; a day alone means its end."""
    if given is None:
        return dt.datetime.now(dt.UTC)
    if given.time() == dt.time():
        given = dt.datetime.combine(given.date(), dt.time.max)
    return given.replace(tzinfo=dt.UTC)


def _read(path: Path) -> Bundle:
    if not path.exists():
        finding = Finding("file-missing", Severity.ERROR, "the file is not there", "mend the path",
                          str(path))  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    paths = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.is_file())
    read = read_files({p.name: p.read_bytes() for p in paths})
    raise_errors(read.findings, f"the records of {path} cannot be used")
    if read.findings:
        show_findings(read.findings)
    return read.bundle


def _table(made: Board, names: dict[str, str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("", "commitment", "value", "grade", "target", "gap", "due", "owner", "why"):
        table.add_column(column, overflow="fold")
    for line in made.lines:
        commitment = line.commitment
        colour = _COLOURS[line.light]
        wrong = [found.rule for found in line.contradictions]
        why = escape(render(reason_message(line.light_reason), show=plain))
        marks = f" [red]! {escape(', '.join(dict.fromkeys(wrong)))}[/]" if wrong else ""
        table.add_row(
            f"[{colour}]● {line.light.value}[/]",
            escape(commitment.record),
            escape(_value(line)),
            line.grade.value if line.grade else "",
            escape(_quantity(commitment.target, commitment.unit) or commitment.target_text),
            escape(_quantity(line.gap, line.gap_unit)),
            "" if commitment.due is None else commitment.due.isoformat(),
            escape(names.get(commitment.owner, commitment.owner)),
            why + marks,
        )
    return table


def _value(line: BoardLine) -> str:
    """Write the value of a line: in brackets where it was only said, with ~ where estimated."""
    text = _quantity(line.value, line.commitment.unit)
    if not text:
        return ""
    if line.best is None:
        return f"({text})"
    return f"~ {text}" if line.estimated else text


def _quantity(value: float | None, unit: str) -> str:
    return "" if value is None else plain(Quantity(value, unit))


def _csv(lines: Sequence[BoardLine]) -> str:
    rows = [_row(line) for line in lines]
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()


def _row(line: BoardLine) -> dict[str, Any]:
    commitment, course = line.commitment, line.trajectory
    row = {
        "commitment": commitment.record, "area": commitment.area, "line": commitment.line,
        "kind": commitment.kind, "promise": commitment.promise.get("en", ""),
        "owner": commitment.owner, "scope": commitment.scope, "metric": commitment.metric,
        "unit": commitment.unit, "target": commitment.target, "due": commitment.due,
        "reported": None if line.reported is None else line.reported.value,
        "value": line.value, "value_on": line.value_on, "basis": line.value_basis,
        "grade": line.grade, "estimated": str(line.estimated).lower(),
        "kept_share": line.kept_share, "gap": line.gap, "light": line.light.value,
        "reason": render(reason_message(line.light_reason), show=plain),
        "forecast_on_due": course.forecast_on_due,
        "forecast_low": None if course.band is None else course.band.low,
        "forecast_high": None if course.band is None else course.band.high,
        "contradictions": " ".join(found.id for found in line.contradictions),
        "evidence": "" if line.best is None else line.best.record,
    }  # fmt: skip
    return {name: guard(value) if isinstance(value, str) else value for name, value in row.items()}
