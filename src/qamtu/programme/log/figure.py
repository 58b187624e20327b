"""Figures that prove themselves: a shown value with its evidence, log entry, proof and signature.

``FIGURE.json`` holds what is shown, the commitment and the evidence behind it (content, entry of
the log, place and inclusion proof), a signed head of the log, and a seal: the log's key over the
whole file. `figure_checks` says what a reader can find out from it, offline.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509 import Certificate

from qamtu.core.errors import MissingInput
from qamtu.core.findings import Findings
from qamtu.programme.log.canonical_json import canonical, digest
from qamtu.programme.log.entries import Entry
from qamtu.programme.log.figure_checks import check_figure
from qamtu.programme.log.figure_form import FIGURE_FORMAT, SHOWN, read_figure, render
from qamtu.programme.log.heads import SignedHead

__all__ = ["Proven", "make", "render", "verify", "verify_bytes"]


@dataclass(frozen=True, slots=True)
class Proven:
    """One version of a record with the proof that the log holds it.

    Parameters
    ----------
    content
        The version as plain values; the entry holds the hash of it.
    entry
        Its entry.
    index
        Place of the entry.
    path
        Inclusion proof of the entry in the tree of the figure's head.
    """

    content: Mapping[str, Any]
    entry: Entry
    index: int
    path: Sequence[bytes]

    def document(self) -> dict[str, Any]:
        """Give it as plain values; the hash of each field lets a reader name what was changed."""
        return {
            "content": dict(self.content),
            "digests": {name: digest(value) for name, value in self.content.items()},
            "entry": self.entry.content(),
            "index": self.index,
            "path": [value.hex() for value in self.path],
        }


def make(
    commitment: Proven, evidence: Proven, head: SignedHead, key: Ed25519PrivateKey
) -> dict[str, Any]:
    """Make the content of ``FIGURE.json``.

    Parameters
    ----------
    commitment, evidence
        The promise, and what shows how far it is kept; both proved in ``head``.
    head
        A signed head.
    key
        The key that signed it; it seals the figure.
    """
    document: dict[str, Any] = {
        "format": FIGURE_FORMAT,
        "shown": {name: evidence.content[name] for name in SHOWN},
        "commitment": commitment.document(),
        "evidence": evidence.document(),
        "head": head.content(),
    }
    return document | {"seal": key.sign(canonical(document)).hex()}


def verify(
    path: Path,
    keys: Sequence[Ed25519PublicKey] = (),
    authorities: Sequence[Certificate] = (),
) -> Findings:
    """Say what is wrong with a figure, and what could not be judged; needs no network.

    Parameters
    ----------
    path
        ``FIGURE.json``.
    keys
        Keys of the log that the reader trusts, from elsewhere than the figure.
    authorities
        Certificates of the time-stamp authorities that the reader trusts.

    Returns
    -------
    Findings
        An error for each thing that was changed or does not hold together, a warning for what a
        reader should know, none where all is proved. Without ``keys`` one warning says that the
        figure is only proved to agree with itself.

    Raises
    ------
    MissingInput
        If the file is not there.
    """
    if not path.is_file():
        raise MissingInput(f"{path} is not there: name a FIGURE.json that the service gave")
    return verify_bytes(path.read_bytes(), keys, authorities)


def verify_bytes(
    raw: bytes,
    keys: Sequence[Ed25519PublicKey] = (),
    authorities: Sequence[Certificate] = (),
) -> Findings:
    """Say what is wrong with the bytes of a figure; see `verify`."""
    document, findings = read_figure(raw)
    if document is None:
        return findings
    return findings + check_figure(document, keys, authorities)


def shown_text(document: Mapping[str, Any]) -> str:
    """Give the shown value as one line for people."""
    shown = document["shown"]
    value = "no value" if shown["value"] is None else json.dumps(shown["value"])
    return f"{value} {shown['unit']} ({shown['basis']}, {shown['scope']}, {shown['true_on']})"
