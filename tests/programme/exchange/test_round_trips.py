"""What is written is read back: CSV and Parquet without loss, IATI and SDMX as far as they carry."""

import datetime as dt

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.programme.exchange.strategies import bundles

from qamtu.core.findings import Severity
from qamtu.programme.exchange import (
    Bundle,
    Format,
    Heading,
    carried,
    join_files,
    read_files,
    split_files,
    write_files,
)
from qamtu.programme.exchange.sdmx_structure import code_of, text_of_code
from qamtu.programme.exchange.tabular import guard, unguard

HEADING = Heading("KZ", "KZ-GOV", {"en": "Government"})
PHASES = (Phase.explicit, Phase.generate)
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("form", Format)
@settings(max_examples=25, deadline=None, phases=PHASES)
@given(bundle=bundles())
def test_reading_what_was_written_gives_what_is_carried(form: Format, bundle: Bundle) -> None:
    written = write_files(bundle, form, HEADING, NOW)
    read = read_files(written.files)
    assert not read.findings.errors
    expected = carried(bundle, form).bundle
    for kind in ("organisations", "commitments", "claims", "evidence", "comments"):
        assert sorted(read.bundle.records(kind), key=repr) == sorted(
            expected.records(kind), key=repr
        ), kind
    if form in {Format.CSV, Format.PARQUET}:
        assert read.bundle == bundle


@settings(max_examples=10, deadline=None, phases=PHASES)
@given(bundle=bundles())
def test_the_same_records_give_the_same_bytes(bundle: Bundle) -> None:
    for form in Format:
        first = write_files(bundle, form, HEADING, NOW).files
        again = write_files(bundle, form, HEADING, NOW).files
        assert join_files(first) == join_files(again)
        assert split_files(join_files(first), "a.zip")[0] == dict(first)


@given(st.text())
def test_the_guard_gives_back_any_text_and_leaves_no_formula(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded or guarded[0] not in "=+-@\t\r\n"


@given(st.text())
def test_codes_give_back_any_text(text: str) -> None:
    assert text_of_code(code_of(text)) == text


@given(bundle=bundles())
@settings(max_examples=20, deadline=None, phases=PHASES)
def test_what_is_lost_is_said(bundle: Bundle) -> None:
    for form in Format:
        kept = carried(bundle, form)
        assert all(one.severity is Severity.INFO for one in kept.findings)
        changed = kept.bundle != bundle
        assert bool(kept.findings) or not changed
