"""Canonical JSON against the examples of RFC 8785 and properties."""

from __future__ import annotations

import datetime as dt
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.programme.log import canonical, digest, moment

# RFC 8785, appendix B: the bits of a double and its text.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize("bits", NUMBERS)
def test_numbers_as_published(bits):
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(value).decode() == NUMBERS[bits]


def test_the_published_example_of_texts_and_literals():
    # RFC 8785, section 3.2.2
    content = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    assert canonical(content).decode() == (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_as_published():
    # RFC 8785, section 3.2.3: by UTF-16 code units, so that the smiley comes before U+FB33
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys, 0)))) == order


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("aä😀\n"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_what_is_written_reads_back_and_is_written_the_same(content):
    text = canonical(content)
    assert json.loads(text, parse_int=float) == content
    assert canonical(json.loads(text)) == text
    assert canonical(json.loads(json.dumps(content, indent=3))) == text


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (2**53 + 1, ValueError),
        (10**400, ValueError),
        ("\ud800", ValueError),
        ({1: 2}, TypeError),
        ({"a": {1, 2}}, TypeError),
    ],
)
def test_what_has_no_canonical_form(content, error):
    with pytest.raises(error):
        canonical(content)


def test_a_digest_is_of_the_canonical_text():
    assert digest({"b": 1.0, "a": []}) == digest({"a": (), "b": 1})
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_moments_are_in_utc_with_microseconds():
    east = dt.timezone(dt.timedelta(hours=5))
    assert moment(dt.datetime(2026, 1, 1, 2, tzinfo=east)) == "2025-12-31T21:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        moment(dt.datetime(2026, 1, 1))  # noqa: DTZ001
