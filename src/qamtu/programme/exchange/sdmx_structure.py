"""The SDMX structure of a programme's values: concepts, code lists, data structure, dataflow.

Dimensions: the commitment, the area it speaks of, the series (baseline, target, claim, observed,
estimated, planned), the record, the day. A day is its own key, so that several statements about one
day stand side by side. Source: SDMX 2.1, section 2 (information model).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sdmx
from sdmx.message import Header, StructureMessage
from sdmx.model import common, v21

from qamtu.programme.exchange.bundle import Bundle

__all__ = [
    "ATTRIBUTES",
    "DIMENSIONS",
    "SERIES",
    "Structure",
    "code_of",
    "make_header",
    "make_structure",
    "text_of_code",
    "write_structure",
]

AGENCY: Final = "QAMTU"
VERSION: Final = "1.0"
SERIES: Final = {
    "BASELINE": "Value before the promise",
    "TARGET": "Value promised",
    "CLAIM": "What somebody said",
    "OBSERVED": "What was seen",
    "ESTIMATED": "What was reckoned from other values",
    "PLANNED": "What a plan intends; never what is kept",
}
DIMENSIONS: Final = {
    "COMMITMENT": "Commitment",
    "REF_AREA": "Area that the value speaks of",
    "SERIES": "What the value is",
    "RECORD": "Record of the claim or evidence",
    "TIME_PERIOD": "Day the value is true",
}
ATTRIBUTES: Final = {
    "VERSION_ID": "Id of the version of the record",
    "LEARNED_AT": "When the version was learned (UTC)",
    "UNIT_MEASURE": "Unit",
    "GRADE": "How far the value can be trusted, A the best",
    "KIND": "What was filed",
    "TITLE": "Words of the claim or title of the evidence",
    "SOURCE": "Where it can be read",
    "STATED_BY": "Who said or filed it",
    "SAID_ON": "Day it was said",
    "UNCERTAINTY": "Half width of the 90 % band",
}
_GRADES: Final = {
    "A": "Reproducible from data",
    "B": "Independent document",
    "C": "Owner's own statement",
    "D": "Press",
}
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]")
_CODED: Final = re.compile(r"((?:\$[0-9A-F]{2})+)")


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of the structure."""

    codelists: tuple[common.Codelist, ...]
    concepts: common.ConceptScheme
    definition: v21.DataStructureDefinition
    dataflow: v21.DataflowDefinition


def code_of(text: str) -> str:
    """Write any text as a code: signs that SDMX ids may not have become ``$`` and their bytes."""
    return "".join(
        sign if _SAFE.match(sign) else "".join(f"${byte:02X}" for byte in sign.encode())
        for sign in text
    )


def text_of_code(code: str) -> str:
    """Give the text that `code_of` wrote.

    Raises
    ------
    ValueError
        If the code's bytes are no UTF-8.
    """
    parts = _CODED.split(code)
    return "".join(
        bytes.fromhex(part.replace("$", "")).decode() if place % 2 else part
        for place, part in enumerate(parts)
    )


def make_structure(bundle: Bundle) -> Structure:
    """Make the structure with code lists of the commitments and areas of a bundle."""
    agency = common.Agency(id=AGENCY)
    concepts = common.ConceptScheme(id="CS_PROGRAMME", **_named(agency, "Concepts of a programme"))
    for name, text in (DIMENSIONS | {"OBS_VALUE": "Value"} | ATTRIBUTES).items():
        concepts.append(common.Concept(id=name, name={"en": text}))
    scopes = {one.scope for one in bundle.commitments}
    scopes |= {one.scope for one in bundle.claims} | {one.scope for one in bundle.evidence}
    lists = {
        "COMMITMENT": _codelist(
            agency,
            "CL_COMMITMENT",
            "Commitments",
            ((one.record, one.promise, one.definition) for one in bundle.commitments),
        ),
        "REF_AREA": _codelist(
            agency, "CL_AREA", "Areas", ((one, {"en": one}, {}) for one in sorted(scopes))
        ),
        "SERIES": _codelist(
            agency, "CL_SERIES", "Series", ((one, {"en": text}, {}) for one, text in SERIES.items())
        ),
        "GRADE": _codelist(
            agency, "CL_GRADE", "Grades", ((one, {"en": text}, {}) for one, text in _GRADES.items())
        ),
    }
    definition = _definition(agency, concepts, lists)
    dataflow = v21.DataflowDefinition(
        id="PROGRAMME", structure=definition, **_named(agency, "Values of a programme")
    )
    return Structure(tuple(lists.values()), concepts, definition, dataflow)


def write_structure(structure: Structure, made_at: dt.datetime) -> bytes:
    """Write the structure as an SDMX-ML 2.1 message."""
    message = StructureMessage(header=make_header(made_at))
    for part in (*structure.codelists, structure.concepts, structure.definition):
        message.add(part)
    message.add(structure.dataflow)
    text: bytes = sdmx.to_xml(message, pretty_print=True)
    return text


def make_header(made_at: dt.datetime) -> Header:
    """Give the header of a message."""
    return Header(id="QAMTU", prepared=made_at, sender=common.Agency(id=AGENCY), test=False)


def _definition(
    agency: common.Agency, concepts: common.ConceptScheme, lists: Mapping[str, common.Codelist]
) -> v21.DataStructureDefinition:
    definition = v21.DataStructureDefinition(
        id="DSD_PROGRAMME", **_named(agency, "Values of a programme")
    )
    for order, name in enumerate(DIMENSIONS, start=1):
        kind = common.TimeDimension if name == "TIME_PERIOD" else common.Dimension
        definition.dimensions.append(
            kind(id=name, order=order, concept_identity=concepts[name], **_coded(lists.get(name)))
        )
    measure = v21.PrimaryMeasure(id="OBS_VALUE", concept_identity=concepts["OBS_VALUE"])
    definition.measures.append(measure)
    for name in ATTRIBUTES:
        definition.attributes.append(
            common.DataAttribute(
                id=name,
                concept_identity=concepts[name],
                related_to=v21.PrimaryMeasureRelationship(),
                usage_status=common.UsageStatus["conditional"],
                **_coded(lists.get(name)),
            )
        )
    definition.dimensions.id = "DimensionDescriptor"
    definition.attributes.id = "AttributeDescriptor"
    definition.measures.id = "MeasureDescriptor"
    return definition


def _named(agency: common.Agency, name: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "maintainer": agency,
        "name": {"en": name},
        "is_final": True,
        "is_external_reference": False,
    }


def _coded(codes: common.Codelist | None) -> dict[str, Any]:
    if codes is None:
        return {}
    return {"local_representation": common.Representation(enumerated=codes)}


def _codelist(
    agency: common.Agency,
    name: str,
    title: str,
    codes: Iterable[tuple[str, Mapping[str, str], Mapping[str, str]]],
) -> common.Codelist:
    made = common.Codelist(id=name, **_named(agency, title))
    for code, names, descriptions in codes:
        made.append(common.Code(id=code_of(code), name=dict(names), description=dict(descriptions)))
    return made
