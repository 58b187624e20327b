"""Building the programme's tables of a pack: the promises as obtained, and what was added."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.tables import contract_of, table_kind

__all__ = ["PROGRAMME_FOLDER", "build_programme"]

PROGRAMME_FOLDER: Final = "programme"
_SETTINGS: Final = "commitments.toml"
_RAW: Final = (
    "id", "area", "line", "kind", "promise", "metric", "unit", "reported", "target", "due",
    "owner", "note",
)  # fmt: skip
_CLAIMS: Final = (
    "commitment_id", "value", "text_en", "text_ru", "text_kk", "said_by", "true_on", "grade",
)  # fmt: skip
_TEXTS: Final = ("promise", "definition", "numerator", "denominator", "note")
_FREE: Final = ("direction", "baseline", "baseline_on", "tolerance", "scope")


def build_programme(
    folder: Path, catalogue: SourceCatalogue
) -> tuple[dict[str, pd.DataFrame], Findings]:
    """Build the programme's tables from ``programme/`` of a builder's folder.

    Ids, numbers, English promises and English notes are those of the promises as obtained (a
    source of the catalogue that ``commitments.toml`` names); the other texts, the owners' ids,
    the organisations, the words of the claims and the bounds of ratios are added here.

    Parameters
    ----------
    folder
        Builder's folder (``packs/kz``).
    catalogue
        Its sources.

    Returns
    -------
    tables
        ``commitments``, ``organisations``, ``claims`` and ``ratios`` by contract; none where
        the folder has no ``programme/commitments.toml``.
    findings
        Promises nothing was added to, claims without words, what breaks a contract. Names that
        are unknown and days that are none the rules of the pack find (`check_tables`).

    Raises
    ------
    MissingInput
        If the source is not there.
    InputError
        If a file cannot be read or has other columns.
    """
    path = folder / PROGRAMME_FOLDER / _SETTINGS
    if not path.is_file():
        return {}, Findings()
    head, added = _settings(path)
    raw = _read(catalogue.path(str(head["file"])), _RAW)
    listed = _read(folder / PROGRAMME_FOLDER / "claims.csv", _CLAIMS)
    found = _unmatched(raw, added, listed, head["owners"])
    made = {
        "commitments": [_commitment(row, added.get(row["id"], {}), head) for row in _rows(raw)],
        "claims": _claims(raw, listed, head),
    }
    tables = {name: pd.DataFrame(rows) for name, rows in made.items()}
    for name in ("organisations", "ratios"):
        fields = tuple(contract_of(name))
        tables[name] = _read(folder / PROGRAMME_FOLDER / f"{name}.csv", fields)
    for name, table in tables.items():
        contract = contract_of(name)
        read, more = contract.validate(table, table_kind(name).shape, name)
        tables[name] = read[list(contract)]
        found += more
    return tables, Findings(tuple(found))


def _settings(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        head = read["programme"]
        lacking = [
            key for key in ("file", "learned_on", "source", "said_on", "said_source", "owners")
            if key not in head
        ]  # fmt: skip
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file: {error}") from error
    except KeyError as error:
        raise InputError(f"{path} lacks the table {error.args[0]!r}") from error
    if lacking:
        raise InputError(f"{path}: programme lacks {', '.join(lacking)}")
    return head, read.get("commitments", {})


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV as text, with exactly these columns; what is empty is an empty text."""
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} cannot be read as CSV: {error}") from error
    if tuple(table.columns) != columns:
        raise InputError(f"{path}: the columns must be {', '.join(columns)}")
    return table


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in row.items()} for row in table.to_dict("records")]


def _commitment(
    row: Mapping[str, str], added: Mapping[str, Any], head: Mapping[str, Any]
) -> dict[str, Any]:
    texts = {
        f"{name}_{language}": added.get(name, {}).get(language, "")
        for name in _TEXTS
        for language in ("en", "ru", "kk")
    }
    target = _number(row["target"])
    return {
        "commitment_id": row["id"],
        **{name: row[name] for name in ("area", "line", "kind", "metric", "unit", "due")},
        **texts,
        "promise_en": row["promise"],
        "note_en": row["note"],
        **{name: added[name] for name in _FREE if name in added},
        "target": target,
        "target_text": row["target"] if target is None else "",
        "owner": head["owners"].get(row["owner"], row["owner"]),
        "source": head["source"],
        "learned_on": head["learned_on"],
        "verify": "true",
    }


def _claims(
    raw: pd.DataFrame, listed: pd.DataFrame, head: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Join the reported numbers with their words, in the order of the commitments."""
    words = {row["commitment_id"]: row for row in _rows(listed)}
    made = []
    for row in _rows(raw):
        claim = words.get(row["id"])
        if claim is None:
            continue
        reported = _number(row["reported"])
        made.append(
            {
                "claim_id": f"{row['id']}:{head['said_on']}",
                **claim,
                "value": claim["value"] if reported is None else reported,
                "said_on": head["said_on"],
                "true_on": claim["true_on"] or head["said_on"],
                "source": head["said_source"],
                "learned_on": head["learned_on"],
                "verify": "true",
            }
        )
    return made


def _unmatched(
    raw: pd.DataFrame, added: Mapping[str, Any], listed: pd.DataFrame, owners: Mapping[str, str]
) -> list[Finding]:
    """Find what one file has and the other lacks."""
    found = []
    claimed = {row["commitment_id"]: row for row in _rows(listed)}
    for i, row in enumerate(_rows(raw)):
        if row["id"] not in added:
            found.append(_finding(row["id"], "has no texts", "add its block", i))
        if row["owner"] not in owners:
            found.append(_finding(row["id"], f"has the unknown owner {row['owner']!r}",
                                  "add it to programme.owners", i))  # fmt: skip
        if row["reported"] and row["id"] not in claimed:
            found.append(_finding(row["id"], "has a reported value without words",
                                  "add its row to claims.csv", i))  # fmt: skip
        given = _number(claimed.get(row["id"], {}).get("value", ""))
        reported = _number(row["reported"])
        if given is not None and reported is not None and given != reported:
            found.append(_finding(row["id"], f"is reported as {reported:g}, not {given:g}",
                                  "leave the value in claims.csv empty", i))  # fmt: skip
    known = set(raw["id"])
    found += [
        _finding(name, "is no commitment", "mend the name, or take it out", None)
        for name in dict.fromkeys((*added, *claimed))
        if name not in known
    ]
    return found


def _finding(name: str, what: str, mend: str, row: int | None) -> Finding:
    return Finding(
        "programme-unmatched", Severity.ERROR, f"{name!r} {what}", mend,
        f"{PROGRAMME_FOLDER}/{_SETTINGS}", None if row is None else row + 2, "id",
    )  # fmt: skip


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
