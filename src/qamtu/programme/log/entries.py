"""Entries of the log: which version of which record, the hash of its content, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qamtu.programme.log.canonical_json import canonical, digest, moment

__all__ = ["Entry", "entry_of", "leaf"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one record.

    Parameters
    ----------
    kind
        What kind of record: ``commitment``, ``claim``, ``evidence``, ``comment``, …
    record
        Id of the record: the same in all its versions.
    version
        Id of this version.
    content_sha256
        SHA-256 of the canonical text of the version's content, in hexadecimal. Where the content
        is about a person it holds a salt, so that nothing can be guessed from the hash.
    at
        When the version was learned (UTC, aware).
    """

    kind: str
    record: str
    version: str
    content_sha256: str
    at: dt.datetime

    def content(self) -> dict[str, str]:
        """Give the entry as plain values; its canonical text is the leaf."""
        return {
            "kind": self.kind,
            "record": self.record,
            "version": self.version,
            "content_sha256": self.content_sha256,
            "at": moment(self.at),
        }


def entry_of(
    kind: str, record: str, version: str, content: Mapping[str, Any], at: dt.datetime
) -> Entry:
    """Make the entry of a version from its content: plain values that JSON can hold."""
    return Entry(kind, record, version, digest(content), at)


def leaf(entry: Entry) -> bytes:
    """Give what the tree holds of an entry: its canonical text."""
    return canonical(entry.content())
