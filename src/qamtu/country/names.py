"""Names of places and units: compared across spellings, written in another script."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

__all__ = ["LANGUAGES", "best_match", "comparable", "latin_key", "romanised"]

LANGUAGES: Final = ("name_kk", "name_ru", "name_en")

_MARKS = re.compile(r"[^\w\s]|_")
_SPACES = re.compile(r"\s+")


def comparable(name: str, strip: Sequence[str] = ()) -> str:
    """Give a name in the form in which two spellings of one name are equal.

    Case, marks and spaces are levelled, ``ё`` is ``е``; words of ``strip`` (kinds of places
    and units, such as "district") are dropped, longest first.
    """
    levelled = unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
    for words in sorted(strip, key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(words.casefold())}(?!\w)"
        levelled = re.sub(pattern, " ", levelled)
    levelled = _MARKS.sub(" ", levelled.replace("-", " "))
    return _SPACES.sub(" ", levelled).strip()


def romanised(name: str, table: Mapping[str, str]) -> str:
    """Write a name in Latin letters by a table of letters; the first letter keeps its case."""
    made: list[str] = []
    for letter in unicodedata.normalize("NFC", name):
        latin = table.get(letter.casefold())
        if latin is None:
            made.append(letter)
        elif letter.isupper():
            made.append(latin[:1].upper() + latin[1:])
        else:
            made.append(latin)
    return "".join(made)


def latin_key(name: str, table: Mapping[str, str], endings: Iterable[str] = ()) -> str:
    """Give the skeleton of a name for comparing two romanisations: plain a-z, no doubles.

    Letters that systems of romanisation disagree on are levelled (``q`` and ``kh`` to ``k``,
    ``gh`` to ``g``, ``dzh`` to ``zh``, ``y`` and ``j`` to ``i``), then adjectival endings
    are dropped.
    """
    plain = unicodedata.normalize("NFKD", romanised(name, table)).casefold()
    plain = re.sub(r"[^a-z]", "", plain)
    for ending in sorted(endings, key=len, reverse=True):
        if plain.endswith(ending) and len(plain) > len(ending) + 2:
            plain = plain[: -len(ending)]
            break
    for many, one in (("dzh", "zh"), ("kh", "k"), ("gh", "g"), ("ts", "c"), ("shch", "sh")):
        plain = plain.replace(many, one)
    plain = plain.translate(str.maketrans("qyjw", "kiiu"))
    return re.sub(r"(.)\1+", r"\1", plain)


def best_match(key: str, keys: Sequence[str], least: float) -> tuple[int, float]:
    """Give the place of the most similar key and its ratio; −1 where none reaches ``least``.

    The ratio is Ratcliff and Obershelp's, 1 for equal keys (Dr. Dobb's Journal, July 1988).
    A tie between two keys is no match.
    """
    ratios = [difflib.SequenceMatcher(None, key, other).ratio() for other in keys]
    if not ratios:
        return -1, 0.0
    top = max(range(len(ratios)), key=ratios.__getitem__)
    if ratios[top] < least or ratios.count(ratios[top]) > 1:
        return -1, ratios[top]
    return top, ratios[top]
