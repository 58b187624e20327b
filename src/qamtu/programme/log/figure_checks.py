"""What a figure proves: one function a rule, each naming what was changed.

The chain is value → evidence → entry → proof → head → key. Each link is held against the next, so
that a change is found where it was made: the seal over the whole file speaks only where no link
has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.log.canonical_json import canonical, digest, moment
from qamtu.programme.log.figure_form import PARTS, SHOWN
from qamtu.programme.log.heads import SignedHead, key_id, public_bytes, verify_head
from qamtu.programme.log.stamps import read_stamp
from qamtu.programme.log.tree import leaf_hash, verify_inclusion

__all__ = ["check_figure", "head_of"]

Document = Mapping[str, Any]


def check_figure(
    document: Document, keys: Sequence[Ed25519PublicKey], authorities: Sequence[Certificate]
) -> Findings:
    """Hold every link of a figure against the next.

    Parameters
    ----------
    document
        A figure of the right form.
    keys
        Keys of the log that the reader trusts.
    authorities
        Certificates of time-stamp authorities that the reader trusts.
    """
    head = head_of(document)
    found = [
        *_shown(document),
        *(finding for part in PARTS for finding in _content(document[part], part)),
        *_signature(head),
        *(finding for part in PARTS for finding in _proof(document[part], part, head)),
        *_link(document),
        *_stamp(head, authorities),
    ]
    if not any(finding.severity is Severity.ERROR for finding in found):
        found += _seal(document, head)
    return Findings((*found, *_key(head, keys), *_standing(document)))


def head_of(document: Document) -> SignedHead:
    """Give the signed head of a figure."""
    return SignedHead(**{k: value for k, value in document["head"].items() if k != "format"})


def _shown(document: Document) -> Iterator[Finding]:
    content = document["evidence"]["content"]
    for name in SHOWN:
        shown, kept = document["shown"][name], content[name]
        if digest(shown) != digest(kept):
            yield _broken(
                "figure-shown",
                f"{name} is shown as {shown!r}, the evidence says {kept!r}",
                f"shown.{name}",
            )


def _content(part: Document, name: str) -> Iterator[Finding]:
    """Hold content and digests against the hash in the entry; name the fields that differ."""
    content, entry = part["content"], part["entry"]
    digests = {key: digest(value) for key, value in content.items()}
    fields = [key for key in sorted({*digests, *part["digests"]}) if _differs(part, digests, key)]
    if digest(content) == entry["content_sha256"]:
        for key in fields:
            yield _broken(
                "figure-digest",
                f"the hash of {name}.{key} was changed; its content is the one in the log",
                f"{name}.digests.{key}",
            )
        return
    for key in fields or ["content"]:
        yield _broken(
            "figure-content",
            f"{name}.{key} is not what the log holds the hash of",
            f"{name}.content.{key}" if fields else f"{name}.content",
        )


def _differs(part: Document, digests: Mapping[str, str], key: str) -> bool:
    kept: Mapping[str, Any] = part["digests"]
    return digests.get(key) != kept.get(key)


def _signature(head: SignedHead) -> Iterator[Finding]:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.public_key))
    if head.key != key_id(key):
        yield _broken(
            "figure-key-id",
            f"the head names the key {head.key}, the public key beside it is {key_id(key)}",
            "head.key",
        )
    elif not verify_head(head, key):
        yield _broken(
            "figure-head",
            "the signature of the head does not hold: size, root, moment or signature were changed",
            "head",
        )


def _proof(part: Document, name: str, head: SignedHead) -> Iterator[Finding]:
    entry, content = part["entry"], part["content"]
    told = _entry_by_content(part, name)
    for key in sorted(entry):
        if key != "content_sha256" and entry[key] != told[key]:
            yield _broken(
                "figure-entry",
                f"the entry of the log says {key} {entry[key]!r}, the {name} {told[key]!r}",
                f"{name}.entry.{key}",
            )
    if _included(part, entry, head):
        return
    changed = "the place, the proof or the root of the head"
    if _included(part, told | {"content_sha256": digest(content)}, head):
        changed = "the entry; with the entry that its content makes the proof holds"
    yield _broken(
        "figure-proof",
        f"the entry of the {name} is not proved to be in the head; changed: {changed}",
        f"{name}.path",
    )


def _entry_by_content(part: Document, name: str) -> dict[str, Any]:
    """Give the entry that a content makes; a moment that cannot be read makes no entry."""
    content = part["content"]
    try:
        at = moment(dt.datetime.fromisoformat(content["learned_at"]))
    except ValueError:
        at = ""
    return {
        "kind": name,
        "record": content["record"],
        "version": content["id"],
        "content_sha256": part["entry"]["content_sha256"],
        "at": at,
    }


def _included(part: Document, entry: Document, head: SignedHead) -> bool:
    path = [bytes.fromhex(value) for value in part["path"]]
    leaf = leaf_hash(canonical(entry))
    return verify_inclusion(leaf, part["index"], head.size, path, bytes.fromhex(head.root))


def _link(document: Document) -> Iterator[Finding]:
    about = document["evidence"]["content"]["commitment"]
    promised = document["commitment"]["content"]["record"]
    if about != promised:
        yield _broken(
            "figure-link",
            f"the evidence is about {about!r}, the commitment beside it is {promised!r}",
            "commitment",
        )


def _stamp(head: SignedHead, authorities: Sequence[Certificate]) -> Iterator[Finding]:
    if not head.timestamp:
        return
    place = "head.timestamp"
    try:
        stamp = read_stamp(head.timestamp, head.stamped(), authorities)
    except InputError as error:
        yield _broken("figure-stamp", str(error), place)
        return
    if not stamp.matches:
        yield _broken(
            "figure-stamp", "the time stamp is one of something else than this head", place
        )
    elif stamp.trusted is None:
        yield Finding(
            "figure-stamp-unjudged",
            Severity.WARNING,
            f"a time stamp says {stamp.at:%Y-%m-%d %H:%M:%S} UTC; who gave it was not judged",
            "give the certificate of the time-stamp authority (--tsa)",
            field=place,
        )
    elif not stamp.trusted:
        yield Finding(
            "figure-stamp-untrusted",
            Severity.ERROR,
            "the time stamp is not signed by an authority that was given as trusted",
            "give the certificate of the right authority, or trust the service's own copy",
            field=place,
        )


def _seal(document: Document, head: SignedHead) -> Iterator[Finding]:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.public_key))
    rest = {name: value for name, value in document.items() if name != "seal"}
    try:
        key.verify(bytes.fromhex(document["seal"]), canonical(rest))
    except InvalidSignature:
        yield _broken(
            "figure-seal",
            "the seal over the whole file does not hold, though the value is proved: the seal or "
            "the time stamp was changed",
            "seal",
        )


def _key(head: SignedHead, keys: Sequence[Ed25519PublicKey]) -> Iterator[Finding]:
    if not keys:
        yield Finding(
            "figure-key-not-given",
            Severity.WARNING,
            f"no trusted key was given: the figure agrees with itself and the key {head.key} that "
            "it carries, which anybody can make",
            "get the log's public key from a place you trust and give it (--key head.pub)",
            field="head.public_key",
        )
    elif bytes.fromhex(head.public_key) not in {public_bytes(key) for key in keys}:
        yield Finding(
            "figure-key-other",
            Severity.ERROR,
            f"the head is signed by the key {head.key}, which is none of those given",
            "do not trust the figure, or give the key that the log had at that time",
            field="head.public_key",
        )


def _standing(document: Document) -> Iterator[Finding]:
    content = document["evidence"]["content"]
    if content["state"] != "accepted" or content.get("withdrawn"):
        yield Finding(
            "figure-not-accepted",
            Severity.WARNING,
            "this version of the evidence was not accepted, or was taken back",
            "ask the service for the version that holds",
            field="evidence.content.state",
        )
    if content["basis"] != "observed":
        yield Finding(
            "figure-not-observed",
            Severity.WARNING,
            f"the value is {content['basis']}, nobody has seen it",
            "name it so wherever it is quoted",
            field="shown.basis",
        )


def _broken(rule: str, what: str, field: str) -> Finding:
    return Finding(
        rule, Severity.ERROR, what, "trust the service's own copy, not this one", field=field
    )
