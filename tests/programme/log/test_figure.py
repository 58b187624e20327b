"""A figure proves itself, and every change is found and named."""

from __future__ import annotations

import copy
import json
import random

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Severity
from qamtu.programme.log import canonical, digest, key_id, read_public_key, sign_head, verify_head
from qamtu.programme.log.figure import render, shown_text, verify, verify_bytes

from .made_figure import AT, KEY, OTHER_KEY, made

TRUSTED = [KEY.public_key()]


def found(raw, keys=TRUSTED):
    return {(f.id, f.field) for f in verify_bytes(raw, keys)}


def bent(document, path, value):
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return render(changed)


def test_a_figure_is_proved_offline(tmp_path):
    path = tmp_path / "FIGURE.json"
    path.write_bytes(render(made()))
    assert not verify(path, TRUSTED)
    assert not verify(path, [OTHER_KEY.public_key(), *TRUSTED])
    assert shown_text(made()) == "1200.5 settlements (observed, country, 2026-01-01)"
    with pytest.raises(MissingInput):
        verify(tmp_path / "other.json")


@pytest.mark.parametrize("size", [4, 8, 9, 64])
def test_from_logs_of_any_size(size):
    assert not found(render(made(size)))


def test_without_a_trusted_key_it_says_so():
    findings = verify_bytes(render(made()))
    assert [f.id for f in findings] == ["figure-key-not-given"]
    assert findings[0].severity is Severity.WARNING


def test_a_figure_of_another_key_is_refused():
    assert found(render(made(key=OTHER_KEY))) == {("figure-key-other", "head.public_key")}


CHANGES = [
    (("shown", "value"), 1300, "figure-shown", "shown.value"),
    (("shown", "grade"), "A", "figure-shown", "shown.grade"),
    (("evidence", "content", "parameters", "speed_down_mbps"), "50", "figure-content", "evidence.content.parameters"),
    (("evidence", "content", "state"), "filed", "figure-content", "evidence.content.state"),
    (("evidence", "content", "more"), 1, "figure-content", "evidence.content.more"),
    (("commitment", "content", "target"), 30, "figure-content", "commitment.content.target"),
    (("commitment", "content", "promise", "kk"), "", "figure-content", "commitment.content.promise"),
    (("evidence", "digests", "value"), "0" * 64, "figure-digest", "evidence.digests.value"),
    (("evidence", "digests", "more"), "0" * 64, "figure-digest", "evidence.digests.more"),
    (("evidence", "entry", "content_sha256"), "0" * 64, "figure-proof", "evidence.path"),
    (("evidence", "entry", "kind"), "claim", "figure-entry", "evidence.entry.kind"),
    (("evidence", "entry", "at"), "2026-11-01T09:31:00.000000Z", "figure-entry", "evidence.entry.at"),
    (("commitment", "entry", "version"), "x", "figure-entry", "commitment.entry.version"),
    (("evidence", "index"), 3, "figure-proof", "evidence.path"),
    (("commitment", "path", 1), "0" * 64, "figure-proof", "commitment.path"),
    (("commitment", "path"), [], "figure-proof", "commitment.path"),
    (("head", "size"), 12, "figure-head", "head"),
    (("head", "root"), "0" * 64, "figure-head", "head"),
    (("head", "at"), "2025", "figure-head", "head"),
    (("head", "signature"), "0" * 128, "figure-head", "head"),
    (("head", "key"), "0" * 32, "figure-key-id", "head.key"),
    (("head", "public_key"), "0" * 64, "figure-key-id", "head.key"),
    (("head", "timestamp"), "AAAA", "figure-stamp", "head.timestamp"),
    (("seal",), "0" * 128, "figure-seal", "seal"),
    (("format",), "qamtu-figure/2", "figure-fields", "format"),
    (("head", "more"), 1, "figure-fields", "head.more"),
    (("shown",), 1, "figure-fields", "shown"),
    (("evidence",), [], "figure-fields", "evidence"),
    (("evidence", "content"), {}, "figure-fields", "evidence.content"),
    (("evidence", "content", "id"), 3, "figure-fields", "evidence.content"),
    (("evidence", "digests"), 3, "figure-fields", "evidence.digests"),
    (("evidence", "entry", "at"), 3, "figure-fields", "evidence.entry.at"),
    (("evidence", "index"), -1, "figure-fields", "evidence.index"),
    (("evidence", "path", 0), "zz", "figure-fields", "evidence.path"),
    (("head",), None, "figure-fields", "head"),
    (("head", "format"), "x", "figure-fields", "head.format"),
    (("head", "size"), "x", "figure-fields", "head.size"),
    (("head", "at"), 1, "figure-fields", "head.at"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "rule", "place"), CHANGES)
