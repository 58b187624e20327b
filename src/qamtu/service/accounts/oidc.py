"""OpenID Connect: code flow with PKCE; state, nonce, issuer and audience checked.

An account is linked to a provider's person by issuer and subject and by nothing else: never by
mail, which a provider may let people choose. Everything is fetched through the guard.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque, repository
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Account, Identity, PendingSignIn
from qamtu.service.database.engine import writing
from qamtu.service.outbound.fetch import Unreachable, fetch
from qamtu.service.settings import OidcSettings, Settings
from qamtu.service.state import State

__all__ = ["Returned", "begin", "finish"]

_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
_TIME = dt.timedelta(minutes=10)
_LEEWAY_S = 60
NO_ANSWER = "The provider does not answer as it should."


@dataclass(frozen=True, slots=True)
class Returned:
    """Whom a provider vouched for, and where the sign-in began."""

    account: str
    target: str


def begin(
    state: State, provider: OidcSettings, browser: str, target: str, link_to: str | None
) -> str:
    """Begin a sign-in and give the provider's address to lead the browser to.

    Parameters
    ----------
    provider
        One of the settings.
    browser
        Value of the browser's form cookie: only this browser may come back.
    target
        Path to lead to at the end.
    link_to
        Account that is to be linked; None for a sign-in.

    Raises
    ------
    Refused
        If the provider does not answer as it should.
    """
    found = _discover(state.settings, provider)
    nonce, verifier, mark = opaque.make(), opaque.make(), opaque.make()
    url = prepare_grant_uri(
        found["authorization_endpoint"],
        provider.client_id,
        "code",
        redirect_uri=redirect_uri(state.settings),
        scope="openid profile email",
        state=mark,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    now = dt.datetime.now(dt.UTC)
    with writing(state.sessions) as session:
        session.execute(delete(PendingSignIn).where(PendingSignIn.expires_at < now))
        session.add(
            PendingSignIn(
                state_hash=opaque.digest(mark),
                browser_hash=opaque.digest(browser),
                issuer=provider.issuer,
                nonce=nonce,
                verifier=verifier,
                target=target,
                link_to=link_to,
                expires_at=now + _TIME,
            )
        )
    return str(url)


def finish(state: State, mark: str, code: str, issuer: str, browser: str) -> Returned:
    """Take what the browser brings back: once, from the browser that left.

    Parameters
    ----------
    mark, code, issuer
        ``state``, ``code`` and ``iss`` (RFC 9207; may be empty) of the address.
    browser
        Value of the browser's form cookie.

    Raises
    ------
    Refused
        If the sign-in is unknown, too old, another browser's, or not vouched for.
    """
    now = dt.datetime.now(dt.UTC)
    with writing(state.sessions) as session:
        row = session.get(PendingSignIn, opaque.digest(mark))
        if row is not None:
            session.delete(row)
    same = row is not None and hmac.compare_digest(row.browser_hash, opaque.digest(browser))
    if row is None or not same or row.expires_at < now or not code:
        raise Refused("The sign-in is unknown or too old. Start again.")
    provider = next((p for p in state.settings.oidc if p.issuer == row.issuer), None)
    if provider is None or (issuer and issuer != provider.issuer):
        raise Refused(NO_ANSWER)
    claims = _claims(state.settings, provider, code, row)
    with writing(state.sessions) as session:
        account = _account(session, provider, claims, row.link_to)
        return Returned(account.id, row.target)


def redirect_uri(settings: Settings) -> str:
    """Address to which providers lead back; it is registered with them."""
    return settings.public_url.rstrip("/") + "/sign-in/return"


def _token(settings: Settings, provider: OidcSettings, url: str, **form: str) -> dict[str, Any]:
    """Change the code for tokens; the secret goes as HTTP Basic (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
    content = {"grant_type": "authorization_code", "redirect_uri": redirect_uri(settings), **form}
    headers = {
        "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _json(settings, url, headers, urlencode(content).encode())


def _json(
    settings: Settings,
    url: str,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> dict[str, Any]:
    method = "GET" if content is None else "POST"
    sent = {"Accept": "application/json", **(headers or {})}
    try:
        answer = fetch(settings, url, method=method, headers=sent, content=content)
        told = json.loads(answer.content)
    except (Unreachable, ValueError) as error:
        raise Refused(NO_ANSWER) from error
    if answer.status != 200 or not isinstance(told, dict):
        raise Refused(NO_ANSWER)
    return told


def _discover(settings: Settings, provider: OidcSettings) -> dict[str, Any]:
    """Read the discovery document (OpenID Connect Discovery 1.0, section 4); its issuer is ours."""
    found = _json(settings, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != provider.issuer or not all(
        isinstance(found.get(name), str) for name in needed
    ):
        raise Refused(NO_ANSWER)
    secure = urlsplit(provider.issuer).scheme == "https"
    if secure and any(urlsplit(found[name]).scheme != "https" for name in needed):
        raise Refused(NO_ANSWER)
    return found


def _claims(
    settings: Settings, provider: OidcSettings, code: str, row: PendingSignIn
) -> dict[str, Any]:
    found = _discover(settings, provider)
    try:
        token = _token(
            settings, provider, found["token_endpoint"], code=code, code_verifier=row.verifier
        )
        keys = KeySet.import_key_set(_json(settings, found["jwks_uri"]))  # type: ignore[arg-type]
        decoded = jwt.decode(token["id_token"], keys, algorithms=list(_ALGORITHMS))
        checked = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True, "value": row.nonce},
                "sub": {"essential": True},
            },
            params={
                "nonce": row.nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        checked.validate(leeway=_LEEWAY_S)
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise Refused(NO_ANSWER) from error
    return dict(checked)


def _account(
    session: Session, provider: OidcSettings, claims: dict[str, Any], link_to: str | None
) -> Account:
    key = (provider.issuer, str(claims["sub"])[:300])
    known = session.get(Identity, key)
    role, region, organisation = _place(provider, claims)
    if known is not None:
        account = repository.get(session, known.account)
        if not account.active or (link_to and link_to != account.id):
            raise Refused("This outside sign-in belongs to another account.")
        if role and (role, region, organisation) != (
            account.role, account.region, account.organisation,
        ):  # fmt: skip
            repository.set_place(
                session, account, role=role, region=region, organisation=organisation,
                active=True, by=account.id,
            )  # fmt: skip
        return account
    if link_to:
        account = repository.get(session, link_to)
    else:
        account = repository.create(
            session,
            login=None,
            name=str(claims.get("name") or claims.get("preferred_username") or key[1])[:200],
            role=role or "public",
            region=region,
            organisation=organisation,
            email=str(claims.get("email") or ""),
        )
    now = dt.datetime.now(dt.UTC)
    session.add(Identity(issuer=key[0], subject=key[1], account=account.id, linked_at=now))
    session.flush()
    repository.note(session, account, "outside sign-in linked", by=account.id)
    return account


def _place(provider: OidcSettings, claims: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Give role, region and organisation by the settings' mapping; nothing where it says none."""
    if not provider.role_claim:
        return "", None, None
    given = claims.get(provider.role_claim) or []
    values = {given} if isinstance(given, str) else {str(one) for one in given}
    for pair in provider.roles.split(","):
        value, _, meant = pair.strip().partition("=")
        if value in values and meant:
            role, _, place = meant.partition(":")
            return role, (place if role == "akimat" else "") or None, (
                place if role != "akimat" else "") or None  # fmt: skip
    return "public", None, None
