"""FIGURE.json of a piece of evidence: its newest version, the promise, and both proofs."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from qamtu.programme.log import SignedHead
from qamtu.programme.log.figure import Proven, make
from qamtu.programme.records import Commitment, Evidence, EvidenceState
from qamtu.service.database.engine import reading
from qamtu.service.log import repository
from qamtu.service.log.heads import current_head
from qamtu.service.log.keys import load_key
from qamtu.service.records.repository import find
from qamtu.service.records.rows import Stored, content_of
from qamtu.service.state import State

__all__ = ["figure"]


def figure(state: State, evidence: str) -> dict[str, Any]:
    """Make the figure of a piece of accepted evidence, in a signed head that covers it.

    Parameters
    ----------
    state
        Of the service: it holds the key, and the sessions to read and to keep the head with.
    evidence
        ``record`` of the evidence.

    Raises
    ------
    LookupError
        If there is no such evidence, or it is not published: not accepted, or taken back.
    """
    with reading(state.sessions) as session:
        shown = find(session, Evidence, evidence)
        if shown is None or shown.withdrawn or shown.record.state is not EvidenceState.ACCEPTED:
            raise LookupError(evidence)
        promise = find(session, Commitment, shown.record.commitment)
        if promise is None:
            raise LookupError(shown.record.commitment)
    key = load_key(state.settings.data)
    covering = max(shown.log_index, promise.log_index) + 1
    head = current_head(state, covering=covering, key=key)
    with reading(state.sessions) as session:
        return make(_proven(session, promise, head), _proven(session, shown, head), head, key)


def _proven(
    session: Session, stored: Stored[Commitment] | Stored[Evidence], head: SignedHead
) -> Proven:
    index = stored.log_index
    ((_, entry),) = repository.entries(session, index, 1)
    path = repository.proof(session, index, head.size)
    return Proven(content_of(stored.record), entry, index, path)
