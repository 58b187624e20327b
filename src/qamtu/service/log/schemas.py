"""What the API of the log gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

__all__ = ["ConsistencyOut", "EntriesOut", "EntryOut", "HeadOut", "InclusionOut", "KeyOut"]

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]


class HeadOut(BaseModel):
    """A signed head."""

    format: str
    size: int = Field(description="Entries of the log")
    root: Hash
    at: str = Field(description="When it was signed (UTC)")
    key: str = Field(description="Id of the key")
    public_key: Hash = Field(description="Ed25519 public key, hexadecimal")
    signature: str = Field(description="Ed25519 over the canonical JSON of format…key")
    timestamp: str = Field(description="RFC 3161 answer, Base64; empty where none is configured")


class KeyOut(BaseModel):
    """The public key of the log."""

    key: str = Field(description="Id of the key")
    public_key: Hash = Field(description="Ed25519 public key, hexadecimal")
    pem: str


class EntryOut(BaseModel):
    """One entry; its leaf is the canonical JSON of it without ``index``."""

    index: int
    kind: str
    record: str
    version: str
    content_sha256: Hash
    at: str


class EntriesOut(BaseModel):
    """Some entries in their order."""

    entries: list[EntryOut]
    next: int | None = Field(description="Give it as `start` for what follows; null at the end")


class InclusionOut(BaseModel):
    """That an entry is in the log of a size."""

    index: int
    size: int
    leaf: Hash
    root: Hash
    path: list[Hash]


class ConsistencyOut(BaseModel):
    """That the log of size ``new`` begins with the log of size ``old``."""

    old: int
    new: int
    old_root: Hash
    new_root: Hash
    path: list[Hash]
