"""The course as a picture and in words."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from tests.service import made

from qamtu.programme.board import assemble
from qamtu.programme.records import Basis
from qamtu.service.board.course import draw, tell
from qamtu.service.pages.environment import speaker

TODAY = dt.date(2026, 9, 1)


def line_of(*evidence, **changes):
    board = assemble(
        [made.commitment(**changes)], [made.claim()], evidence, true_on=TODAY,
        known_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC), organisations=[],
    )  # fmt: skip
    return board.lines[0]


SEEN = [
    made.evidence(f"e{m}", true_on=dt.date(2026, m, 1), value=1000.0 + 50 * m) for m in range(1, 8)
]
PLAN = made.evidence("plan", basis=Basis.PLANNED, true_on=dt.date(2027, 12, 31), value=3100.0)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_picture_is_whole_and_within_its_frame(language, large):
    picture = draw(line_of(*SEEN, PLAN), speaker(language), TODAY, large=large)
    root = ET.fromstring(picture)
    width, height = (float(x) for x in root.get("viewBox").split()[2:])
    for circle in root.iter("circle"):
        assert 0 <= float(circle.get("cx")) <= width
        assert 0 <= float(circle.get("cy")) <= height
    kinds = {element.get("class") for element in root.iter("path")}
    assert {"seen", "planned", "target", "band", "forecast", "said"} <= kinds
    assert not re.search(r"nan|inf|style=", picture)
    assert root.get("role") == "img"
    assert len(root.get("aria-label")) > 40


def test_the_words_say_what_the_picture_shows():
    said = tell(line_of(*SEEN, PLAN), speaker("en"))
    assert said == (
        "Shown: 1,350 settlements on Jul 1, 2026. Before: 1,000 settlements on Jan 1, 2024. "
        "Planned: 3,100 settlements by Dec 31, 2027. Target: 3,000 settlements."
    )


def test_one_point_alone_is_drawn():
    line = line_of(made.evidence(value=0.0), baseline=None, baseline_on=None, target=None, due=None)
    ET.fromstring(draw(line, speaker("en"), TODAY))


def test_nothing_gives_no_picture():
    board = assemble(
        [made.commitment(target=None, due=None, baseline=None, baseline_on=None)], [], [], true_on=TODAY,
        known_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC), organisations=[],
    )  # fmt: skip
    assert draw(board.lines[0], speaker("en"), TODAY) == ""
    assert tell(board.lines[0], speaker("en")) == "Nothing is shown yet."
