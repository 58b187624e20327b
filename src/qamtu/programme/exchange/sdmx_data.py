"""A programme's values as an SDMX data set: SDMX-ML 2.1 and SDMX-CSV 2.0, written and read back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd
import sdmx
from sdmx.format.csv.v2 import FormatOptions
from sdmx.message import DataMessage
from sdmx.model import common, v21
from sdmx.reader.csv import Reader

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.exchange.bundle import Bundle, Read
from qamtu.programme.exchange.rows import Place, read_row
from qamtu.programme.exchange.safe_xml import parse_xml
from qamtu.programme.exchange.sdmx_structure import (
    ATTRIBUTES,
    Structure,
    code_of,
    make_header,
    make_structure,
    text_of_code,
)
from qamtu.programme.exchange.tabular import guard, unguard
from qamtu.programme.records import Claim, Commitment, Evidence, EvidenceState

__all__ = ["read_sdmx_csv", "read_sdmx_ml", "write_sdmx_csv", "write_sdmx_ml"]

_OWN: Final = ("BASELINE", "TARGET")
"""Series of the commitments themselves: for other readers, not read back."""


def write_sdmx_ml(
    bundle: Bundle, commitments: Sequence[Commitment], structure: Structure, made_at: dt.datetime
) -> bytes:
    """Write the values as a structure-specific data set.

    Parameters
    ----------
    bundle
        Claims and evidence with a value, as `carried` gives them.
    commitments
        Whose baselines and targets are written too.
    structure
        From `make_structure`.
    made_at
        Moment in the header.
    """
    message = DataMessage(
        header=make_header(made_at), data=[_data_set(bundle, commitments, structure)]
    )
    text: bytes = sdmx.to_xml(message, pretty_print=True)
    return text


def write_sdmx_csv(
    bundle: Bundle, commitments: Sequence[Commitment], structure: Structure
) -> bytes:
    """Write the values as SDMX-CSV 2.0; texts are guarded against formulas."""
    table: Any = sdmx.to_csv(
        _data_set(bundle, commitments, structure),
        rtype=pd.DataFrame,
        attributes="o",
        dtype=None,
        format_options=FormatOptions(),
    )
    for name in ATTRIBUTES:
        if name in table:
            table[name] = [guard(str(text)) for text in table[name].fillna("")]
    text = table.to_csv(index=False, lineterminator="\r\n")
    return str(text).encode("utf-8")


def read_sdmx_ml(content: bytes, file: str) -> Read:
    """Read a structure-specific data set of this structure."""
    findings: list[Finding] = []
    if parse_xml(content, file, findings) is None:
        return Read(Bundle(), Findings(tuple(findings)))
    try:
        message: Any = sdmx.read_sdmx(
            io.BytesIO(content), structure=make_structure(Bundle()).definition
        )
        observations = [one for data in message.data for one in data.obs]
    except Exception as error:  # noqa: BLE001  # the reader has no error of its own
        return _unreadable(file, error)
    return _records(observations, file, findings)


def read_sdmx_csv(content: bytes, file: str) -> Read:
    """Read SDMX-CSV 2.0 of this structure."""
    try:
        message = Reader().convert(
            io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")),
            structure=make_structure(Bundle()).dataflow,
        )
        observations = [one for data in message.data for one in data.obs]
    except Exception as error:  # noqa: BLE001  # the reader has no error of its own
        return _unreadable(file, error)
    return _records(observations, file, [], table=True)


def _data_set(
    bundle: Bundle, commitments: Sequence[Commitment], structure: Structure
) -> v21.StructureSpecificDataSet:
    definition = structure.definition
    data = v21.StructureSpecificDataSet(structured_by=definition, described_by=structure.dataflow)
    measure = definition.measures.components[0]
    attributes = {one.id: one for one in definition.attributes.components}
    observations = []
    for key, value, details in _observations(bundle, commitments):
        observations.append(
            v21.Observation(
                dimension=definition.make_key(common.Key, key),
                value=repr(value),
                value_for=measure,
                attached_attribute={
                    name: common.AttributeValue(value=text, value_for=attributes[name])
                    for name, text in details.items()
                    if text
                },
            )
        )
    data.add_obs(observations)
    return data


_Observation = tuple[dict[str, str], float, dict[str, str]]


def _observations(bundle: Bundle, commitments: Sequence[Commitment]) -> Iterator[_Observation]:
    for one in commitments:
        start = one.baseline_on or one.learned_at.date()
        for series, value, day in (
            ("BASELINE", one.baseline, start),
            ("TARGET", one.target, one.due or start),
        ):
            if value is not None:
                key = _key(one.record, one.scope, series, one.record, day)
                yield (
                    key,
                    value,
                    {
                        "VERSION_ID": " ".join(one.id.split()),
                        "UNIT_MEASURE": " ".join(one.unit.split()),
                    },
                )
    values: tuple[Claim | Evidence, ...] = (*bundle.claims, *bundle.evidence)
    for record in values:
        series = "CLAIM" if isinstance(record, Claim) else record.basis.value.upper()
        details = {
            "VERSION_ID": record.id,
            "LEARNED_AT": record.learned_at.isoformat(),
            "GRADE": record.grade.value,
            "TITLE": record.text if isinstance(record, Claim) else record.title,
            "SOURCE": record.source,
            "STATED_BY": record.said_by if isinstance(record, Claim) else record.filed_by,
        }
        if isinstance(record, Claim):
            details["SAID_ON"] = record.said_on.isoformat()
        else:
            details["UNIT_MEASURE"] = record.unit
            details["KIND"] = record.kind.value
            details["UNCERTAINTY"] = "" if record.uncertainty is None else repr(record.uncertainty)
        assert record.value is not None
        key = _key(record.commitment, record.scope, series, record.record, record.true_on)
        yield key, record.value, details


def _key(commitment: str, scope: str, series: str, record: str, day: dt.date) -> dict[str, str]:
    return {
        "COMMITMENT": code_of(commitment),
        "REF_AREA": code_of(scope),
        "SERIES": series,
        "RECORD": code_of(record),
        "TIME_PERIOD": day.isoformat(),
    }


def _records(
    observations: Sequence[Any], file: str, findings: list[Finding], *, table: bool = False
) -> Read:
    """Make records of observations; a table has a header and guarded texts."""
    found: dict[str, list[Any]] = {"claims": [], "evidence": []}
    own = 0
    for number, observation in enumerate(observations, start=2 if table else 1):
        cells = {one.id: str(one.value) for one in _cells_of(observation.key)}
        cells |= {
            name: unguard(str(one.value)) if table else str(one.value)
            for name, one in observation.attached_attribute.items()
            if one.value is not None
        }
        place = Place(file, number)
        series = cells.get("SERIES", "")
        if series in _OWN:
            own += 1
            continue
        kind = "claims" if series == "CLAIM" else "evidence"
        row = _row(cells, observation.value, place, findings)
        record = None if row is None else read_row(kind, row, place, findings)
        if record is not None:
            found[kind].append(record)
    if own:
        findings.append(
            Finding(
                "exchange-sdmx-own",
                Severity.INFO,
                f"{own} baselines and targets belong to commitments, which SDMX does not carry",
                "give the commitments as CSV, Parquet or IATI",
                file=file,
            )
        )
    bundle = Bundle(claims=tuple(found["claims"]), evidence=tuple(found["evidence"]))
    return Read(bundle, Findings(tuple(findings)))


def _cells_of(key: Any) -> list[Any]:
    return list(key.values.values())  # noqa: PD011  # no table


def _row(
    cells: dict[str, str], value: Any, place: Place, findings: list[Finding]
) -> dict[str, Any] | None:
    """Name the cells as the contract does."""
    try:
        codes = {
            name: text_of_code(cells.get(name, "")) for name in ("COMMITMENT", "REF_AREA", "RECORD")
        }
    except ValueError:
        findings.append(
            Finding(
                "exchange-sdmx-code",
                Severity.ERROR,
                "a code of the key cannot be read",
                "write other signs than letters, digits, _ and - as $ and their UTF-8 bytes",
                file=place.file,
                row=place.row,
            )
        )
        return None
    words = cells.get("TITLE", "")
    by = cells.get("STATED_BY", "")
    return {
        "id": cells.get("VERSION_ID", ""),
        "record": codes["RECORD"],
        "learned_at": cells.get("LEARNED_AT", ""),
        "commitment": codes["COMMITMENT"],
        "scope": codes["REF_AREA"],
        "value": value,
        "true_on": cells.get("TIME_PERIOD", ""),
        "said_on": cells.get("SAID_ON", ""),
        "kind": cells.get("KIND", ""),
        "basis": cells.get("SERIES", "").lower(),
        "grade": cells.get("GRADE", ""),
        "state": EvidenceState.ACCEPTED.value,
        "unit": cells.get("UNIT_MEASURE", ""),
        "title": words,
        "text": words,
        "source": cells.get("SOURCE", ""),
        "filed_by": by,
        "said_by": by,
        "uncertainty": cells.get("UNCERTAINTY", ""),
    }


def _unreadable(file: str, error: Exception) -> Read:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    finding = Finding(
        "exchange-sdmx-unreadable",
        Severity.ERROR,
        f"it is no data set of this structure: {reason}",
        "compare it with structure.xml of an export",
        file=file,
    )
    return Read(Bundle(), Findings((finding,)))
