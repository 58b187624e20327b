"""The words: every code has a text, every text its translations with the same places."""

from __future__ import annotations

import datetime as dt
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qamtu.programme import light
from qamtu.programme.quantity import Quantity
from qamtu.programme.texts import (
    RULES,
    Message,
    forecast_message,
    msgids,
    plain,
    reason_message,
    render,
)
from qamtu.programme.trajectory import Band, Method, Trajectory

SOURCE = Path(str(files("qamtu"))) / "programme"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_text_is_translated_with_its_places(language) -> None:
    path = files("qamtu.service.pages") / "locale" / language / "LC_MESSAGES" / "programme.po"
    with Path(str(path)).open("rb") as stream:
        catalogue = read_po(stream, locale=language, abort_invalid=True)
    listed = {message.id: message for message in catalogue if message.id}
    assert set(listed) == set(msgids())
    for text, message in listed.items():
        assert message.string
        assert not message.fuzzy
        assert places(message.string) == places(text), text
        assert re.search("[а-яәғқңөұүһі]", message.string.lower())


def test_every_reason_and_rule_has_words() -> None:
    codes = set(re.findall(r'Reason\("([a-z-]+)"', (SOURCE / "light.py").read_text()))
    codes |= set(re.findall(r'"((?:kept|no|claim|plan|not|course)-[a-z-]+)"',
                            (SOURCE / "light.py").read_text()))  # fmt: skip
    assert len(codes) > 10
    for code in codes:
        assert reason_message(light.Reason(code)).msgid
    rules = set()
    for path in (SOURCE / "contradictions").glob("*.py"):
        rules |= set(re.findall(r'"((?:[a-z]+-)+[a-z]+|overdue)"', path.read_text()))
    assert rules <= set(RULES)
    assert len(RULES) - len(rules) <= 3  # the ratios' names are made of their level


def test_values_are_written() -> None:
    said = render(
        Message("{a}, {b}, {c}, {d}, {e}", {
            "a": Quantity(0.125, "share"), "b": Quantity(3000.0, "settlements"),
            "c": dt.date(2026, 1, 2), "d": 6.25, "e": {"en": "people", "ru": "люди"},
        }), show=plain,
    )  # fmt: skip
    assert said == "12.5 %, 3,000 settlements, 2026-01-02, 6.25, people"


def test_translation_and_showing_are_the_readers() -> None:
    message = Message("Kept: {value}", {"value": 5})
    assert render(message, translate=lambda _: "Выполнено: {value}", show=lambda v: f"<{v}>") == (
        "Выполнено: <5>"
    )


def test_the_forecast_is_said() -> None:
    with_band = Trajectory((), 5.0, Band(4.0, 6.0), Method.THEIL_SEN)
    said = render(forecast_message(with_band, "km"), show=plain)
    assert "5 km" in said
    assert "4 km" in said
    for method in (Method.FEW_POINTS, Method.NO_DUE):
        assert "No forecast" in forecast_message(Trajectory((), None, None, method), "km").msgid
