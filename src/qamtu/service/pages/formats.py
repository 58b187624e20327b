"""Numbers, shares, money, days and moments as a language writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from qamtu.studies.report.catalogue import currency_symbols

__all__ = ["MISSING", "Formats", "country_zone", "formats"]

MISSING: Final = "–"
"""Shown where there is no value."""

_SHARE_UNITS: Final = frozenset({"share", "1"})


@dataclass(frozen=True, slots=True)
class Formats:
    """What writes values in one language.

    Parameters
    ----------
    language
        Code of the language.
    zone
        Zone in which moments are shown.
    """

    language: str
    zone: dt.tzinfo

    def number(self, value: float | None, unit: str = "", digits: int | None = None) -> str:
        """Write a number; with the unit ``share`` as per cent, with a currency as money.

        Parameters
        ----------
        value
            The number; None is shown as a dash.
        unit
            Unit as it shall stand behind the number (translate it before); a share is a per cent.
        digits
            Decimals, by the size of the number if None.
        """
        if value is None:
            return MISSING
        if unit in _SHARE_UNITS:
            return self.share(value, digits)
        if len(unit) == 3 and unit.isupper() and unit in _currencies():
            return self.money(value, unit)
        if digits is None:
            digits = 0 if float(value).is_integer() or abs(value) >= 1000 else _decimals(value)
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        text: str = format_decimal(value, format=pattern, locale=self.language)
        return f"{text}\u00a0{unit}" if unit else text

    def share(self, value: float | None, digits: int | None = None) -> str:
        """Write a share of one as per cent."""
        if value is None:
            return MISSING
        if digits is None:
            percent = abs(value) * 100
            digits = 0 if abs(percent - round(percent)) < 5e-4 else (1 if percent >= 1 else 2)
        sample = str(Locale.parse(self.language).percent_formats[None].pattern)
        pattern = sample.replace("#,##0", "#,##0" + ("." + "#" * digits if digits else ""))
        return str(format_percent(value, format=pattern, locale=self.language))

    def money(self, value: float | None, currency: str = "KZT") -> str:
        """Write money: short where it is a million and more."""
        if value is None:
            return MISSING
        symbol = currency_symbols(currency)[self.language]
        if abs(value) >= 1e6:
            amount = str(
                format_compact_decimal(
                    value, format_type="short", locale=self.language, fraction_digits=1
                )
            )
        else:
            amount = str(format_decimal(value, format="#,##0", locale=self.language))
        return f"{symbol}{amount}" if self.language == "en" else f"{amount}\u00a0{symbol}"

    def date(self, value: dt.date | dt.datetime | None, style: str = "medium") -> str:
        """Write a day (``short``, ``medium``, ``long``, ``full``); of a moment, its day here."""
        if value is None:
            return MISSING
        day = value.astimezone(self.zone).date() if isinstance(value, dt.datetime) else value
        return str(format_date(day, style, locale=self.language))

    def moment(self, value: dt.datetime | None, style: str = "medium") -> str:
        """Write a moment in the zone of the country."""
        if value is None:
            return MISSING
        return str(format_datetime(value, style, tzinfo=self.zone, locale=self.language))


@cache
def formats(language: str, zone: str = "UTC") -> Formats:
    """Give what writes values in a language and a zone."""
    return Formats(language, ZoneInfo(zone))


@cache
def country_zone(code: str) -> str:
    """Give the time zone of a country (ISO 3166), UTC where it has none.

    Where a country has several, the one that most of them agree with today counts.
    """
    zones = [z for z, t in get_global("zone_territories").items() if t == code.upper()]
    if not zones:
        return "UTC"
    now = dt.datetime.now(dt.UTC)
    offsets = {zone: now.astimezone(ZoneInfo(zone)).utcoffset() for zone in sorted(zones)}
    counted = list(offsets.values())
    return max(sorted(zones), key=lambda zone: counted.count(offsets[zone]))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


def _decimals(value: float) -> int:
    size = abs(value)
    if size >= 100:
        return 1
    return 2 if size >= 0.1 else 4
