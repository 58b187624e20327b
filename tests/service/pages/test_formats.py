"""Numbers, shares, money and days as each language writes them."""

import datetime as dt

import pytest

from qamtu.service.pages.formats import MISSING, country_zone, formats


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "number", "share", "money", "dollars"),
    [
        ("en", "40,000 km", "91.2%", "₸1.5T", "$75M"),
        ("ru", "40 000 km", "91,2 %", "1,5 трлн ₸", "75 млн $"),
        ("kk", "40 000 km", "91,2%", "1,5 трлн ₸", "75 млн $"),
    ],
)
def test_values_are_written_as_the_language_does(language, number, share, money, dollars):
    written = formats(language)
    assert plain(written.number(40_000, "km")) == number
    assert plain(written.number(0.912, "share")) == share
    assert plain(written.number(1.5e12, "KZT")) == money
    assert plain(written.money(75e6, "USD")) == dollars


def test_what_is_not_known_is_a_dash():
    written = formats("ru")
    assert {written.number(None), written.share(None), written.money(None), written.date(None),
            written.moment(None)} == {MISSING}  # fmt: skip


def test_decimals_fit_the_size():
    written = formats("en")
    assert [written.number(value) for value in (6.25, 0.0123, 1234.5, 20.0)] == [
        "6.25", "0.0123", "1,234", "20",
    ]  # fmt: skip
    assert [written.share(value) for value in (0.25, 0.0004, 1.0)] == ["25%", "0.04%", "100%"]


def test_moments_are_shown_in_the_zone_of_the_country():
    moment = dt.datetime(2026, 11, 22, 20, 30, tzinfo=dt.UTC)
    written = formats("ru", country_zone("kz"))
    assert plain(written.moment(moment)) == "23 нояб. 2026 г., 01:30:00"
    assert plain(written.date(moment)) == "23 нояб. 2026 г."
    assert country_zone("made") == "UTC"
