"""A small made log with one figure in it, for tests."""

from __future__ import annotations

import datetime as dt

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qamtu.programme.log import (
    Frontier,
    entry_of,
    inclusion_proof,
    leaf,
    leaf_hash,
    root,
    sign_head,
)
from qamtu.programme.log.figure import Proven, make

AT = dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

COMMITMENT = {
    "id": "villages-v1",
    "record": "villages-fibre",
    "learned_at": "2026-11-01T09:30:00.000000+00:00",
    "promise": {"en": "Fibre to 3,000 villages", "kk": "3 000 ауылға оптика"},
    "target": 3000.0,
}
EVIDENCE = {
    "id": "counted-v2",
    "record": "counted",
    "learned_at": "2026-11-01T09:30:00.000000+00:00",
    "commitment": "villages-fibre",
    "state": "accepted",
    "withdrawn": False,
    "value": 1200.5,
    "unit": "settlements",
    "scope": "country",
    "true_on": "2026-01-01",
    "basis": "observed",
    "grade": "B",
    "parameters": {"speed_down_mbps": "100"},
}


def made(size=11, stamp=None, key=KEY, **changes):
    """The content of FIGURE.json, from a log of ``size`` entries."""
    evidence = EVIDENCE | changes
    entries = [entry_of("claim", f"r{i}", f"v{i}", {"i": i}, AT) for i in range(size - 2)]
    entries.insert(2, entry_of("commitment", "villages-fibre", "villages-v1", COMMITMENT, AT))
    entries.insert(size - 3, entry_of("evidence", "counted", "counted-v2", evidence, AT))
    nodes = {
        (level, position): value
        for level, position, value in Frontier(0, []).append(leaf_hash(leaf(e)) for e in entries)
    }

    def node(level, position):
        return nodes[level, position]

    head = sign_head(size, root(size, node), AT, key)
    if stamp is not None:
        head = stamp(head)
    index = {e.kind: i for i, e in enumerate(entries) if e.kind != "claim"}
    proven = {
        kind: Proven(
            content, entries[index[kind]], index[kind], inclusion_proof(size, index[kind], node)
        )
        for kind, content in (("commitment", COMMITMENT), ("evidence", evidence))
    }
    return make(proven["commitment"], proven["evidence"], head, key)
