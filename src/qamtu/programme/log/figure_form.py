"""The form of FIGURE.json: its fields, how its bytes are written, and reading it strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.log.canonical_json import canonical
from qamtu.programme.log.heads import HEAD_FORMAT

__all__ = ["FIGURE_FORMAT", "PARTS", "SHOWN", "read_figure", "render"]

FIGURE_FORMAT: Final = "qamtu-figure/1"
PARTS: Final = ("commitment", "evidence")
"""The records of a figure, by their kind in the log."""
SHOWN: Final = ("value", "unit", "scope", "true_on", "basis", "grade")
"""What of the evidence is shown."""

_HASH: Final = 64
_SIGNATURE: Final = 128
_NEED: Final = {
    "commitment": {"id", "record", "learned_at"},
    "evidence": {"id", "record", "learned_at", "commitment", "state", "parameters", *SHOWN},
}
_PART: Final = {"content", "digests", "entry", "index", "path"}
_ENTRY: Final = {"kind", "record", "version", "content_sha256", "at"}
_HEAD: Final = {"format", "size", "root", "at", "key", "public_key", "signature", "timestamp"}
_TOP: Final = {"format", "shown", "head", "seal", *PARTS}


def render(document: Mapping[str, Any]) -> bytes:
    """Write a figure as its file: UTF-8, keys sorted, one line a value."""
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def read_figure(raw: bytes) -> tuple[dict[str, Any] | None, Findings]:
    """Read a figure strictly: JSON, each key once, the fields of the format and no others.

    Returns
    -------
    tuple
        The figure, or None where it is no figure; and what is wrong with its form.
    """
    try:
        document = json.loads(
            raw.decode(), object_pairs_hook=_each_once, parse_constant=_no_constant
        )
        canonical(document)
    except (ValueError, RecursionError) as error:
        return None, Findings((_unreadable(str(error) or type(error).__name__),))
    wrong = list(_misfits(document))
    if wrong:
        return None, Findings(tuple(_misfit(place) for place in wrong))
    if render(document) == raw:
        return document, Findings()
    spacing = Finding(
        "figure-form",
        Severity.WARNING,
        "the file is not byte for byte as the service writes it; what it says is judged below",
        "get the file from the service again if its bytes matter",
    )
    return document, Findings((spacing,))


def _unreadable(why: str) -> Finding:
    return Finding(
        "figure-unreadable",
        Severity.ERROR,
        f"the file cannot be read as a figure: {why}",
        "get the file from the service again",
    )


def _misfit(place: str) -> Finding:
    return Finding(
        "figure-fields",
        Severity.ERROR,
        f"{place} is missing, added, or not of its form",
        "get the file from the service again",
        field=place,
    )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(text: str) -> NoReturn:
    msg = f"{text} is no number of JSON"
    raise ValueError(msg)


def _misfits(document: Any) -> Iterator[str]:
    """Name the places that are not of the format."""
    if not isinstance(document, dict):
        yield "the whole"
        return
    yield from _keys(document, _TOP, "")
    if document.get("format") != FIGURE_FORMAT:
        yield "format"
    if not _is_hex(document.get("seal"), _SIGNATURE):
        yield "seal"
    yield from _keys(document.get("shown"), set(SHOWN), "shown.")
    for part in PARTS:
        yield from _part_misfits(document.get(part), part)
    yield from _head_misfits(document.get("head"))


def _part_misfits(part: Any, name: str) -> Iterator[str]:
    yield from _keys(part, _PART, f"{name}.")
    if not isinstance(part, dict):
        return
    content, entry = part.get("content"), part.get("entry")
    texts = ("id", "record", "learned_at")
    if not isinstance(content, dict) or not (
        _NEED[name] <= set(content) and all(isinstance(content[key], str) for key in texts)
    ):
        yield f"{name}.content"
    if not isinstance(part.get("digests"), dict):
        yield f"{name}.digests"
    yield from _keys(entry, _ENTRY, f"{name}.entry.")
    if isinstance(entry, dict):
        yield from (
            f"{name}.entry.{key}" for key, value in entry.items() if not isinstance(value, str)
        )
    if not _is_count(part.get("index")):
        yield f"{name}.index"
    path = part.get("path")
    if not isinstance(path, list) or not all(_is_hex(value, _HASH) for value in path):
        yield f"{name}.path"


def _head_misfits(head: Any) -> Iterator[str]:
    yield from _keys(head, _HEAD, "head.")
    if not isinstance(head, dict):
        return
    if head.get("format") != HEAD_FORMAT:
        yield "head.format"
    if not _is_count(head.get("size")):
        yield "head.size"
    for key, length in {"root": _HASH, "public_key": _HASH, "signature": _SIGNATURE}.items():
        if not _is_hex(head.get(key), length):
            yield f"head.{key}"
    for key in ("at", "key", "timestamp"):
        if not isinstance(head.get(key), str):
            yield f"head.{key}"


def _keys(value: Any, wanted: set[str], prefix: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield prefix.rstrip(".") or "the whole"
    else:
        yield from (f"{prefix}{key}" for key in sorted(wanted ^ set(value)))


def _is_hex(value: Any, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= set("0123456789abcdef")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
