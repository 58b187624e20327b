"""The log of the programme: an append-only Merkle tree whose signed heads prove every figure.

Entries (hashes of record versions) enter; roots, proofs, signed heads and self-contained figures
leave. Everything is a pure function over a way to fetch hashes: no database, no network.
"""

from qamtu.programme.log.canonical_json import canonical, digest, moment
from qamtu.programme.log.entries import Entry, entry_of, leaf
from qamtu.programme.log.heads import (
    SignedHead,
    key_id,
    read_public_key,
    sign_head,
    verify_head,
)
from qamtu.programme.log.tree import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    needed,
    node_hash,
    peaks,
    root,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY_ROOT",
    "Entry",
    "Frontier",
    "Node",
    "SignedHead",
    "canonical",
    "consistency_proof",
    "digest",
    "entry_of",
    "inclusion_proof",
    "key_id",
    "leaf",
    "leaf_hash",
    "moment",
    "needed",
    "node_hash",
    "peaks",
    "read_public_key",
    "root",
    "sign_head",
    "verify_consistency",
    "verify_head",
    "verify_inclusion",
]
