"""The translations of the pages: every domain's catalogue of a language, merged into one."""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["DOMAINS", "LANGUAGES", "read_domain", "translations"]

LANGUAGES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""The languages of the pages, each by its own name; English needs no catalogue."""

DOMAINS: Final = ("pages", "programme", "accounts", "maps", "jobs", "reports")
"""The catalogues, one an owner; where two translate one text, the first counts."""

_PACKAGE: Final = "qamtu.service.pages"


def read_domain(language: str, domain: str) -> Catalog | None:
    """Read one catalogue.

    Returns
    -------
    catalogue
        None where the language has no such file.

    Raises
    ------
    babel.messages.pofile.PoFileError
        If the file cannot be read.
    """
    path = files(_PACKAGE).joinpath("locale", language, "LC_MESSAGES", f"{domain}.po")
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Give the translations of a language, with its plural rule; unfinished entries are left out.

    The texts are the same as long as the process lives: they are read once.
    """
    made: gettext.NullTranslations = gettext.NullTranslations()
    for domain in reversed(DOMAINS):
        catalogue = read_domain(language, domain)
        if catalogue is None:
            continue
        stream = BytesIO()
        write_mo(stream, catalogue)
        stream.seek(0)
        loaded = gettext.GNUTranslations(stream)
        if not isinstance(made, gettext.GNUTranslations):
            made = loaded
        else:
            loaded.add_fallback(made)
            made = loaded
    return made
