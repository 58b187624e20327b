"""Canonical JSON (RFC 8785): one text for one content, so that anyone can compute its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

__all__ = ["canonical", "digest", "moment"]

_LARGEST = 2**53 - 1


def canonical(content: Any) -> bytes:
    """Give the one text of a content: keys sorted, no blanks, numbers as ECMAScript writes them.

    Parameters
    ----------
    content
        Mappings with text keys, lists, tuples, texts, numbers, booleans and None.

    Returns
    -------
    bytes
        UTF-8 text by the JSON Canonicalization Scheme (RFC 8785, section 3.2).

    Raises
    ------
    ValueError
        If a number is not finite or a whole number is not exact as a double; if a text has a
        lone surrogate.
    TypeError
        If a value is none of these, or a key is not a text.
    """
    parts: list[str] = []
    _write(content, parts)
    return "".join(parts).encode()


def digest(content: Any) -> str:
    """Give the SHA-256 of the canonical text of a content, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def moment(at: dt.datetime) -> str:
    """Write a moment in UTC with microseconds: ``2026-11-23T10:00:00.000000Z``.

    Raises
    ------
    ValueError
        If the moment has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _write(value: Any, parts: list[str]) -> None:
    if value is None:
        parts.append("null")
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, str):
        parts.append(encode_basestring(value))
    elif isinstance(value, int):
        parts.append(str(value))
        if abs(value) > _LARGEST and (abs(value) > 1e21 or _number(float(value)) != parts[-1]):
            msg = f"{value} is not exact as a double; write it as a text"
            raise ValueError(msg)
    elif isinstance(value, float):
        parts.append(_number(value))
    elif isinstance(value, Mapping):
        _write_mapping(value, parts)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            parts.append("," if i else "[")
            _write(item, parts)
        parts.append("]" if value else "[]")
    else:
        msg = f"a {type(value).__name__} has no canonical form"
        raise TypeError(msg)


def _write_mapping(value: Mapping[Any, Any], parts: list[str]) -> None:
    if not all(isinstance(key, str) for key in value):
        raise TypeError("a key has to be a text")
    # Sorted by UTF-16 code units (section 3.2.3), which big-endian bytes keep.
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    for i, key in enumerate(keys):
        parts.append("," if i else "{")
        parts.append(encode_basestring(key))
        parts.append(":")
        _write(value[key], parts)
    parts.append("}" if keys else "{}")


def _number(value: float) -> str:
    """Write a double as ECMAScript does (ECMA-262, Number::toString; RFC 8785, section 3.2.2.3)."""
    if not math.isfinite(value):
        msg = f"{value} is no number of JSON"
        raise ValueError(msg)
    if value == 0.0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")  # the shortest digits, as ECMAScript's
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + part) - len(digits))
    digits = digits.rstrip("0")
    n = len(digits)
    if n <= point <= 21:
        text = digits + "0" * (point - n)
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        rest = f".{digits[1:]}" if n > 1 else ""
        text = f"{digits[0]}{rest}e{point - 1:+d}"
    return sign + text
