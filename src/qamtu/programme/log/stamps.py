"""Time stamps of RFC 3161: what is asked of a server, and what its answer proves later, offline."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)

from qamtu.core.errors import InputError

__all__ = ["Stamp", "accept_answer", "read_certificates", "read_stamp", "request_for"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says.

    Parameters
    ----------
    at
        Moment that the server gives (UTC).
    matches
        Whether it is a granted stamp of this message.
    trusted
        Whether a trusted certificate stands behind its signature; None where none was given, so
        that the signature could not be judged.
    """

    at: dt.datetime
    matches: bool
    trusted: bool | None


def request_for(message: bytes) -> tuple[bytes, int]:
    """Give the request for a stamp of a message (DER) and the nonce that the answer must repeat."""
    request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
    assert request.nonce is not None
    return request.as_bytes(), request.nonce


def accept_answer(answer: bytes, message: bytes, nonce: int) -> str:
    """Give a server's answer (DER) as Base64, if it is a stamp of this message.

    Raises
    ------
    InputError
        If it is none.
    """
    decoded = _decode(answer)
    if not _stamps(decoded, message) or decoded.tst_info.nonce != nonce:
        raise InputError("the time-stamp server's answer is no stamp of what was sent")
    return base64.b64encode(answer).decode()


def read_stamp(text: str, message: bytes, roots: Sequence[Certificate] = ()) -> Stamp:
    """Read a kept answer and hold it against the message and the certificates that are trusted.

    Parameters
    ----------
    text
        The answer, Base64.
    message
        What was stamped.
    roots
        Certificates of the authorities that are trusted; without any only the message is compared.

    Raises
    ------
    InputError
        If the text is no answer of a time-stamp server.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"the time stamp is not Base64: {error}") from error
    if base64.b64encode(raw).decode() != text:
        raise InputError("the time stamp is not written as Base64 writes it")
    decoded = _decode(raw)
    try:
        at, matches = decoded.tst_info.gen_time, _stamps(decoded, message)
    except Exception as error:
        raise InputError(f"the time stamp cannot be read: {error}") from error
    return Stamp(at, matches, _trusted(decoded, message, roots) if roots else None)


def read_certificates(text: str) -> list[Certificate]:
    """Read certificates of time-stamp authorities (PEM, one or more).

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        return load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise InputError(f"this is no certificate (PEM): {error}") from error


def _decode(raw: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(raw)
    except ValueError as error:
        raise InputError(f"this is no answer of a time-stamp server: {error}") from error


def _stamps(answer: TimeStampResponse, message: bytes) -> bool:
    granted = answer.status in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
    return granted and answer.tst_info.message_imprint.message == hashlib.sha256(message).digest()


def _trusted(answer: TimeStampResponse, message: bytes, roots: Sequence[Certificate]) -> bool:
    verifier = VerifierBuilder(roots=list(roots)).build()
    try:
        return verifier.verify_message(answer, message)
    except Exception:  # noqa: BLE001 - a bent certificate inside may raise anything of its library
        return False
