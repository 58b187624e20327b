"""The templates: one Jinja environment a language, which knows its texts and its formats."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from qamtu.programme.quantity import Quantity
from qamtu.programme.texts import Message
from qamtu.service.pages.catalogues import translations
from qamtu.service.pages.formats import Formats, formats
from qamtu.service.pages.quantities import quantity, unit_name
from qamtu.service.pages.static_files import static_url

__all__ = ["Speaker", "environment", "speaker"]

_SERVICE: Final = "qamtu.service"

_HELD_TOGETHER: Final = re.compile(
    r"(?<=\d) (?=\d|%|млн|млрд|трлн|мың|тыс|million|billion|trillion)"
)
"""Spaces inside a number, and before what belongs to it: a line must not break there."""


class Speaker:
    """Says things in one language: texts, plural forms, names by language.

    Parameters
    ----------
    language
        Code of the language.
    formats
        What writes its numbers and days.
    """

    def __init__(self, language: str, formats: Formats) -> None:
        self.language = language
        self.formats = formats
        self._texts = translations(language)

    def t(self, text: str, /, **values: Any) -> str:
        """Translate an English text and put values into its ``{places}``.

        Numbers and days are written as the language does; a `Markup` value makes the whole
        text markup, with everything else escaped.
        """
        return self._filled(self._texts.gettext(text) if text else "", values)

    def ngettext(self, one: str, many: str, n: float, /, **values: Any) -> str:
        """Translate a text with a count; ``{n}`` is the count."""
        return self._filled(self._texts.ngettext(one, many, int(n)), {"n": n, **values})

    def say(self, message: Message) -> str:
        """Translate a message of the programme and write its values."""
        return self.t(message.msgid, **message.values)

    def quantity(self, value: float | None, unit: str) -> str:
        """Write a value with its unit in the right plural form."""
        return quantity(self._texts, self.formats, value, unit)

    def unit(self, unit: str) -> str:
        """Give the name of a unit."""
        return unit_name(self._texts, unit)

    def name(self, texts: Mapping[str, str] | None) -> str:
        """Give a text by language in this language, else in the first there is."""
        if not texts:
            return ""
        found = texts.get(self.language)
        return _unbroken(found or next((text for text in texts.values() if text), ""))

    def spoken(self, texts: Mapping[str, str] | None) -> str:
        """Give the language that `name` answers in, for the ``lang`` of what is shown."""
        if not texts or texts.get(self.language):
            return self.language
        return next((code for code, text in texts.items() if text), self.language)

    def _filled(self, text: str, values: Mapping[str, Any]) -> str:
        if not values:
            return text
        written = {name: self._written(value) for name, value in values.items()}
        whole = text
        if any(isinstance(value, Markup) for value in written.values()):
            whole = Markup(escape(text))  # noqa: S704  # escaped just here
        said = whole.format(**written)
        # A day may end with a point of its own, at the end of a sentence too.
        return said if ".." in text else said.replace("..", ".")

    def _written(self, value: Any) -> Any:
        if isinstance(value, bool | str):
            return value
        if isinstance(value, Quantity):
            return self.quantity(value.value, value.unit)
        if isinstance(value, int | float):
            return self.formats.number(value)
        if isinstance(value, dt.datetime):
            return self.formats.moment(value)
        if isinstance(value, dt.date):
            return self.formats.date(value)
        return self.name(value) if isinstance(value, Mapping) else value


@lru_cache(maxsize=4096)
def _unbroken(text: str) -> str:
    return _HELD_TOGETHER.sub("\N{NO-BREAK SPACE}", text)


@cache
def speaker(language: str, zone: str = "UTC") -> Speaker:
    """Give what speaks a language in a time zone."""
    return Speaker(language, formats(language, zone))


@cache
def environment(language: str, zone: str = "UTC") -> Environment:
    """Make the environment of a language.

    Templates lie in ``service/<resource>/templates/<resource>/…`` and are named from there
    (``board/board.html.j2``). Globals: ``t``, ``ngettext``, ``name``, ``spoken``, ``static``,
    ``number``, ``share``, ``money``, ``date``, ``moment``, ``quantity``, ``unit``; those from
    ``name`` on, but not ``static``, are filters too.
    """
    service = Path(str(files(_SERVICE)))
    made = Environment(
        loader=FileSystemLoader([str(path) for path in sorted(service.glob("*/templates"))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    voice = speaker(language, zone)
    writers = {
        "number": voice.formats.number, "share": voice.formats.share,
        "money": voice.formats.money, "date": voice.formats.date,
        "moment": voice.formats.moment, "name": voice.name,
        "quantity": voice.quantity, "unit": voice.unit,
    }  # fmt: skip
    made.globals.update(
        writers, t=voice.t, ngettext=voice.ngettext, spoken=voice.spoken, static=static_url,
        language=language,
    )  # fmt: skip
    made.filters.update(writers, code=lambda text: Markup("<code>{}</code>").format(text))
    return made
