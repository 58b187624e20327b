"""Making records of the programme's tables: commitments, organisations, claims and bounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qamtu.programme.records import Claim, Commitment, Direction, Grade, Organisation
from qamtu.programme.standing import Ratio

__all__ = ["Programme", "from_tables"]

_LANGUAGES = ("en", "ru", "kk")


@dataclass(frozen=True, slots=True)
class Programme:
    """What a pack says of its programme."""

    commitments: tuple[Commitment, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    claims: tuple[Claim, ...] = ()
    ratios: tuple[Ratio, ...] = ()


def from_tables(
    commitments: pd.DataFrame, organisations: pd.DataFrame, claims: pd.DataFrame,
    ratios: pd.DataFrame | None = None, *, language: str = "en",
) -> Programme:  # fmt: skip
    """Make the records of a pack's tables (``from_tables(*read_programme(pack))``).

    Parameters
    ----------
    commitments, organisations, claims, ratios
        Tables that hold their contracts; they may be empty.
    language
        Of the words of a claim, English where it has none in that language.

    Returns
    -------
    programme
        The records; the first version of each, learned at midnight UTC of the day on which its
        row was written.
    """
    return Programme(
        tuple(_commitment(row) for row in _rows(commitments)),
        tuple(
            Organisation(row["organisation_id"], _texts(row, "name"), row["kind"], row["region_id"])
            for row in _rows(organisations)
        ),
        tuple(_claim(row, language) for row in _rows(claims)),
        tuple(_ratio(row) for row in _rows(ratios)) if ratios is not None else (),
    )


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as plain values, what is missing as None."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _commitment(row: dict[str, Any]) -> Commitment:
    return Commitment(
        **_recorded(row["commitment_id"], row["learned_on"]),
        area=row["area"],
        line=row["line"],
        kind=row["kind"],
        promise=_texts(row, "promise"),
        definition=_texts(row, "definition"),
        numerator=_texts(row, "numerator"),
        denominator=_texts(row, "denominator"),
        note=_texts(row, "note"),
        metric=row["metric"],
        unit=row["unit"],
        direction=Direction(row["direction"]),
        baseline=_number(row["baseline"]),
        baseline_on=_day(row["baseline_on"]),
        target=_number(row["target"]),
        target_text=row["target_text"] or "",
        due=_day(row["due"]),
        owner=row["owner"],
        scope=row["scope"],
        tolerance=float(row["tolerance"]),
        source=row["source"],
    )


def _claim(row: dict[str, Any], language: str) -> Claim:
    return Claim(
        **_recorded(row["claim_id"], row["learned_on"]),
        commitment=row["commitment_id"],
        value=_number(row["value"]),
        text=row.get(f"text_{language}") or row["text_en"],
        said_by=row["said_by"],
        said_on=dt.date.fromisoformat(row["said_on"]),
        true_on=dt.date.fromisoformat(row["true_on"]),
        scope=row["scope"],
        grade=Grade(row["grade"]),
        source=row["source"],
    )


def _ratio(row: dict[str, Any]) -> Ratio:
    return Ratio(
        id=row["ratio_id"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        low=float(row["low"]),
        high=float(row["high"]),
        name=_texts(row, "name"),
        source=row["source"],
    )


def _recorded(record: str, learned_on: str) -> dict[str, Any]:
    day = dt.date.fromisoformat(learned_on)
    return {
        "id": f"{record}@{day.isoformat()}",
        "record": record,
        "learned_at": dt.datetime.combine(day, dt.time(), dt.UTC),
    }


def _texts(row: dict[str, Any], name: str) -> dict[str, str]:
    """Give the texts that are there, by language."""
    return {code: str(row[f"{name}_{code}"]) for code in _LANGUAGES if row.get(f"{name}_{code}")}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
