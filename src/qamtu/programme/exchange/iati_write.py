"""Writing IATI activities 2.03: one activity a commitment, with its result, periods and values.

Standard elements say it to every reader: the target and what plans intend as ``target``, what is
seen, reckoned or claimed as ``actual``, each marked by a ``dimension`` so that no planned value can
be taken for a kept one. An element of an own namespace beside each carries the record whole.
Source: IATI Standard 2.03, activity standard (element names, code lists ActivityStatus,
ActivityDateType, OrganisationRole, ResultType, IndicatorMeasure, DocumentCategory).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from qamtu.programme.exchange.bundle import Bundle, Heading, Record
from qamtu.programme.exchange.rows import to_row
from qamtu.programme.records import Basis, Claim, Commitment, Direction, Evidence, Organisation

__all__ = ["NAMESPACE", "PERCENT", "VERSION", "write_iati"]

VERSION: Final = "2.03"
NAMESPACE: Final = "urn:qamtu:exchange:1"
PERCENT: Final = "2"
"""Code of a percentage in the code list IndicatorMeasure; 1 is a unit."""

_XML: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ORGANISATION_TYPE: Final = {"ministry": "10", "akimat": "11", "regulator": "10"}
_OTHER_TYPE: Final = "90"
_IMPLEMENTING, _ACCOUNTABLE = "4", "2"
_OUTPUT: Final = "1"
_REPORTING_OWN: Final = "99"
_RESULTS_DOCUMENT: Final = "A08"


def write_iati(bundle: Bundle, heading: Heading, made_at: dt.datetime) -> bytes:
    """Write a bundle that IATI can carry (see `carried`) as one document.

    Parameters
    ----------
    bundle
        Newest versions of commitments, their claims and accepted evidence.
    heading
        Who publishes, and of which country.
    made_at
        Moment written into the document (UTC); the only thing that is not of the records.
    """
    root = etree.Element("iati-activities", nsmap={"qamtu": NAMESPACE})
    root.set("version", VERSION)
    root.set("generated-datetime", made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    organisations = {one.id: one for one in bundle.organisations}
    for commitment in bundle.commitments:
        claims = [one for one in bundle.claims if one.commitment == commitment.record]
        evidence = [one for one in bundle.evidence if one.commitment == commitment.record]
        owner = organisations.get(commitment.owner)
        activity = _activity(root, commitment, heading, owner, (*claims, *evidence))
        _result(activity, commitment, claims, evidence)
    for organisation in bundle.organisations:
        _whole(root, "organisations", organisation)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _activity(
    root: Any,
    commitment: Commitment,
    heading: Heading,
    owner: Organisation | None,
    values: Iterable[Claim | Evidence],
) -> Any:
    activity = etree.SubElement(root, "iati-activity")
    activity.set("last-updated-datetime", commitment.learned_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    identifier = etree.SubElement(activity, "iati-identifier")
    identifier.text = f"{heading.publisher}-{commitment.record}"
    reporting = _sub(activity, "reporting-org", ref=heading.publisher, type="10")
    _narratives(reporting, heading.publisher_name or {"en": heading.publisher})
    _narratives(etree.SubElement(activity, "title"), commitment.promise)
    _narratives(
        _sub(activity, "description", type="1"), commitment.definition or commitment.promise
    )
    kind = _ORGANISATION_TYPE.get(owner.kind, _OTHER_TYPE) if owner else _OTHER_TYPE
    for role in (_ACCOUNTABLE, _IMPLEMENTING):
        party = _sub(activity, "participating-org", role=role, type=kind)
        _narratives(party, owner.name if owner else {"en": commitment.owner})
    _sub(activity, "activity-status", code="2")
    start = commitment.baseline_on or commitment.learned_at.date()
    _sub(activity, "activity-date", **{"type": "1", "iso-date": start.isoformat()})
    if commitment.due:
        _sub(activity, "activity-date", **{"type": "3", "iso-date": commitment.due.isoformat()})
    _sub(activity, "recipient-country", code=heading.country.upper())
    for scope in sorted({commitment.scope, *(one.scope for one in values)} - {"country"}):
        location = _sub(activity, "location", ref=scope)
        _narratives(etree.SubElement(location, "name"), {"en": scope})
    return activity


def _result(
    activity: Any, commitment: Commitment, claims: list[Claim], evidence: list[Evidence]
) -> None:
    result = _sub(activity, "result", type=_OUTPUT)
    _narratives(etree.SubElement(result, "title"), commitment.promise)
    percent = commitment.unit == "share"
    indicator = _sub(result, "indicator", measure=PERCENT if percent else "1")
    indicator.set("ascending", "true" if commitment.direction is Direction.UP else "false")
    _narratives(etree.SubElement(indicator, "title"), {"en": commitment.metric})
    if commitment.definition:
        _narratives(etree.SubElement(indicator, "description"), commitment.definition)
    _sub(indicator, "reference", vocabulary=_REPORTING_OWN, code=commitment.record)
    if commitment.baseline is not None:
        day = commitment.baseline_on or commitment.learned_at.date()
        baseline = _sub(indicator, "baseline", **{"iso-date": day.isoformat()}, year=str(day.year))
        baseline.set("value", _shown(commitment.baseline, percent=percent))
        _location(baseline, commitment.scope)
    if commitment.target is not None or commitment.target_text:
        _target(indicator, commitment, percent=percent)
    values: list[Claim | Evidence] = [*claims, *evidence]
    for value in sorted(values, key=lambda one: (one.true_on, one.id)):
        _value(indicator, value, commitment, percent=percent)
    _whole(indicator, "commitments", commitment)


def _target(indicator: Any, commitment: Commitment, *, percent: bool) -> None:
    start = commitment.baseline_on or commitment.learned_at.date()
    end = commitment.due or start
    period = _period(indicator, min(start, end), end)
    target = etree.SubElement(period, "target")
    if commitment.target is not None:
        target.set("value", _shown(commitment.target, percent=percent))
    _location(target, commitment.scope)
    if commitment.target_text:
        _narratives(etree.SubElement(target, "comment"), {"en": commitment.target_text})


def _value(
    indicator: Any, value: Claim | Evidence, commitment: Commitment, *, percent: bool
) -> None:
    """Write a claim or evidence; what a plan intends is a target, never an actual."""
    planned = isinstance(value, Evidence) and value.basis is Basis.PLANNED
    period = _period(indicator, value.true_on, value.true_on)
    element = etree.SubElement(period, "target" if planned else "actual")
    if value.value is not None:
        own = commitment.unit if isinstance(value, Claim) else value.unit
        element.set("value", _shown(value.value, percent=percent and own == "share"))
    _location(element, value.scope)
    basis = "claimed" if isinstance(value, Claim) else value.basis.value
    _sub(element, "dimension", name="basis", value=basis)
    _sub(element, "dimension", name="grade", value=value.grade.value)
    words = value.text if isinstance(value, Claim) else value.title
    _narratives(etree.SubElement(element, "comment"), {"en": words or basis})
    if value.source.startswith(("https://", "http://")) and " " not in value.source:
        link = _sub(element, "document-link", url=value.source, format="text/html")
        _narratives(etree.SubElement(link, "title"), {"en": words or value.source})
        _sub(link, "category", code=_RESULTS_DOCUMENT)
    _whole(element, "claims" if isinstance(value, Claim) else "evidence", value)


def _period(indicator: Any, start: dt.date, end: dt.date) -> Any:
    period = etree.SubElement(indicator, "period")
    _sub(period, "period-start", **{"iso-date": start.isoformat()})
    _sub(period, "period-end", **{"iso-date": end.isoformat()})
    return period


def _location(parent: Any, scope: str) -> None:
    if scope != "country":
        _sub(parent, "location", ref=scope)


def _shown(value: float, *, percent: bool) -> str:
    """Write a value as a decimal; a share as per cent, moved by two places without rounding."""
    exact = Decimal(repr(value))
    return format(exact.scaleb(2) if percent else exact, "f")


def _narratives(parent: Any, texts: Mapping[str, str]) -> None:
    for language, text in sorted(texts.items()):
        narrative = etree.SubElement(parent, "narrative")
        if language.isalpha():
            narrative.set(_XML, language)
        narrative.text = text


def _whole(parent: Any, kind: str, record: Record) -> None:
    """Write a record with all its fields, in the namespace of this program."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}record")
    element.set("kind", kind)
    for name, value in to_row(kind, record).items():
        if value is None or value == "":
            continue
        field = etree.SubElement(element, f"{{{NAMESPACE}}}field")
        field.set("name", name)
        match value:
            case bool():
                field.text = "true" if value else "false"
            case dt.date():  # a moment is one too
                field.text = value.isoformat()
            case _:
                field.text = repr(value) if isinstance(value, float | int) else str(value)


def _sub(parent: Any, tag: str, /, **attributes: str) -> Any:
    element = etree.SubElement(parent, tag)
    for key, value in attributes.items():
        element.set(key, value)
    return element
