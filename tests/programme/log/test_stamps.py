"""Time stamps by OpenSSL's own time-stamp authority, read and verified offline."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace

import pytest

from qamtu.core.errors import InputError
from qamtu.programme.log.figure import render, verify_bytes
from qamtu.programme.log.stamps import accept_answer, read_certificates, read_stamp, request_for
from tests.tsa import Authority, make_authority

from .made_figure import AT, KEY, made

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
TRUSTED = [KEY.public_key()]


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def stamped(authority):
    """A figure whose head carries a time stamp."""

    def stamp(head):
        request, nonce = request_for(head.stamped())
        return replace(
            head, timestamp=accept_answer(authority.answer(request), head.stamped(), nonce)
        )

    return made(stamp=stamp)


def rules(document, authorities=()):
    return [(f.id, f.severity.value) for f in verify_bytes(render(document), TRUSTED, authorities)]


def test_an_answer_is_taken_only_for_what_was_asked(authority):
    request, nonce = request_for(b"a head")
    answer = authority.answer(request)
    assert base64.b64decode(accept_answer(answer, b"a head", nonce)) == answer
    for message, number in ((b"another", nonce), (b"a head", nonce + 1)):
        with pytest.raises(InputError, match="no stamp of what was sent"):
            accept_answer(answer, message, number)
    with pytest.raises(InputError, match="no answer of a time-stamp server"):
        accept_answer(b"<html>", b"a head", nonce)


def test_a_kept_stamp_is_verified_later(authority):
    request, nonce = request_for(b"a head")
    text = accept_answer(authority.answer(request), b"a head", nonce)
    stamp = read_stamp(text, b"a head", read_certificates(authority.root_pem))
    assert (stamp.matches, stamp.trusted) == (True, True)
    assert stamp.at > AT
    assert read_stamp(text, b"a head").trusted is None
    assert not read_stamp(text, b"another").matches


def test_a_stamp_of_a_stranger_is_not_trusted(authority, tmp_path):
    stranger = make_authority(tmp_path)
    request, nonce = request_for(b"a head")
    text = accept_answer(stranger.answer(request), b"a head", nonce)
    assert read_stamp(text, b"a head", read_certificates(authority.root_pem)).trusted is False


def test_a_stamped_figure(authority, stamped):
    roots = read_certificates(authority.root_pem)
    assert rules(stamped, roots) == []
    assert rules(stamped) == [("figure-stamp-unjudged", "warning")]


def test_a_bent_stamp_is_found_and_named(authority, stamped, tmp_path):
    roots = read_certificates(authority.root_pem)
    raw = bytearray(base64.b64decode(stamped["head"]["timestamp"]))
    raw[len(raw) // 2] ^= 1
    bent = stamped | {"head": stamped["head"] | {"timestamp": base64.b64encode(raw).decode()}}
    assert {rule for rule, _ in rules(bent, roots)} & {"figure-stamp", "figure-stamp-untrusted"}
    assert {rule for rule, _ in rules(bent)} & {"figure-stamp", "figure-seal"}
    request, nonce = request_for(b"something else")
    other = accept_answer(authority.answer(request), b"something else", nonce)
    bent = stamped | {"head": stamped["head"] | {"timestamp": other}}
    assert rules(bent, roots) == [("figure-stamp", "error")]
    stranger = read_certificates(make_authority(tmp_path).root_pem)
    assert rules(stamped, stranger) == [("figure-stamp-untrusted", "error")]


def test_what_is_no_certificate():
    with pytest.raises(InputError, match="no certificate"):
        read_certificates("nothing")
