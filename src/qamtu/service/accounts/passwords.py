"""Passwords: what is taken, how they are kept, and a check that always takes its time.

What is taken follows NIST SP 800-63B (revision 4), section 3.1.1: length counts, no rules about
kinds of letters, no expiry, every letter of Unicode, and a refusal of what everybody tries first.
Kept as argon2id with the second recommended parameters of RFC 9106 (64 MiB, 3 passes, 4 lanes).
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from qamtu.service.accounts.errors import Refused

__all__ = ["LONGEST", "SHORTEST", "check", "hashed", "matches", "outdated"]

SHORTEST, LONGEST = 12, 256
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю",
    "әіңғүұқөһ", "1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
_WORDS = (
    "password", "passwort", "парольпароль", "пароль", "құпиясөз", "qamtu", "welcome", "letmein",
    "iloveyou", "administrator", "admin", "kazakhstan", "казахстан", "қазақстан", "changeme",
    "secret", "qwerty", "dragon", "monkey", "football",
)  # fmt: skip
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_AT_ONCE = threading.BoundedSemaphore(4)  # each takes 64 MiB


def check(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Check a new password.

    Parameters
    ----------
    password
        As typed.
    about
        Sign-in name, name and mail of the person; a password made of them is refused.

    Raises
    ------
    Refused
        If it is too short or long, or among what everybody tries first.
    """
    text = _tidy(password)
    if len(text) < SHORTEST:
        raise Refused("A password has at least {n} letters.", n=SHORTEST)
    if len(text) > LONGEST:
        raise Refused("A password has at most {n} letters.", n=LONGEST)
    left = text.casefold()
    for word in sorted({*_WORDS, *_parts(about)}, key=len, reverse=True):
        left = left.replace(word, "")
    if len(set(left)) < 5 or _run(left) > len(left) / 2:
        raise Refused("This password is too easy to guess. A few words in a row are better.")


def _parts(about: tuple[str, ...]) -> set[str]:
    words = (part for text in about for part in text.casefold().replace("@", " ").split())
    return {word for word in words if len(word) >= 3}


def _run(text: str) -> int:
    """Count the steps that repeat a letter or follow a row of the keyboard or the alphabet."""
    rows = {pair for row in _ROWS for pair in pairwise(row)}
    return sum(a == b or (a, b) in rows or (b, a) in rows for a, b in pairwise(text))


def hashed(password: str) -> str:
    """Give the argon2id hash that is kept."""
    with _AT_ONCE:
        return _HASHER.hash(_tidy(password))


@cache
def _nobodys() -> str:
    return hashed("the password of nobody")


def matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the one kept.

    The work is the same where nothing is kept (an unknown name, an account without a password):
    then the password of nobody is hashed, and the answer is no.
    """
    against = kept or _nobodys()
    with _AT_ONCE:
        try:
            _HASHER.verify(against, _tidy(password[: LONGEST * 4]))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _tidy(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
