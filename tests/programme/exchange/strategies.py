"""Records of any content, for properties of the exchange."""

import datetime as dt

from hypothesis import strategies as st

from qamtu.programme.exchange import Bundle
from qamtu.programme.records import (
    Basis,
    Claim,
    Comment,
    Commitment,
    Direction,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)

text = st.text(max_size=12) | st.sampled_from(
    [
        "=1+1",
        "'=x",
        "'",
        "-5",
        "@a",
        "a\r\nb",
        '"',
        "\t",
        "ә;ғ,қ",
        "+",
        "''+",
        " x ",
        "\u2028",
        "$2E",
    ]
)
name = text.filter(bool)
language = st.sampled_from(["en", "ru", "kk"])
texts = st.dictionaries(language, name, max_size=3)
some_texts = st.dictionaries(language, name, min_size=1, max_size=3)
number = st.floats(allow_nan=False, allow_infinity=False)
day = st.dates(dt.date(1900, 1, 1), dt.date(2999, 12, 31))
moment = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2999, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001

_recorded = {"id": name, "record": name, "learned_at": moment, "withdrawn": st.booleans()}
organisations = st.builds(
    Organisation, id=name, name=some_texts, kind=name, region=st.none() | name
)
commitments = st.builds(
    Commitment,
    **_recorded,
    area=name,
    line=name,
    kind=name,
    promise=some_texts,
    definition=texts,
    numerator=texts,
    denominator=texts,
    note=texts,
    metric=name,
    unit=st.just("share") | name,
    direction=st.sampled_from(Direction),
    baseline=st.none() | number,
    baseline_on=st.none() | day,
    target=st.none() | number,
    target_text=text,
    due=st.none() | day,
    owner=name,
    scope=name,
    tolerance=number,
    source=text,
)
claims = st.builds(
    Claim,
    **_recorded,
    commitment=name,
    value=st.none() | number,
    text=text,
    said_by=name,
    said_on=day,
    true_on=day,
    scope=name,
    grade=st.sampled_from(Grade),
    source=text,
)
evidence = st.builds(
    Evidence,
    **_recorded,
    commitment=name,
    kind=st.sampled_from(EvidenceKind),
    basis=st.sampled_from(Basis),
    grade=st.sampled_from(Grade),
    state=st.sampled_from(EvidenceState),
    value=st.none() | number,
    unit=st.just("share") | name,
    scope=name,
    true_on=day,
    title=name,
    source=text | st.just("https://example.org/a?b=c"),
    provenance=st.lists(text, max_size=2).map(tuple),
    parameters=st.dictionaries(text, text, max_size=2),
    files=st.dictionaries(text, text, max_size=2),
    filed_by=name,
    uncertainty=st.none() | number,
)
comments = st.builds(Comment, **_recorded, about=name, author=name, text=name)


def _several(records: st.SearchStrategy, **keys: object) -> st.SearchStrategy:
    return st.lists(records, max_size=3, unique_by=lambda one: one.id).map(tuple)


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    """Draw a bundle in which most claims and evidence speak of a commitment that is there."""
    promised = draw(_several(commitments))
    records = st.sampled_from([one.record for one in promised]) if promised else name
    speaks = {"commitment": records | name}
    return Bundle(
        organisations=draw(_several(organisations)),
        commitments=promised,
        claims=draw(_several(claims.flatmap(lambda one: _with(one, speaks)))),
        evidence=draw(_several(evidence.flatmap(lambda one: _with(one, speaks)))),
        comments=draw(_several(comments)),
    )


def _with(one: object, fields: dict[str, st.SearchStrategy]) -> st.SearchStrategy:
    from dataclasses import replace

    return st.fixed_dictionaries(fields).map(lambda values: replace(one, **values))
