"""What each format carries of a bundle, as a bundle; what it cannot carry is a finding.

Reading what was written gives exactly `carried`. CSV and Parquet carry every version of every
record. IATI and SDMX are statements to the outside: they carry the newest version of what is
accepted. SDMX carries values only: what has none, and the commitments' own texts, stay behind.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.exchange.bundle import Bundle, Read
from qamtu.programme.exchange.safe_xml import REPLACEMENT, clean_text
from qamtu.programme.records import EvidenceState

__all__ = ["Format", "carried"]

_T = TypeVar("_T")


class Format(StrEnum):
    """The formats of exchange."""

    CSV = "csv"
    PARQUET = "parquet"
    IATI = "iati"
    SDMX_CSV = "sdmx-csv"
    SDMX_ML = "sdmx-ml"


_TABLES: Final = frozenset({Format.CSV, Format.PARQUET})
_SDMX: Final = frozenset({Format.SDMX_CSV, Format.SDMX_ML})


def carried(bundle: Bundle, form: Format) -> Read:
    """Give what a format carries of a bundle, and findings about what it leaves behind."""
    if form in _TABLES:
        return Read(bundle, Findings())
    kept = bundle.current()
    findings: list[Finding] = []
    _say(findings, "versions", _versions(bundle) - _versions(kept), form)
    accepted = tuple(one for one in kept.evidence if one.state is EvidenceState.ACCEPTED)
    _say(findings, "not-accepted", len(kept.evidence) - len(accepted), form)
    _say(findings, "comments", len(kept.comments), form)
    kept = replace(kept, evidence=accepted, comments=())
    if form in _SDMX:
        kept = _values_only(kept, findings, form)
    else:
        kept = _with_commitment(kept, findings, form)
    cleaned: Bundle = _cleaned(kept, one_line=form in _SDMX)
    if cleaned != kept:
        _say(findings, "characters", 1, form)
    return Read(cleaned, Findings(tuple(findings)))


def _with_commitment(bundle: Bundle, findings: list[Finding], form: Format) -> Bundle:
    """IATI hangs every value on an indicator: one whose commitment is not there has no place."""
    known = {one.record for one in bundle.commitments}
    claims = tuple(one for one in bundle.claims if one.commitment in known)
    evidence = tuple(one for one in bundle.evidence if one.commitment in known)
    lost = len(bundle.claims) + len(bundle.evidence) - len(claims) - len(evidence)
    _say(findings, "no-commitment", lost, form)
    return replace(bundle, claims=claims, evidence=evidence)


def _values_only(bundle: Bundle, findings: list[Finding], form: Format) -> Bundle:
    claims = tuple(one for one in bundle.claims if one.value is not None)
    evidence = tuple(one for one in bundle.evidence if one.value is not None)
    lost = len(bundle.claims) + len(bundle.evidence) - len(claims) - len(evidence)
    _say(findings, "no-value", lost, form)
    _say(findings, "texts", len(bundle.commitments), form)
    _say(findings, "organisations", len(bundle.organisations), form)
    detail = sum(bool(one.parameters or one.files or one.provenance) for one in evidence)
    _say(findings, "provenance", detail, form)
    bare = tuple(replace(one, parameters={}, files={}, provenance=()) for one in evidence)
    return Bundle(claims=claims, evidence=bare)


_LOST: Final[dict[str, tuple[str, str]]] = {
    "versions": ("earlier or withdrawn versions", "CSV and Parquet carry every version"),
    "not-accepted": ("pieces of evidence not accepted", "CSV and Parquet carry them"),
    "comments": ("comments", "CSV and Parquet carry them"),
    "no-commitment": ("records without their commitment", "export the commitment with them"),
    "no-value": ("records without a value", "CSV, Parquet and IATI carry them"),
    "texts": (
        "commitments: only names and definitions, as a code list, are carried",
        "CSV, Parquet and IATI carry them whole",
    ),
    "organisations": ("organisations", "CSV, Parquet and IATI carry them"),
    "provenance": (
        "pieces of evidence without parameters, files and provenance",
        "CSV, Parquet and IATI carry them",
    ),
    "characters": (
        "or more texts with characters the format has no place for; they are replaced",
        "CSV and Parquet carry every character",
    ),
}


def _say(findings: list[Finding], what: str, count: int, form: Format) -> None:
    if count:
        text, mend = _LOST[what]
        findings.append(
            Finding(
                "exchange-not-carried", Severity.INFO, f"{form} leaves behind: {count} {text}", mend
            )
        )


def _versions(bundle: Bundle) -> int:
    kinds = (bundle.commitments, bundle.claims, bundle.evidence, bundle.comments)
    return sum(map(len, kinds))


def _cleaned(value: _T, *, one_line: bool) -> _T:
    """Put every text of a record into the characters of XML, for SDMX also into one line."""
    made: Any = value
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        made = clean_text(value)
        if one_line:
            made = " ".join(made.split()) or (REPLACEMENT if made else "")
    elif isinstance(value, tuple):
        made = tuple(_cleaned(one, one_line=one_line) for one in value)
    elif isinstance(value, dict):
        made = {
            _cleaned(name, one_line=one_line): _cleaned(one, one_line=one_line)
            for name, one in value.items()
        }
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(
            value,
            **{
                field.name: _cleaned(getattr(value, field.name), one_line=one_line)
                for field in fields(value)
            },
        )
    result: _T = made
    return result
