"""What the service is told at its start: one frozen record, passed in, never a global."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["OidcSettings", "Settings"]


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID Connect provider that may vouch for people.

    Parameters
    ----------
    name
        Shown on the sign-in page.
    issuer
        Address of the provider; its discovery document lies below it.
    client_id, client_secret
        What the provider knows this service by. The secret never appears in ``repr``.
    role_claim, roles
        Claim of the provider that names roles, and what its values mean here:
        ``staff=ministry, almaty=akimat:almaty, acme=operator:acme``. Empty: new people have no
        role until an admin gives one.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str = ""
    roles: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's settings.

    Parameters
    ----------
    data
        Folder of everything the service keeps: database, documents, plans, keys.
    database_url
        SQLAlchemy URL; empty: SQLite in ``data``. ``postgresql://…`` is spoken through pg8000.
    pack
        Country pack: a shipped name (``kz``) or a folder.
    public_url
        How readers reach the service; cookies are ``Secure`` where it begins with https.
    secret
        Key of session and form tokens; empty: kept in ``data`` and made at the first start.
    oidc
        Providers of sign-in, none by default.
    timestamp_url
        RFC 3161 server that stamps heads of the log; empty: none.
    languages
        Of the pages, the first is the default.
    rate_limit
        Requests an address may make (``limits`` notation); empty: no limit.
    upload_limit_bytes
        Largest document taken.
    workers
        Processes that answer requests.
    trusted_proxies
        Addresses or networks of reverse proxies whose ``X-Forwarded-For`` is believed.
    insecure_fetch_hosts
        Hosts that fetchers may reach although they are private addresses (a time-stamp server in
        the same rack).
    """

    data: Path
    database_url: str = ""
    pack: str = "kz"
    public_url: str = "http://127.0.0.1:8000"
    secret: str = field(default="", repr=False)
    oidc: tuple[OidcSettings, ...] = ()
    timestamp_url: str = ""
    languages: tuple[str, ...] = ("kk", "ru", "en")
    rate_limit: str = "600/minute"
    upload_limit_bytes: int = 64 * 2**20
    workers: int = 1
    trusted_proxies: tuple[str, ...] = ()
    insecure_fetch_hosts: tuple[str, ...] = ()

    @property
    def database(self) -> str:
        """The URL that SQLAlchemy gets."""
        if not self.database_url:
            return f"sqlite:///{self.data / 'qamtu.sqlite'}"
        head, sign, rest = self.database_url.partition("://")
        return (
            f"postgresql+pg8000{sign}{rest}"
            if head in {"postgres", "postgresql"}
            else self.database_url
        )

    @property
    def secure(self) -> bool:
        """Whether readers come by https."""
        return self.public_url.startswith("https://")
