"""What the page of one commitment shows: course, claims, evidence, what was believed when."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from qamtu.programme.board import BoardLine
from qamtu.programme.records import Claim, Comment, Commitment, EvidenceState
from qamtu.programme.texts import AREAS
from qamtu.service.board.boards import Boards
from qamtu.service.board.repository import author_names, beliefs
from qamtu.service.board.view import rows
from qamtu.service.board.words import BASES, KINDS, LIGHTS, ROLES, STATES
from qamtu.service.database.engine import reading
from qamtu.service.pages.environment import Speaker
from qamtu.service.records.repository import current, evidence_page, history
from qamtu.service.records.tables import ClaimRow, CommentRow
from qamtu.service.state import State

__all__ = ["context"]

_EVIDENCE: Final = 25
_BELIEFS: Final = 30


def context(
    state: State, boards: Boards, line: BoardLine, voice: Speaker, *, day: dt.date,
    known_at: dt.datetime | None, before: int | None, unpublished: bool, everywhere: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Give what the template of a commitment needs.

    Parameters
    ----------
    state
        The service.
    boards, line
        Boards at the two times, and the line of the commitment.
    voice
        Speaks the language of the reader.
    day, known_at
        The two times; None is now.
    before
        Page of the evidence: only entries of the log before this one.
    unpublished
        Whether the reader may see evidence that is not accepted.
    everywhere
        Whether evidence of the regions is listed too, not only of the commitment's own scope.
    """
    record = line.commitment.record
    with reading(state.sessions) as session:
        evidence = evidence_page(
            session, commitment=record, known_at=known_at, before=before, limit=_EVIDENCE,
            state=None if unpublished else EvidenceState.ACCEPTED,
            scope=None if everywhere else line.commitment.scope,
        )  # fmt: skip
        claims = current(session, Claim, ClaimRow.commitment == record, known_at=known_at)
        comments = current(session, Comment, CommentRow.about == record, known_at=known_at)
        versions = history(session, Commitment, record)
        believed = beliefs(session, record, line.commitment.scope, day)
        authors = author_names(session, [comment.author for comment in comments])
    if known_at is not None:
        versions = [one for one in versions if one.learned_at <= known_at]
        believed = [one for one in believed if one.since <= known_at]
    return {
        "row": rows([line], boards.organisations, voice, day, large=True)[0],
        "organisations": boards.organisations, "evidence": evidence, "before": before,
        "everywhere": everywhere,
        "claims": sorted(claims, key=lambda claim: claim.said_on, reverse=True),
        "comments": comments, "authors": authors, "versions": versions[::-1],
        "believed": believed[:_BELIEFS], "more_beliefs": max(0, len(believed) - _BELIEFS),
        "area_names": AREAS, "bases": BASES, "kinds": KINDS, "lights": LIGHTS,
        "roles": ROLES, "states": STATES, "day": day,
    }  # fmt: skip