def test_a_change_is_named(path, value, rule, place):
    assert (rule, place) in found(bent(made(), path, value))


def test_a_value_changed_everywhere_breaks_the_hash_in_the_log():
    document = made()
    document["shown"]["value"] = document["evidence"]["content"]["value"] = 1300
    document["evidence"]["digests"]["value"] = digest(1300)
    assert found(render(document)) == {("figure-content", "evidence.content")}
    document["evidence"]["entry"]["content_sha256"] = digest(document["evidence"]["content"])
    assert found(render(document)) == {("figure-proof", "evidence.path")}


def test_a_changed_entry_is_told_from_a_changed_proof():
    raw = bent(made(), ("evidence", "entry", "record"), "x")
    (finding,) = (f for f in verify_bytes(raw, TRUSTED) if f.id == "figure-proof")
    assert "changed: the entry" in finding.what
    raw = bent(made(), ("evidence", "path", 0), "0" * 64)
    (finding,) = (f for f in verify_bytes(raw, TRUSTED) if f.id == "figure-proof")
    assert "the place, the proof or the root" in finding.what


def test_evidence_of_another_promise_is_found():
    assert ("figure-link", "commitment") in found(render(made(commitment="another")))


def test_what_the_value_is_worth_is_said():
    assert found(render(made(basis="planned"))) == {("figure-not-observed", "shown.basis")}
    rejected = found(render(made(state="rejected")))
    assert rejected == {("figure-not-accepted", "evidence.content.state")}


def test_every_changed_byte_is_found():
    raw = render(made())
    chance = random.Random(1)
    for place in chance.sample(range(len(raw)), 400):
        changed = bytearray(raw)
        changed[place] ^= 1 << chance.randrange(8)
        assert found(bytes(changed)), place


def test_every_cut_and_every_lost_byte_is_found():
    raw = render(made())
    for place in random.Random(2).sample(range(len(raw)), 100):
        assert found(raw[:place])
        assert found(raw[:place] + raw[place + 1 :])


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"\xff", b"1", b'{"format": NaN}', b'{"a":1,"a":1}', b"[" * 100_000]
)
def test_what_is_no_figure(raw):
    assert {f.id for f in verify_bytes(raw, TRUSTED)} <= {"figure-unreadable", "figure-fields"}
    assert found(raw)


def test_other_spacing_is_a_warning_and_the_rest_is_judged():
    raw = json.dumps(made()).encode()
    assert [(f.id, f.severity) for f in verify_bytes(raw, TRUSTED)] == [
        ("figure-form", Severity.WARNING)
    ]


def test_heads_are_signed_and_verified():
    head = sign_head(3, b"\1" * 32, AT, KEY)
    assert verify_head(head, KEY.public_key())
    assert not verify_head(head, OTHER_KEY.public_key())
    assert json.loads(head.statement()) == {
        "format": "qamtu-log-head/1", "size": 3, "root": "01" * 32,
        "at": "2026-11-01T09:30:00.000000Z", "key": key_id(KEY.public_key()),
    }  # fmt: skip
    assert canonical(json.loads(head.statement())) == head.statement()


def test_public_keys_are_read_as_pem_or_hexadecimal():
    public = KEY.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    assert read_public_key(pem) == read_public_key(f"{raw}\n") == public
    for text in ("", "zz", pem.replace("MC", "MD")):
        with pytest.raises(InputError):
            read_public_key(text)
