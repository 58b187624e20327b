"""Bridges: the cheapest ways that join pieces of the graph where nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.barriers import Barred
from qamtu.connectivity.villages.trench.places import Places, name_places
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.graphs import connected_components, minimum_spanning_forest

__all__ = ["Bridges", "choose_bridges"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bridges:
    """The bridges taken, b of them, and what they leave.

    Parameters
    ----------
    pairs
        Nodes, int64[b, 2].
    wet
        Whether a bridge crosses water, bool[b].
    kept
        Nodes of pieces that some place needs, bool[n]; the others lead nowhere.
    findings
        One for each bridge.
    """

    pairs: Ints
    wet: Flags
    kept: Flags
    findings: Findings


def choose_bridges(
    n_nodes: int,
    edges: Ints,
    ways: Ints,
    appraise: Callable[[Ints], tuple[Floats, Floats, Barred]],
    places: Places,
) -> Bridges:
    """Join the pieces of a graph by a minimum spanning tree over the ways between them.

    Dry ways inside the territory come first, then ways across the border, then across water;
    within each the cheapest. Pieces without a place are dropped unless they link others.

    Parameters
    ----------
    n_nodes
        Nodes of the graph.
    edges
        Its edges, int64[m, 2].
    ways
        Pairs of nodes that join all of them, int64[k, 2].
    appraise
        Gives cost [currency], length [m] and barriers of some ways.
    places
        The places, which are the first nodes.
    """
    count, label32 = connected_components(
        n_nodes, edges[:, 0].astype(np.int32), edges[:, 1].astype(np.int32)
    )
    label = label32.astype(np.int64)
    ways = ways[label[ways[:, 0]] != label[ways[:, 1]]]
    cost, length, barred = appraise(ways)
    grade = np.where(barred.water, 2, np.where(barred.border, 1, 0))
    rank = np.empty(len(ways))
    rank[np.lexsort((cost, grade))] = np.arange(len(ways))
    ends = label[ways]
    tree = minimum_spanning_forest(
        count, ends[:, 0].astype(np.int32), ends[:, 1].astype(np.int32), rank
    )
    taken = np.sort(tree).astype(np.int64)
    wanted = np.zeros(count, dtype=bool)
    wanted[label[: len(places.lat)]] = True
    needed, alive = _strip(wanted, ends[taken])
    taken = taken[alive]
    findings = _describe(places, label, ways[taken], length[taken], barred, taken)
    return Bridges(ways[taken], barred.water[taken], needed[label], findings)


def _strip(wanted: Flags, ends: Ints) -> tuple[Flags, Flags]:
    """Strip leaves that nobody wants off a tree of pieces; gives pieces and bridges that stay."""
    needed = np.ones(len(wanted), dtype=bool)
    alive = np.ones(len(ends), dtype=bool)
    while True:
        degree = np.bincount(ends[alive].ravel(), minlength=len(wanted))
        leaf = needed & ~wanted & (degree <= 1)
        if not leaf.any():
            return needed, alive
        needed &= ~leaf
        alive &= ~leaf[ends].any(axis=1)


def _describe(
    places: Places, label: Ints, pairs: Ints, length: Floats, barred: Barred, taken: Ints
) -> Findings:
    """One finding a bridge: which settlements hang on it, how far, and why."""
    p = places.n_settlements
    size = np.bincount(label[:p], minlength=int(label.max(initial=0)) + 1)
    found = []
    for (a, b), metres, way in zip(pairs, length, taken, strict=True):
        la, lb = label[a], label[b]
        near = la if (0 < size[la] <= size[lb]) or not size[lb] else lb
        who = np.flatnonzero(label[:p] == near)
        named = name_places(places, who) if len(who) else "a road or fibre point"
        wet, border = bool(barred.water[way]), bool(barred.border[way])
        why = "across water" if wet else "outside the territory" if border else "cross-country"
        found.append(
            Finding(
                "bridge-across-water" if wet else "bridge-across-border" if border else "bridge",
                Severity.WARNING if wet or border else Severity.INFO,
                f"{named}: joined only by {metres / 1000:,.1f} km {why}",
                "give the road or line that leads there, or mend the place's coordinates",
                "settlements",
                int(places.row[who[0]]) + 2 if len(who) else None,
            )
        )
    return Findings(tuple(found))
