"""Reading IATI activities: own records whole, results of others as commitments with evidence.

An indicator that another program wrote becomes a commitment, its targets the target, its actual
values evidence of grade C, the owner's own statement, filed and not yet accepted: a person decides.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.exchange.bundle import KINDS, Bundle, Read
from qamtu.programme.exchange.iati_write import NAMESPACE, PERCENT
from qamtu.programme.exchange.rows import Place, read_row
from qamtu.programme.exchange.safe_xml import parse_xml
from qamtu.programme.records import (
    Basis,
    Commitment,
    Direction,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
)

__all__ = ["read_iati"]

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_UNKNOWN_AREA: Final = "programme"


def read_iati(content: bytes, file: str) -> Read:
    """Read a document of activities.

    Parameters
    ----------
    content
        The document; entities and document types are refused.
    file
        Its name, for findings.

    Returns
    -------
    read
        The records, and every finding with the line of the document.
    """
    findings: list[Finding] = []
    root = parse_xml(content, file, findings)
    if root is None:
        return Read(Bundle(), Findings(tuple(findings)))
    if root.tag != "iati-activities":
        findings.append(
            Finding(
                "exchange-iati-root",
                Severity.ERROR,
                f"the document is {root.tag!r}, not iati-activities",
                "give an IATI activities document",
                file=file,
                row=root.sourceline,
            )
        )
        return Read(Bundle(), Findings(tuple(findings)))
    if not str(root.get("version", "")).startswith("2."):
        findings.append(
            Finding(
                "exchange-iati-version",
                Severity.WARNING,
                f"version {root.get('version')!r} is not one of 2.0x",
                "read it with care: older versions name elements differently",
                file=file,
                row=root.sourceline,
                field="version",
            )
        )
    records: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for element in root.iter(f"{{{NAMESPACE}}}record"):
        _own(element, file, records, findings)
    for activity in root.iterfind("iati-activity"):
        for indicator in activity.iterfind("result/indicator"):
            if indicator.find(f"{{{NAMESPACE}}}record") is None:
                _foreign(activity, indicator, file, records, findings)
    bundle = Bundle(**{kind: tuple(found) for kind, found in records.items()})
    return Read(bundle, Findings(tuple(findings)))


def _own(element: Any, file: str, records: dict[str, list[Any]], findings: list[Finding]) -> None:
    kind = str(element.get("kind"))
    line = int(element.sourceline)
    if kind not in KINDS:
        findings.append(
            Finding(
                "exchange-kind-unknown",
                Severity.ERROR,
                f"there is no kind of record {kind!r}",
                f"one of {', '.join(KINDS)} is asked",
                file=file,
                row=line,
                field="kind",
            )
        )
        return
    row = {
        str(field.get("name")): field.text or ""
        for field in element.iterfind(f"{{{NAMESPACE}}}field")
    }
    record = read_row(kind, row, Place(file, line), findings)
    if record is None:
        return
    parent = element.getparent()
    shown, own = parent.get("value"), getattr(record, "value", None)
    if kind in {"claims", "evidence"} and not _same(shown, own):
        findings.append(
            Finding(
                "exchange-value-differs",
                Severity.ERROR,
                f"the element says {shown}, the record inside it {own}",
                "one of the two was changed: write both alike, or export again",
                file=file,
                row=line,
                field="value",
            )
        )
        return
    records[kind].append(record)


def _same(shown: str | None, own: float | None) -> bool:
    """Whether the value of the element is the record's, as it is or as per cent."""
    if shown is None or own is None:
        return shown is None and own is None
    try:
        said = Decimal(shown)
    except InvalidOperation:
        return False
    exact = Decimal(repr(own))
    return said in (exact, exact.scaleb(2))


