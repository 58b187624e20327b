"""The light: every row of its table, and that a better value never makes a worse light."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.programme.light import Light, gap_of, kept_share_of, light_of, reaches
from qamtu.programme.records import Direction
from qamtu.programme.trajectory import Band

from .made import DAY, commitment

AHEAD = dt.date(2027, 6, 1)
PAST = dt.date(2026, 5, 1)
LINE = {"baseline": 0.0, "baseline_on": dt.date(2025, 6, 1), "due": AHEAD}  # half of the time gone


def told(value, band=None, *, estimated=False, half_width=None, **given):
    light, reason = light_of(
        commitment(**given), value=value, estimated=estimated, half_width=half_width, band=band,
        today=DAY, claimed=given.get("kind") == "status",
    )  # fmt: skip
    return light.value, reason.code


@pytest.mark.parametrize(
    ("expected", "value", "band", "given"),
    [
        (("grey", "no-target"), 5.0, None, {"target": None}),
        (("grey", "no-evidence"), None, None, {}),
        (("grey", "claim-only"), None, None, {"kind": "status"}),
        (("green", "kept"), 100.0, None, {}),
        (("green", "kept"), 101.0, None, {"due": PAST}),
        (("green", "kept"), 100.0, None, {"half_width": 0.0}),
        (("amber", "kept-by-estimate"), 100.0, None, {"estimated": True}),
        (("amber", "kept-within-band"), 101.0, None, {"half_width": 5.0}),
        (("green", "on-line"), 101.0, None, {"half_width": 5.0, **LINE}),
        (("red", "not-as-reported"), 99.0, None, {"kind": "status"}),
        (("amber", "no-due"), 99.0, None, {}),
        (("red", "overdue"), 99.0, None, {"due": PAST}),
        (("red", "overdue"), 99.0, Band(200, 300), {"due": PAST}),
        (("green", "on-course"), 50.0, Band(100, 120), {"due": AHEAD}),
        (("amber", "course-estimated"), 50.0, Band(100, 120), {"due": AHEAD, "estimated": True}),
        (("amber", "course-unsure"), 50.0, Band(80, 120), {"due": AHEAD}),
        (("red", "off-course"), 50.0, Band(80, 99), {"due": AHEAD}),
        (("amber", "too-little-known"), 50.0, None, {"due": AHEAD}),
        (("green", "on-line"), 50.0, None, LINE),
        (("amber", "behind-line"), 45.0, None, LINE),
        (("red", "far-behind-line"), 30.0, None, LINE),
    ],
)
def test_each_rule(expected, value, band, given) -> None:
    assert told(value, band, **given) == expected


def test_less_is_better_where_the_direction_is_down() -> None:
    down = {"direction": Direction.DOWN, "target": 0.0, "unit": "bodies"}
    assert told(0.0, **down) == ("green", "kept")
    assert told(3.0, due=PAST, **down) == ("red", "overdue")
    assert told(3.0, Band(0.0, 0.0), due=AHEAD, **down) == ("green", "on-course")
    assert told(3.0, Band(1.0, 4.0), due=AHEAD, **down) == ("red", "off-course")


RANK = {Light.RED: 0, Light.AMBER: 1, Light.GREEN: 2}
values = st.floats(0, 200)
bands = st.none() | st.tuples(values, values).map(lambda ends: Band(min(ends), max(ends)))
commitments = st.builds(
    lambda kind, due, start, way: commitment(
        kind=kind, due=due, baseline=start, direction=way,
        baseline_on=None if start is None else dt.date(2025, 6, 1),
    ),
    st.sampled_from(["target", "status", "duty"]), st.sampled_from([None, PAST, DAY, AHEAD]),
    st.sampled_from([None, 0.0, 20.0, 180.0]), st.sampled_from(list(Direction)),
)  # fmt: skip


def _light(promise, value, half_width, band, estimated):
    return light_of(promise, value=value, estimated=estimated, half_width=half_width, band=band,
                    today=DAY)[0]  # fmt: skip


@given(commitments, values, values, st.none() | st.floats(0, 50), bands, st.booleans())
def test_a_better_value_never_makes_a_worse_light(promise, one, other, half, band, guess) -> None:
    up = promise.direction is Direction.UP
    if not up and promise.baseline is not None and promise.baseline < promise.target:
        promise = replace(promise, baseline=180.0)
    if up and promise.baseline is not None and promise.baseline > promise.target:
        promise = replace(promise, baseline=20.0)
    worse, better = sorted((one, other), reverse=not up)
    lights = [_light(promise, v, half, band, guess) for v in (worse, better)]
    assert RANK[lights[0]] <= RANK[lights[1]]


@given(commitments, values, bands, st.floats(0, 50))
def test_a_better_forecast_never_makes_a_worse_light(promise, value, band, more) -> None:
    if band is None:
        return
    more = more if promise.direction is Direction.UP else -more
    better = Band(band.low + more, band.high + more)
    lights = [_light(promise, value, None, b, False) for b in (band, better)]
    assert RANK[lights[0]] <= RANK[lights[1]]


@given(commitments, values, st.none() | st.floats(0, 50), bands)
def test_an_estimate_is_never_green(promise, value, half, band) -> None:
    assert _light(promise, value, half, band, True) is not Light.GREEN


@given(values, values, st.sampled_from(list(Direction)))
def test_the_gap_is_what_is_lacking(value, target, way) -> None:
    gap = gap_of(value, target, way)
    assert gap >= 0
    assert (gap == 0) == reaches(value, target, way)


def test_the_kept_share_is_the_share_of_the_way() -> None:
    assert kept_share_of(commitment(), 25.0) == 0.25
    assert kept_share_of(commitment(), 150.0) == 1.5
    assert kept_share_of(commitment(baseline=50.0), 75.0) == 0.5
    assert kept_share_of(commitment(baseline=50.0), 20.0) == 0.0
    assert kept_share_of(commitment(target=None), 20.0) is None
    down = commitment(direction=Direction.DOWN, target=0.0)
    assert (kept_share_of(down, 3.0), kept_share_of(down, 0.0)) == (None, 1.0)
    assert kept_share_of(replace(down, baseline=10.0), 4.0) == pytest.approx(0.6)
