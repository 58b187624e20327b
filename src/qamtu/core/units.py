"""The closed list of units that a field, parameter or measure may carry."""

from __future__ import annotations

from typing import Final

__all__ = ["UNITS", "is_unit"]

UNITS: Final[dict[str, str]] = {
    "": "no unit: a name, an id, a flag",
    "1": "a pure number: a share, a ratio, a factor",
    "people": "persons",
    "households": "households",
    "settlements": "settlements",
    "people a household": "persons in one household",
    "person-years": "persons served times years",
    "year": "calendar year, or years of duration",
    "date": "ISO 8601 date",
    "deg": "degrees of latitude or longitude (WGS 84), north and east positive",
    "m": "metres",
    "km": "kilometres",
    "km/year": "kilometres built in a year",
    "m2": "square metres",
    "km2": "square kilometres",
    "degree of slope": "degrees of slope above the horizontal",
    "s": "seconds",
    "ms": "milliseconds",
    "Mbit/s": "megabits a second",
    "Gbit/s": "gigabits a second",
    "GHz": "gigahertz",
    "MHz": "megahertz",
    "dB": "decibels",
    "dBm": "decibels above one milliwatt",
    "MW": "megawatts",
    "currency": "money of the pack's currency at the pack's price year",
    "currency/year": "money a year",
    "currency/km": "money a kilometre",
    "currency/km/year": "money a kilometre and year",
    "currency/household": "money a household",
    "currency/household/year": "money a household and year",
    "currency/settlement": "money a settlement",
    "currency/person": "money a person",
    "currency/Mbit/s/year": "money for one Mbit/s of capacity over a year",
    "KZT": "Kazakhstan tenge",
    "USD": "United States dollars",
    "USD/km": "United States dollars a kilometre",
    "USD/km/year": "United States dollars a kilometre and year",
    "USD/household": "United States dollars a household",
    "USD/household/year": "United States dollars a household and year",
    "USD/settlement": "United States dollars a settlement",
    "USD/settlement/year": "United States dollars a settlement and year",
    "USD/Mbit/s/year": "United States dollars for one Mbit/s over a year",
    "KZT/USD": "tenge for one United States dollar",
    "1/year": "share a year: a rate of interest, discount or depreciation",
}


def is_unit(unit: str) -> bool:
    """Tell whether a unit is in the closed list."""
    return unit in UNITS