def _foreign(
    activity: Any,
    indicator: Any,
    file: str,
    records: dict[str, list[Any]],
    findings: list[Finding],
) -> None:
    """Read an indicator of another program."""
    line = int(indicator.sourceline)
    identifier = (activity.findtext("iati-identifier") or "").strip()
    title = _texts(indicator.find("title")) or _texts(activity.find("title"))
    if not identifier or not title:
        findings.append(
            Finding(
                "exchange-iati-nameless",
                Severity.ERROR,
                "the activity has no identifier or the indicator no title",
                "give both: a commitment needs a name",
                file=file,
                row=line,
            )
        )
        return
    same = list(activity.iterfind("result/indicator"))
    record = f"{identifier}.{same.index(indicator) + 1}"
    percent = indicator.get("measure") == PERCENT
    learned_at = _moment(activity)
    numbers = _Numbers(file, percent, findings)
    baseline = indicator.find("baseline")
    targets = [
        (day, value)
        for day, element in _values(indicator, "target")
        if (value := numbers.read(element)) is not None
    ]
    due, target = targets[-1] if targets else (None, None)
    owner = _first(_texts(activity.find("participating-org"))) or identifier
    records["commitments"].append(
        Commitment(
            id=_id(record, "commitment"),
            record=record,
            learned_at=learned_at,
            area=_UNKNOWN_AREA,
            line=_UNKNOWN_AREA,
            kind="target",
            promise=_texts(activity.find("title")) or title,
            definition=_texts(indicator.find("description")),
            metric=_first(title),
            unit="share" if percent else "1",
            direction=Direction.DOWN
            if indicator.get("ascending") in {"0", "false"}
            else Direction.UP,
            baseline=None if baseline is None else numbers.read(baseline),
            baseline_on=None if baseline is None else _day(baseline.get("iso-date")),
            target=target,
            due=due,
            owner=owner,
            source=identifier,
        )
    )
    for day, element in _values(indicator, "actual"):
        value = numbers.read(element)
        if value is not None and day is not None:
            records["evidence"].append(
                _actual(
                    element, record, day, value, percent=percent, learned_at=learned_at, owner=owner
                )
            )
    findings.append(
        Finding(
            "exchange-iati-foreign",
            Severity.WARNING,
            f"{record}: area, line and scope are not in the document",
            "give them before the commitment is filed",
            file=file,
            row=line,
        )
    )


def _actual(
    element: Any,
    record: str,
    day: dt.date,
    value: float,
    *,
    percent: bool,
    learned_at: dt.datetime,
    owner: str,
) -> Evidence:
    place = element.find("location")
    link = element.find("document-link")
    title = _first(_texts(element.find("comment"))) or "actual"
    scope = "country" if place is None else str(place.get("ref") or "country")
    made = _id(record, day.isoformat(), scope, repr(value), str(element.sourceline))
    return Evidence(
        id=made,
        record=made,
        learned_at=learned_at,
        commitment=record,
        kind=EvidenceKind.STATISTIC,
        basis=Basis.OBSERVED,
        grade=Grade.C,
        state=EvidenceState.FILED,
        value=value,
        unit="share" if percent else "1",
        scope=scope,
        true_on=day,
        title=title,
        source="" if link is None else str(link.get("url")),
        filed_by=owner,
    )


class _Numbers:
    """Reads values, per cent as shares, and keeps what is no number as findings."""

    def __init__(self, file: str, percent: bool, findings: list[Finding]) -> None:  # noqa: FBT001
        self._file, self._percent, self._findings = file, percent, findings

    def read(self, element: Any) -> float | None:
        """Give the value of an element, None where it has none or no number."""
        text = element.get("value")
        if text is None:
            return None
        exact = _decimal(text)
        if exact is None:
            self._findings.append(
                Finding(
                    "exchange-iati-value",
                    Severity.ERROR,
                    f"{element.tag} is {text!r}, which is no number",
                    "give a decimal number with a point",
                    file=self._file,
                    row=element.sourceline,
                    field="value",
                )
            )
            return None
        return float(exact.scaleb(-2) if self._percent else exact)


def _decimal(text: str) -> Decimal | None:
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _values(indicator: Any, name: str) -> Iterator[tuple[dt.date | None, Any]]:
    for period in indicator.iterfind("period"):
        end = period.find("period-end")
        day = None if end is None else _day(end.get("iso-date"))
        for element in period.iterfind(name):
            yield day, element


def _texts(element: Any) -> dict[str, str]:
    if element is None:
        return {}
    return {
        str(one.get(_LANGUAGE) or "en"): str(one.text)
        for one in element.iterfind("narrative")
        if one.text
    }


def _first(texts: dict[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _moment(activity: Any) -> dt.datetime:
    """When the document was last said to be true; the epoch where it does not say."""
    for element, name in (
        (activity, "last-updated-datetime"),
        (activity.getparent(), "generated-datetime"),
    ):
        text = element.get(name)
        try:
            moment = dt.datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        if moment is not None:
            return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
