"""How the report speaks one language: its own texts, the programme's, quantities and days.

Numbers stand after a colon or alone in the nominative, so that no case ending hangs on them: the
plural form follows the number (CLDR), the sentence never asks for another case.
"""

from __future__ import annotations

import datetime as dt
import gettext
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Texts
from qamtu.programme.texts import Message, render

__all__ = ["COUNTED", "LANGUAGES", "Words", "read_catalogue"]

LANGUAGES: Final = ("kk", "ru", "en")

COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "settlements": ("{n} settlement", "{n} settlements"),
    "households": ("{n} household", "{n} households"),
    "people": ("{n} person", "{n} people"),
    "cities": ("{n} city", "{n} cities"),
    "km": ("{n} km", "{n} km"),
    "operators": ("{n} operator", "{n} operators"),
    "regions": ("{n} region", "{n} regions"),
    "cases": ("{n} case", "{n} cases"),
    "satellites": ("{n} satellite", "{n} satellites"),
    "bodies": ("{n} body", "{n} bodies"),
    "companies": ("{n} company", "{n} companies"),
    "systems": ("{n} system", "{n} systems"),
    "measures": ("{n} support measure", "{n} support measures"),
    "offices": ("{n} service centre", "{n} service centres"),
    "machines": ("{n} computer", "{n} computers"),
    "days": ("{n} day", "{n} days"),
    "KZT": ("{n} tenge", "{n} tenge"),
    "USD": ("{n} US dollar", "{n} US dollars"),
}
"""Units that are said with a plural form; a unit not named here stands as it is."""

_MONEY: Final = frozenset({"KZT", "USD"})
_SHARES: Final = frozenset({"share", "1"})


@dataclass(frozen=True, slots=True)
class Words:
    """One language.

    Parameters
    ----------
    language
        ``kk``, ``ru`` or ``en``.
    programme
        Translates the words of the board (domain ``programme``); English by default.
    """

    language: str
    programme: Callable[[str], str] = field(default=str)

    def t(self, text: str, **values: object) -> str:
        """Translate a text of the report and fill its places."""
        found = _translations(self.language).gettext(text)
        text = found.format(**values) if values else found
        return text.replace("..", ".")  # a day may end with the dot of an abbreviation

    def n(self, forms: tuple[str, str], count: float, **values: object) -> str:
        """Translate a text with a count, in the plural form of the count."""
        whole = abs(int(count)) if float(count).is_integer() else 2
        text = _translations(self.language).ngettext(*forms, whole)
        return text.format(**values)

    def name(self, texts: Texts) -> str:
        """Choose a text by language; English, then any, where this language has none."""
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")

    def quantity(self, value: float, unit: str) -> str:
        """Write a value with its unit; a share as per cent, large money in words."""
        if unit in _SHARES:
            return self.share(value)
        forms = COUNTED.get(unit)
        if forms is None:
            return f"{self.number(value)}\u00a0{unit}"
        shown = self._compact(value) if unit in _MONEY and abs(value) >= 1e6 else self.number(value)
        count = 5.0 if unit in _MONEY and abs(value) >= 1e6 else value  # millions *of* something
        return self.n(forms, count, n=shown.replace(" ", "\u00a0") + "\u00a0").replace(
            "\u00a0 ", "\u00a0"
        )  # the number stays with the word behind it

    def number(self, value: float) -> str:
        """Write a number: whole from a thousand up, else with what digits it needs."""
        whole = float(value).is_integer() or abs(value) >= 1000
        pattern = "#,##0" if whole else "#,##0.##" if abs(value) >= 0.1 else "#,##0.####"
        return str(format_decimal(value, format=pattern, locale=self.language))

    def share(self, value: float) -> str:
        """Write a share as per cent, with a decimal where it needs one."""
        percent = abs(value) * 100
        digits = 0 if abs(percent - round(percent)) < 5e-4 else 1 if percent >= 1 else 2
        sign = "%" if self.language == "en" else "\u00a0%"
        pattern = "#,##0" + ("." + "#" * digits if digits else "") + sign
        return str(format_percent(value, format=pattern, locale=self.language))

    def day(self, value: dt.date) -> str:
        """Write a day in full, its parts kept on one line."""
        text = str(format_date(value, "long", locale=self.language))
        return text.replace(" ", "\u00a0")

    def any(self, value: Any) -> str:
        """Write a value of the board's words: quantity, share, day, count, name or texts."""
        match value:
            case Quantity(value=number, unit=unit):
                return self.quantity(number, unit)
            case bool():
                return str(value)
            case int() | float():
                return self.number(value)
            case dt.date():
                return self.day(value)
            case Mapping():
                return self.name(value)
        return str(value)

    def say(self, message: Message) -> str:
        """Write a message of the board."""
        return render(message, self.programme, self.any).replace("..", ".")

    def _compact(self, value: float) -> str:
        scale = 1000.0 ** min(int(math.log10(abs(value)) // 3), 4)
        scaled = round(value / scale, 1)
        whole = scaled.is_integer()
        text = format_compact_decimal(  # the plural form follows the number given: int or broken
            int(scaled) * int(scale) if whole else scaled * scale,
            format_type="long",
            locale=self.language,
            fraction_digits=0 if whole else 1,
        )
        return str(text)


def read_catalogue(language: str) -> Catalog:
    """Read the report's own catalogue of a language other than English."""
    path = files("qamtu.studies.session_report").joinpath(
        "locale", language, "LC_MESSAGES", "reports.po"
    )
    with path.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """Load a language with its plural rule; English, and what is unfinished, stays as written."""
    if language == "en":
        return gettext.NullTranslations()
    stream = BytesIO()
    write_mo(stream, read_catalogue(language))
    stream.seek(0)
    return gettext.GNUTranslations(stream)
