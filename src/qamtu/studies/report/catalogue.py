"""The translations of the page: gettext catalogues and names of countries and currencies."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import get_currency_symbol

__all__ = ["LANGUAGES", "country_names", "currency_symbols", "load_catalogue", "made_on"]

LANGUAGES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""The languages of the page, each by its own name; the first needs no catalogue."""


def load_catalogue(
    language: str, package: str = "qamtu.studies.report", domain: str = "report"
) -> dict[str, str | list[str]]:
    """Load the translations of one language.

    Parameters
    ----------
    language
        A key of `LANGUAGES`.
    package, domain
        Where the catalogue lies, and its name.

    Returns
    -------
    texts
        Translation by English text; a list of plural forms where the text has a count. Empty
        for English. Unfinished (fuzzy or empty) entries are left out.
    """
    if language == "en":
        return {}
    path = files(package).joinpath("locale", language, "LC_MESSAGES", f"{domain}.po")
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language, abort_invalid=True)
    texts: dict[str, str | list[str]] = {}
    for message in catalogue:
        english, translated = message.id, message.string
        if not english or not translated or message.fuzzy:
            continue
        if isinstance(english, str):
            texts[english] = str(translated)
        elif all(translated):
            texts[english[0]] = list(translated)
    return texts


def country_names(code: str) -> dict[str, str]:
    """Give a country's name by language from the CLDR; empty where the code is not a country."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        try:
            name = Locale.parse(language).territories.get(code.upper())
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            names[language] = str(name)
    return names


def currency_symbols(code: str) -> dict[str, str]:
    """Give a currency's symbol by language from the CLDR, the code itself where there is none."""
    symbols = {language: str(get_currency_symbol(code, language)) for language in LANGUAGES}
    short = min(symbols.values(), key=len)
    return dict.fromkeys(LANGUAGES, short) if len(short) == 1 else symbols


def made_on(iso: str) -> dict[str, str] | None:
    """Write the day of an ISO 8601 time in each language; None where it cannot be read."""
    try:
        day = dt.datetime.fromisoformat(iso).date()
    except ValueError:
        return None
    return {language: format_date(day, "long", locale=language) for language in LANGUAGES}
