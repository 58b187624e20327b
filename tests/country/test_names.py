"""Names across spellings and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.country.names import best_match, comparable, latin_key, romanised
from qamtu.country.settings import load_settings

STRIP = ("ауданы", "қ.", "қаласы", "а.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семей қаласы", "СЕМЕЙ"),
        ("Круглоозёрное", "круглоозерное"),
        ("Форт-Шевченко қ.", "Форт Шевченко"),
        ("  Есіл   ауданы ", "Есіл"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert comparable(one, STRIP) == comparable(other, STRIP)


def test_a_word_is_stripped_only_whole() -> None:
    assert comparable("Қарауыл а.", STRIP) == "қарауыл"
    assert comparable("Алматы", ("а.",)) == "алматы"


@given(st.text(max_size=30))
def test_comparable_is_its_own_form(name: str) -> None:
    once = comparable(name)
    assert comparable(once) == once


def test_romanisation_keeps_capitals(kz_sources) -> None:
    table = load_settings(kz_sources).romanisation
    assert romanised("Шымкент", table) == "Shymkent"
    assert romanised("Өскемен-1", table) == "Oskemen-1"
    assert romanised("Щучинск", table) == "Shchuchinsk"


@pytest.mark.parametrize(
    ("old", "official"),
    [
        ("Alginskiy", "Алға"),
        ("Khromtauskiy", "Хромтау"),
        ("Zhanakorganskiy", "Жаңақорған"),
        ("Enbekshikazakhskiy", "Еңбекшіқазақ"),
    ],
)
def test_romanised_adjectives_find_kazakh_names(kz_sources, old: str, official: str) -> None:
    settings = load_settings(kz_sources)
    others = ["Шалқар", "Алға", "Хромтау", "Жаңақорған", "Еңбекшіқазақ", "Талғар"]
    keys = [latin_key(name, settings.romanisation) for name in others]
    hit, ratio = best_match(latin_key(old, {}, settings.old_borders.endings), keys, 0.7)
    assert others[hit] == official
    assert ratio > 0.7


def test_no_match_below_the_least_ratio_nor_on_a_tie() -> None:
    assert best_match("abc", ["xyz"], 0.7)[0] == -1
    assert best_match("abcd", ["abce", "abcf"], 0.5)[0] == -1
    assert best_match("abc", [], 0.5) == (-1, 0.0)
