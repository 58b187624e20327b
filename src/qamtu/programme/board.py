"""The board: each commitment with its value, grade, gap, light, course and contradictions.

The board is a pure function of the records and two times: the day it speaks of (``true_on``)
and the moment of knowledge (``known_at``). The value of a line is that of the best evidence:
observed or estimated, accepted, about the newest day, then of the best grade. Where nothing is
shown it is the reported value, at grade C or D, and the light stays grey. A status reported
without a target is held against its reported value. What a plan would bring
(`BoardLine.planned`) never counts as kept. The rule of the light stands in
`qamtu.programme.light`, that of the forecast in `qamtu.programme.trajectory`.

Bounds of ratios are rules of the pack: give ``ratios`` (`Programme.ratios`, see
`qamtu.programme.load`), without them no ratio is judged.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qamtu.programme.bitemporal import known
from qamtu.programme.contradictions import Contradiction, find_contradictions
from qamtu.programme.light import Light, Reason, gap_of, kept_share_of, light_of
from qamtu.programme.records import Basis, Claim, Commitment, Evidence, Grade, Organisation
from qamtu.programme.standing import Ratio, Standing, daily, standings, standings_by_region
from qamtu.programme.trajectory import Band, Point, PointKind, Trajectory, trajectory_of

__all__ = [
    "Band",
    "Board",
    "BoardLine",
    "Contradiction",
    "Light",
    "Point",
    "PointKind",
    "Ratio",
    "Reason",
    "Trajectory",
    "assemble",
    "assemble_regions",
]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One commitment on the board.

    Parameters
    ----------
    commitment
        The version that holds. On a region's board its scope is the region, and a count that
        the country promises has no target there.
    reported
        The newest claim, None without one.
    best
        Best accepted evidence, observed or estimated, None without one.
    planned
        Accepted planned evidence, by day.
    value, value_on, value_basis, grade, estimated
        What the line shows: the value of ``best``, else that of ``reported`` (its basis is
        None), else None.
    kept_share
        Share of the way to the target that evidence shows; None without evidence or target.
    gap, gap_unit
        What ``value`` lacks to the target, 0 where it reaches it; None without both.
    light, light_reason
        The light, and why.
    trajectory
        The course.
    contradictions
        Those that touch this commitment.
    """

    commitment: Commitment
    reported: Claim | None
    best: Evidence | None
    planned: tuple[Evidence, ...]
    value: float | None
    value_on: dt.date | None
    value_basis: Basis | None
    grade: Grade | None
    estimated: bool
    kept_share: float | None
    gap: float | None
    gap_unit: str
    light: Light
    light_reason: Reason
    trajectory: Trajectory
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """All commitments of one scope at two times.

    Parameters
    ----------
    lines
        In the order of the commitments.
    contradictions
        All of them, errors first.
    true_on, known_at
        The day the board speaks of and the moment of knowledge.
    """

    lines: tuple[BoardLine, ...]
    contradictions: tuple[Contradiction, ...]
    true_on: dt.date
    known_at: dt.datetime


def assemble(
    commitments: Iterable[Commitment], claims: Iterable[Claim], evidence: Iterable[Evidence], *,
    true_on: dt.date, known_at: dt.datetime, organisations: Iterable[Organisation],
    ratios: Sequence[Ratio] = (),
) -> Board:  # fmt: skip
    """Assemble the board, each commitment at its own scope.

    Parameters
    ----------
    commitments, claims, evidence
        All versions of all records; what holds at the two times is chosen here.
    true_on
        The day the board speaks of.
    known_at
        The moment of knowledge (aware).
    organisations
        Those with a region say which regions the country has.
    ratios
        Bounds of ratios, as the pack declares them.

    Raises
    ------
    InputError
        If ``known_at`` has no time zone.
    """
    selected = known(commitments, claims, evidence, true_on=true_on, known_at=known_at)
    return _board(standings(selected), true_on, known_at, _regions(organisations), ratios)


def assemble_regions(
    commitments: Iterable[Commitment], claims: Iterable[Claim], evidence: Iterable[Evidence], *,
    true_on: dt.date, known_at: dt.datetime, organisations: Iterable[Organisation],
    ratios: Sequence[Ratio] = (), scopes: Collection[str] | None = None,
) -> Mapping[str, Board]:  # fmt: skip
    """Assemble a board a region, of the commitments about which something is known there.

    The arguments are those of `assemble`, and ``scopes``: only these regions, None for all. A
    share that the country promises is asked of each region; a number that the country promises
    has no target in a region.

    Returns
    -------
    boards
        By scope ``region:<id>``, sorted; every region of ``organisations`` has one.
    """
    bodies = tuple(organisations)
    selected = known(commitments, claims, evidence, true_on=true_on, known_at=known_at)
    return {
        scope: _board(found, true_on, known_at, frozenset(), ratios)
        for scope, found in standings_by_region(selected, bodies).items()
        if scopes is None or scope in scopes
    }


def _regions(organisations: Iterable[Organisation]) -> frozenset[str]:
    return frozenset(f"region:{o.region}" for o in organisations if o.region)


def _board(
    found: Sequence[Standing], true_on: dt.date, known_at: dt.datetime, regions: frozenset[str],
    ratios: Sequence[Ratio],
) -> Board:  # fmt: skip
    wrong = find_contradictions(found, ratios=ratios, regions=regions, today=true_on)
    by_commitment: dict[str, list[Contradiction]] = defaultdict(list)
    for contradiction in wrong:
        for record in contradiction.commitments:
            by_commitment[record].append(contradiction)
    lines = tuple(
        _line(standing, true_on, tuple(by_commitment[standing.commitment.record]))
        for standing in found
    )
    return Board(lines, wrong, true_on, known_at)


def _line(
    standing: Standing, today: dt.date, contradictions: tuple[Contradiction, ...]
) -> BoardLine:
    commitment, best, reported = standing.commitment, standing.best, standing.reported
    held = _held_against(commitment, reported)
    course = trajectory_of(commitment, standing.daily, daily(standing.planned), reported, today)
    shown = None if best is None else best.value
    estimated = best is not None and best.basis is Basis.ESTIMATED
    light, reason = light_of(
        held, value=shown, estimated=estimated,
        half_width=None if best is None else best.uncertainty, band=course.band, today=today,
        claimed=reported is not None, planned=bool(standing.planned),
    )  # fmt: skip
    said = best or reported
    value = None if said is None else said.value
    target = commitment.target if best is None else held.target
    missing = value is None or target is None
    return BoardLine(
        commitment=commitment, reported=reported, best=best, planned=standing.planned,
        value=value, value_on=None if said is None else said.true_on,
        value_basis=None if best is None else best.basis,
        grade=None if said is None else said.grade, estimated=estimated,
        kept_share=None if shown is None else kept_share_of(held, shown),
        gap=None if missing else gap_of(value or 0.0, target or 0.0, commitment.direction),
        gap_unit=commitment.unit, light=light, light_reason=reason, trajectory=course,
        contradictions=contradictions,
    )  # fmt: skip


def _held_against(commitment: Commitment, reported: Claim | None) -> Commitment:
    """Give the commitment with the target that evidence is held against.

    What is reported as reached without a target (20 cities have 5G) is its own target.
    """
    if commitment.kind != "status" or commitment.target is not None or reported is None:
        return commitment
    return replace(commitment, target=reported.value)
