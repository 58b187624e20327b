"""The course of roads that are only known by their ends: through the settlements between them.

A road skeleton may state a length of a hundred kilometres and draw a straight line. Where its
course is uncertain, joining settlements to the drawn line would lead them to places where no
road is. Main roads pass through the settlements on their way, so the course is taken along hops
between settlements: the way of least Σ dᵖ, which prefers short hops the more the greater p, with
the greatest p at which the hops are not much longer than the stated length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from qamtu.connectivity.villages.trench.graph import EdgeKind
from qamtu.connectivity.villages.trench.lines import Lines
from qamtu.connectivity.villages.trench.spurs import delaunay_pairs
from qamtu.connectivity.villages.trench.world import World
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import geodesic_m

__all__ = ["Courses", "infer_courses"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SLACK_FIRST = 1.1
_SLACK_STEP = 0.1
_POWERS = (2.0, 1.6, 1.3, 1.1)
_STATED_ERROR = 1.005
"""Stated lengths may be spherical: 0.3 % off, and rounded."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Hops that stand for lines of uncertain course, h of them; l lines.

    Parameters
    ----------
    pairs
        Nodes of each hop (places, then line nodes), int64[h, 2].
    kind, length_m
        `EdgeKind` and length [m] of each hop, [h].
    replaced
        Lines that hops stand for, and those left out as drawn across water, bool[l].
    uncertain
        Lines that must not be joined between their ends, bool[l].
    findings
        How much was inferred.
    """

    pairs: Ints
    kind: NDArray[np.int8]
    length_m: Floats
    replaced: Flags
    uncertain: Flags
    findings: Findings


def infer_courses(world: World) -> Courses:
    """Find the lines of uncertain course, and hops that stand for them where there are any."""
    lines = world.lines
    if not lines.stated.any():
        nothing = np.zeros(len(lines.kind), dtype=bool)
        none = np.zeros((0, 2), np.int64)
        return Courses(none, lines.kind[:0], np.zeros(0), nothing, nothing, Findings())
    uncertain = _uncertain(lines, world.settings.course_m)
    replaced = np.zeros(len(lines.kind), dtype=bool)
    pairs, kinds, lengths = [np.zeros((0, 2), np.int64)], [lines.kind[:0]], [np.zeros(0)]
    drowned = uncertain & _drawn_across_water(world)
    settings = world.settings
    slacks = _slacks(settings.course_slack), _slacks(settings.course_slack_water)
    hops = _Hops.between(world)
    for i in np.flatnonzero(uncertain):
        ends = world.n_places + np.array([lines.tail[i], lines.head[i]])
        chain = hops.chain(ends[0], ends[1], lines.length_m[i] * slacks[int(drowned[i])])
        if len(chain) <= 2:
            continue
        step = hops.distance(chain[:-1], chain[1:])
        pairs.append(np.sort(np.column_stack([chain[:-1], chain[1:]]), axis=1))
        lengths.append(step * max(lines.length_m[i] / step.sum(), 1.0))
        kinds.append(np.full(len(step), lines.kind[i], dtype=np.int8))
        replaced[i] = True
    drowned &= ~replaced
    pair, kind, length = _cheapest(
        np.concatenate(pairs), np.concatenate(kinds), np.concatenate(lengths)
    )
    findings = _report(lines, replaced, drowned, uncertain)
    return Courses(pair, kind, length, replaced | drowned, uncertain, findings)


def _slacks(limit: float) -> Floats:
    """How much longer than stated a course may be, tightest first, up to a limit."""
    first = min(_SLACK_FIRST, limit)
    steps = round((limit - first) / _SLACK_STEP)
    return first + (limit - first) * np.arange(steps + 1) / max(steps, 1)


def _uncertain(lines: Lines, tolerance_m: float) -> Flags:
    """Tell where a line of the stated length could leave its drawing by more than a tolerance.

    Between ends s apart, a line of length L stays within an ellipse of half-width √(L² - s²) / 2.
    """
    step = np.diff(lines.along_m, append=0.0)
    last = lines.offset[1:] - 1
    step[last] = 0.0
    longest = np.maximum.reduceat(step, lines.offset[:-1])
    stretch = np.maximum(lines.length_m / np.maximum(lines.drawn_m, 1e-9), _STATED_ERROR)
    wide: Flags = longest * np.sqrt(stretch**2 - 1) / 2 > tolerance_m
    return lines.stated & wide


def _drawn_across_water(world: World) -> Flags:
    """Tell which lines are drawn across water, a segment at a time."""
    lines = world.lines
    at = world.plane.project(lines.lat, lines.lon)
    begin = np.delete(np.arange(len(at)), lines.offset[1:] - 1)
    owner = np.repeat(np.arange(len(lines.kind)), np.diff(lines.offset) - 1)
    made = np.zeros(len(lines.kind), dtype=bool)
    made[owner[world.barriers.bar(at[begin], at[begin + 1]).water]] = True
    return made


@dataclass(frozen=True, slots=True)
class _Hops:
    """Straight ways between settlements and line nodes that are neighbours."""

    lat: Floats
    lon: Floats
    at: Floats
    tree: Any
    graph: csr_array

    @classmethod
    def between(cls, world: World) -> _Hops:
        lat = np.concatenate([world.places.lat, world.lines.node_lat])
        lon = np.concatenate([world.places.lon, world.lines.node_lon])
        at = world.plane.project(lat, lon)
        pairs = delaunay_pairs(at)
        pairs = pairs[~world.barriers.bar(at[pairs[:, 0]], at[pairs[:, 1]]).any]
        a, b = pairs[:, 0], pairs[:, 1]
        length = np.maximum(geodesic_m(lat[a], lon[a], lat[b], lon[b]), 1.0)
        both = (np.concatenate([length, length]), (np.r_[a, b], np.r_[b, a]))
        return cls(lat, lon, at, cKDTree(at), csr_array(both, shape=(len(at), len(at))))

    def distance(self, a: Ints, b: Ints) -> Floats:
        apart = geodesic_m(self.lat[a], self.lon[a], self.lat[b], self.lon[b])
        return np.maximum(apart, 1.0)

    def chain(self, tail: int, head: int, lengths_max: Floats) -> Ints:
        """Give the nodes of a way within the first length that allows one; empty if none."""
        for length_max in lengths_max:
            local = self._ellipse(tail, head, float(length_max))
            start, end = np.searchsorted(local, [tail, head])
            part = self.graph[local][:, local]
            for power in _POWERS:
                weight = part.copy()
                weight.data = (weight.data / length_max) ** power
                _, before = dijkstra(weight, indices=start, return_predecessors=True)
                chain = [end]
                while before[chain[-1]] >= 0:
                    chain.append(before[chain[-1]])
                nodes: Ints = local[np.array(chain[::-1])]
                length = self.distance(nodes[:-1], nodes[1:]).sum()
                if nodes[0] == tail and length <= length_max:
                    return nodes
        return np.zeros(0, dtype=np.int64)

    def _ellipse(self, tail: int, head: int, length_max: float) -> Ints:
        """Nodes by which a way between two nodes can be no longer than a length, ascending."""
        middle = (self.at[tail] + self.at[head]) / 2
        ball = np.array(self.tree.query_ball_point(middle, length_max / 2), dtype=np.int64)
        reach = np.hypot(*(self.at[ball] - self.at[tail]).T)
        reach += np.hypot(*(self.at[ball] - self.at[head]).T)
        return np.union1d(ball[reach <= length_max], [tail, head])


def _cheapest(
    pairs: Ints, kind: NDArray[np.int8], length: Floats
) -> tuple[Ints, NDArray[np.int8], Floats]:
    """Keep the shortest of hops that several lines share."""
    order = np.lexsort((length, kind, pairs[:, 1], pairs[:, 0]))
    pairs, kind, length = pairs[order], kind[order], length[order]
    new = np.ones(len(pairs), dtype=bool)
    new[1:] = (pairs[1:] != pairs[:-1]).any(axis=1) | (kind[1:] != kind[:-1])
    return pairs[new], kind[new], length[new]


def _report(lines: Lines, replaced: Flags, drowned: Flags, uncertain: Flags) -> Findings:
    found = []
    for kind in (EdgeKind.ROAD, EdgeKind.RAILWAY):
        own = lines.kind == kind
        if not (own & uncertain).any():
            continue
        km = lines.length_m / 1000
        found.append(
            Finding(
                "course-inferred",
                Severity.INFO,
                f"{int((own & uncertain).sum()):,} {kind.name.lower()}s "
                f"({km[own & uncertain].sum():,.0f} km) are known by their ends only: "
                f"{int((own & replaced).sum()):,} ({km[own & replaced].sum():,.0f} km) are taken "
                f"through the settlements on their way, {int((own & drowned).sum()):,} drawn "
                "across water are left out, the others are not joined between",
                "give lines with their true course, for example an OpenStreetMap extract",
                "roads" if kind is EdgeKind.ROAD else "railways",
            )
        )
    return Findings(tuple(found))
