"""Values with their unit as a sentence says them: the unit in the right plural form."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from typing import Final

from qamtu.service.pages.formats import MISSING, Formats

__all__ = ["COUNTED", "quantity", "unit_name"]


def _n(one: str, many: str) -> tuple[str, str]:
    """Mark a text with a count for the extraction of texts."""
    return one, many


def _t(text: str) -> str:
    """Mark a text for the extraction of texts."""
    return text


COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "settlements": _n("{n} settlement", "{n} settlements"),
    "households": _n("{n} household", "{n} households"),
    "people": _n("{n} person", "{n} people"),
    "cities": _n("{n} city", "{n} cities"),
    "km": _n("{n} km", "{n} km"),
    "km2": _n("{n} km²", "{n} km²"),
    "operators": _n("{n} operator", "{n} operators"),
    "regions": _n("{n} region", "{n} regions"),
    "cases": _n("{n} case", "{n} cases"),
    "satellites": _n("{n} satellite", "{n} satellites"),
    "bodies": _n("{n} body", "{n} bodies"),
    "companies": _n("{n} company", "{n} companies"),
    "systems": _n("{n} system", "{n} systems"),
    "measures": _n("{n} support measure", "{n} support measures"),
    "offices": _n("{n} centre", "{n} centres"),
    "machines": _n("{n} computer", "{n} computers"),
    "sites": _n("{n} site", "{n} sites"),
    "year": _n("{n} year", "{n} years"),
    "Mbit/s": _n("{n} Mbit/s", "{n} Mbit/s"),
    "ms": _n("{n} ms", "{n} ms"),
    "%": _n("{n} %", "{n} %"),
}
"""Units that are said with a plural form, in the singular and the plural of English."""

_NAMES: Final[Mapping[str, str]] = {
    "settlements": _t("settlements"),
    "households": _t("households"),
    "people": _t("people"),
    "cities": _t("cities"),
    "km": _t("kilometres"),
    "km2": _t("square kilometres"),
    "operators": _t("operators"),
    "regions": _t("regions"),
    "cases": _t("cases"),
    "satellites": _t("satellites"),
    "bodies": _t("government bodies"),
    "companies": _t("companies"),
    "systems": _t("information systems"),
    "measures": _t("support measures"),
    "offices": _t("public service centres"),
    "machines": _t("computers"),
    "share": _t("share, in per cent"),
    "1": _t("share, in per cent"),
    "KZT": _t("tenge"),
    "USD": _t("US dollars"),
    "stage": _t("stage of a procedure"),
    "sites": _t("sites"),
}


def quantity(
    texts: gettext.NullTranslations, formats: Formats, value: float | None, unit: str
) -> str:
    """Write a value with its unit.

    A broken number takes the form of two: in Russian that is the genitive singular, which
    grammar asks for after a fraction.
    """
    if value is None:
        return MISSING
    forms = COUNTED.get(unit)
    if forms is None:
        return formats.number(value, unit)
    count = abs(int(value)) if float(value).is_integer() else 2
    return texts.ngettext(*forms, count).format(n=formats.number(value))


@cache
def unit_name(texts: gettext.NullTranslations, unit: str) -> str:
    """Give the name of a unit, the unit itself where it has none."""
    name = _NAMES.get(unit)
    return texts.gettext(name) if name else unit
