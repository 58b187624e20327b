"""IATI documents are valid by the official schema, and hostile or foreign ones are read with care."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from lxml import etree
from tests.programme.exchange.samples import BUNDLE, COMMITMENT, PLANNED, SEEN
from tests.programme.exchange.strategies import bundles

from qamtu.programme.exchange import Bundle, Format, Heading, carried, read_files, write_files
from qamtu.programme.records import EvidenceState, Grade

HEADING = Heading("KZ", "KZ-GOV", {"en": "Government"})
PHASES = (Phase.explicit, Phase.generate)
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
REFERENCE = Path(__file__).parents[2] / "reference" / "iati"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(REFERENCE / "iati-activities-schema.xsd")))


def test_a_document_is_valid(schema: etree.XMLSchema) -> None:
    root = etree.fromstring(_document(BUNDLE))
    assert schema.validate(root), schema.error_log


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(bundle=bundles())
def test_any_document_is_valid(schema: etree.XMLSchema, bundle: Bundle) -> None:
    if not carried(bundle, Format.IATI).bundle.commitments:
        return  # the schema asks for one activity at least
    root = etree.fromstring(_document(bundle))
    assert schema.validate(root), schema.error_log


def test_what_is_planned_is_a_target_and_what_is_seen_an_actual_value() -> None:
    root = etree.fromstring(_document(BUNDLE))
    comments = {
        name: [one.findtext("comment/narrative") for one in root.iter(name)]
        for name in ("target", "actual")
    }
    assert PLANNED.title in comments["target"]
    assert PLANNED.title not in comments["actual"]
    assert SEEN.title in comments["actual"]


def test_shares_are_per_cent() -> None:
    root = etree.fromstring(_document(BUNDLE))
    indicator = root.find(".//indicator[@measure='2']")
    assert indicator is not None
    assert {one.get("value") for one in indicator.iter("actual")} == {"93.4"}


def test_a_changed_value_is_found() -> None:
    changed = _document(BUNDLE).replace(b'value="93.4"', b'value="99.4"')
    findings = read_files({"a.xml": changed}).findings
    assert {one.id for one in findings.errors} == {"exchange-value-differs"}
    assert findings.errors[0].row


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><iati-activities>&x;</iati-activities>',
         "exchange-xml-doctype"),
        (b"<iati-activities><a></iati-activities>", "exchange-xml-broken"),
        (b"<other><x>iati-activities</x></other>", "exchange-iati-root"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><iati-activities>&b;</iati-activities>',
         "exchange-xml-doctype"),
    ],
)  # fmt: skip
def test_hostile_documents_are_refused(content: bytes, rule: str) -> None:
    read = read_files({"a.xml": content})
    assert [one.id for one in read.findings] == [rule]
    assert read.bundle == Bundle()


def test_a_document_of_another_program_is_read_as_statements_of_its_owner() -> None:
    read = read_files({"foreign.xml": FOREIGN.encode()})
    (commitment,), (evidence,) = read.bundle.commitments, read.bundle.evidence
    assert (commitment.baseline, commitment.target, commitment.unit) == (0.405, 0.99, "share")
    assert commitment.due == dt.date(2027, 12, 31)
    assert (evidence.value, evidence.grade, evidence.state) == (0.61, Grade.C, EvidenceState.FILED)
    assert evidence.commitment == commitment.record
    assert [one.id for one in read.findings] == ["exchange-iati-value", "exchange-iati-foreign"]


def test_the_commitment_comes_back_whole() -> None:
    assert read_files({"a.xml": _document(BUNDLE)}).bundle.commitments[0] == COMMITMENT


def _document(bundle: Bundle) -> bytes:
    return write_files(bundle, Format.IATI, HEADING, NOW).files["iati-activities.xml"]


FOREIGN = """<iati-activities version="2.03" generated-datetime="2026-05-01T00:00:00Z">
 <iati-activity><iati-identifier>XX-1-A</iati-identifier>
  <reporting-org ref="XX-1" type="10"><narrative>Body</narrative></reporting-org>
  <title><narrative>Access for all</narrative></title>
  <participating-org role="4"><narrative>Agency</narrative></participating-org>
  <result type="1"><title><narrative>Access</narrative></title>
   <indicator measure="2"><title><narrative>People with access</narrative></title>
    <baseline year="2020" iso-date="2020-01-01" value="40.5"/>
    <period><period-start iso-date="2026-01-01"/><period-end iso-date="2027-12-31"/>
     <target value="99"/><actual value="61"><location ref="R1"/></actual></period>
    <period><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>
     <actual value="many"/></period>
   </indicator></result></iati-activity></iati-activities>"""
