"""`qamtu verify`: says whether a published figure is what the log says it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from qamtu.cli.console import OUT, show_findings
from qamtu.core.errors import MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.log import read_public_key
from qamtu.programme.log.figure import shown_text
from qamtu.programme.log.figure import verify as verify_figure
from qamtu.programme.log.stamps import read_certificates

__all__ = ["verify"]

_HELP = {
    "figure": "FIGURE.json, as the service gives it.",
    "key": "Public key of the log that you trust (PEM or hexadecimal), from elsewhere than the "
    "figure. May be repeated: the key may have changed.",
    "tsa": "Certificate of a time-stamp authority that you trust (PEM). May be repeated.",
    "document": "A document that the evidence should rest on. May be repeated.",
    "strict": "Stop at warnings too.",
}


def verify(
    figure: Annotated[Path, typer.Argument(help=_HELP["figure"])],
    key: Annotated[list[Path] | None, typer.Option(help=_HELP["key"])] = None,
    tsa: Annotated[list[Path] | None, typer.Option(help=_HELP["tsa"])] = None,
    document: Annotated[list[Path] | None, typer.Option(help=_HELP["document"])] = None,
    strict: Annotated[bool, typer.Option("--strict", help=_HELP["strict"])] = False,
) -> None:
    """Prove that a figure, its evidence and its parameters are in a signed head; needs no network.

    Leaves with exit code 2 and names what was changed where they are not.

    [bold]Examples[/]

        qamtu verify FIGURE.json --key head.pub

        qamtu verify FIGURE.json --key head.pub --tsa authority.pem --document report.pdf
    """
    keys = [read_public_key(_text(path)) for path in key or ()]
    authorities = [one for path in tsa or () for one in read_certificates(_text(path))]
    findings = verify_figure(figure, keys, authorities)
    if not findings.errors:
        content = json.loads(figure.read_text(encoding="utf-8"))
        findings += _documents(content, document or [])
    if strict or findings.errors:
        raise_errors(findings, f"{figure.name} is not proved", strict=strict)
    if findings:
        show_findings(findings)
    _show(content, trusted=bool(keys))


def _show(figure: Mapping[str, Any], *, trusted: bool) -> None:
    evidence, head = figure["evidence"], figure["head"]
    proved = "[green]proved[/]" if trusted else "[yellow]agrees with itself[/]"
    OUT.print(f"{proved}: [bold]{escape(shown_text(figure))}[/]")
    OUT.print(
        escape(
            f"commitment {figure['commitment']['content']['record']}, evidence "
            f"{evidence['content']['record']} (grade {evidence['content']['grade']}), entry "
            f"{evidence['index']} of {head['size']} of the log, head signed {head['at']} by the "
            f"key {head['key']}"
        )
    )


def _documents(figure: Mapping[str, Any], paths: list[Path]) -> Findings:
    """Hold documents against the hashes in the evidence."""
    files = figure["evidence"]["content"].get("files")
    known = set(files.values()) if isinstance(files, dict) else set()
    return Findings(
        tuple(
            Finding(
                "figure-document",
                Severity.ERROR,
                f"{path.name} is none of the documents that the evidence rests on",
                "get the document from the service, and compare it with the one here",
                file=path.name,
            )
            for path in paths
            if hashlib.sha256(_bytes(path)).hexdigest() not in known
        )
    )


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", "replace")


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise MissingInput(f"{path} is not there")
    return path.read_bytes()
