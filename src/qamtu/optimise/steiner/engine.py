"""The engine: bounds, reductions and search on one graph; it also solves the graphs of mixtures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.steiner.construct import Tree, grow_tree
from qamtu.optimise.steiner.dual_ascent import (
    Ascent,
    ascend,
    ascent_bound,
    start_ascent,
    tree_arcs,
)
from qamtu.optimise.steiner.improve import improve, span
from qamtu.optimise.steiner.incumbent import Record
from qamtu.optimise.steiner.net import Net, net_from_work, original_edges
from qamtu.optimise.steiner.normalise import Normal
from qamtu.optimise.steiner.pool import Pool
from qamtu.optimise.steiner.reduce_bound import reduce_bound
from qamtu.optimise.steiner.reduce_degree import reduce_degree
from qamtu.optimise.steiner.reduce_special import reduce_special
from qamtu.optimise.steiner.reduce_walk import reduce_walk
from qamtu.optimise.steiner.work import Work, covered

__all__ = ["Engine"]

_SLACK = 1.25
_WALK = 60
_EFFORT = 20_000_000
_POOL = 12
_SPENT = 4
_STALE = 80
_HALL = 0.2
_FRESH_EVERY = 4
_WORTH = 0.9
_FEW = 4
_LARGE = 400_000
_SHRINK_EVERY = 20


class Engine:
    """One run on one graph.

    Parameters
    ----------
    work : Work
        The graph; shrinks.
    record : Record
        Best tree and bound; says when to stop.
    rng : Generator
        All chance comes from it.
    """

    def __init__(self, work: Work, record: Record, rng: np.random.Generator) -> None:
        self.work = work
        self.record = record
        self.rng = rng
        self.net: Net = record.base
        self.pool = Pool(_POOL, record.base.cost.size)
        self.hall = Pool(_POOL, record.base.cost.size)
        self.stale = 0
        self.last_room = np.inf
        self.ascents = 0
        self.hint = np.ones(work.alive.size)
        self.wanted = np.ones(work.first.size, np.bool_)

    @property
    def constant(self) -> float:
        """Cost that every answer of the reduced graph has on top."""
        return float(self.work.constant[0])

    def offer(self, tree: Tree, how: str) -> bool:
        """Offer a tree of the reduced graph."""
        return self.record.offer(self.work, self.net, tree, how)

    def reduce(self) -> None:
        """Reduce by degree and by detours, and take a new picture."""
        reduce_degree(self.work)
        while self.record.go_on():
            size = max(int(self.work.alive.sum()), 1)
            hits = reduce_walk(self.work, _WALK)
            must = int(np.isinf(self.work.prize).sum())
            if must <= _FEW or int((self.work.degree > 0).sum()) <= _LARGE:
                hits += reduce_special(self.work, stars=True)
            reduce_degree(self.work)
            if hits < 0.02 * size:
                break
        self.net = net_from_work(self.work)

    def best(self) -> Tree:
        """Give the best tree in the net, mended where its edges are gone."""
        net = self.net
        held = self.project(self.record.base.edge_id[self.record.tree.edges])
        weight = np.where(held, 1e-3, 1.0) * net.cost
        prize = net.prize.copy()
        touched = np.concatenate([net.tail[held], net.head[held]])
        prize[touched] = np.where(prize[touched] > 0, np.inf, 0.0)
        root = net.root if net.root >= 0 else int(np.argmax(prize))
        return span(net, grow_tree(net, weight, prize, np.array([root], np.int32)))

    def best_arcs(self, root: int) -> NDArray[np.bool_]:
        """Mark the best tree's arcs in the net, as far as its edges are still there."""
        base, best = self.record.base, self.record.tree
        edges = np.flatnonzero(self.project(base.edge_id[best.edges])).astype(np.int32)
        return tree_arcs(self.net, edges, root)

    def ascent(self, root: int, guide: bool) -> Ascent | None:
        """Run a dual ascent and offer its bound; None if stopped on the way."""
        tree = self.best_arcs(root) if guide and root >= 0 else None
        asc = start_ascent(self.net, root, tree=tree)
        while not ascend(self.net, asc, _SLACK, _EFFORT):
            if not self.record.go_on():
                break
        raised = float(asc.bound[0]) + abs(self.constant)
        self.record.offer_bound(self.constant + ascent_bound(asc), raised, "dual ascent")
        return asc if asc.number[0] == 0 else None

    def guided(self, asc: Ascent) -> Tree:
        """Grow a tree in the graph of arcs without reduced cost, and remember those costs."""
        net = self.net
        least = np.full(net.cost.size, np.inf)
        np.minimum.at(least, net.arc_edge, asc.reduced)
        self.hint[net.edge_id] = least / np.maximum(net.cost, 1e-300)
        self.hint[net.edge_id[net.cost == 0]] = 0.0
        self.wanted[net.node_id] = (net.prize > 0) & (asc.state != _SPENT)
        weight = np.where(least <= 0, net.cost, np.inf)
        seed = net.root if net.root >= 0 else int(np.argmax(net.prize - asc.budget))
        start = np.array([seed], np.int32)
        trees = [span(net, grow_tree(net, weight, net.prize, start))]
        if np.isfinite(net.prize[net.prize > 0]).any():
            trees.append(span(net, grow_tree(net, weight, self.forced(net.prize), start)))
        return min(trees, key=lambda tree: tree.cost)

    def forced(self, otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
        """Prizes that make the terminals which the last ascent connected be reached."""
        wanted = self.wanted[self.net.node_id] & (self.net.prize > 0)
        return np.where(wanted | np.isinf(self.net.prize), np.inf, otherwise)

    def shrink(self, rounds: int = 4) -> None:
        """Alternate ascents, guided trees and reductions by bound while they bite."""
        for turn in range(rounds):
            if not self.record.go_on() or not self.net.cost.size:
                break
            before = self.net.cost.size
            asc = self.ascent(self._root(turn), self.ascents % 2 == 1)
            self.ascents += 1
            if asc is None:
                break
            self.offer(self.guided(asc), "guided paths")
            room = self.record.target - self.constant - ascent_bound(asc)
            self.last_room = room
            reduce_bound(self.work, self.net, asc, room)
            self.reduce()
            self.record.report("reduction")
            if turn % 2 == 1 and self.net.cost.size > 0.95 * before:
                break
        if not self.net.cost.size:
            self.close()

    def close(self) -> None:
        """Settle a graph without edges: its single nodes are all that is left."""
        net = self.net
        best = float(net.prize.max()) if net.root < 0 and net.prize.size else 0.0
        left = float(net.prize[np.isfinite(net.prize)].sum())
        value = self.constant + left - (best if np.isfinite(best) else 0.0)
        if net.prize.size:
            self.offer(span(net, np.ones(net.prize.size, np.bool_)), "reductions")
        self.record.offer_bound(value, value, "reductions")

    def worth_shrinking(self) -> bool:
        """Whether the best answer has come enough nearer to the bound since the last time."""
        room = self.record.target - self.record.bound
        return room < _WORTH * self.last_room or self.record.round % _SHRINK_EVERY == 0

    def _root(self, turn: int) -> int:
        if self.net.root < 0:
            return -1
        must = np.flatnonzero(np.isinf(self.net.prize))
        return int(self.net.root) if turn == 0 else int(self.rng.choice(must))

    def seed(self) -> NDArray[np.int32]:
        """Draw a node to grow a tree from."""
        likely = self.net.prize.copy()
        if self.net.root >= 0:
            return self.rng.choice(np.flatnonzero(np.isinf(likely)), 1).astype(np.int32)
        if not likely.any():
            return np.zeros(1, np.int32)
        return self.rng.choice(likely.size, 1, p=likely / likely.sum()).astype(np.int32)

    def project(self, edges: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Find the net's edges that a tree of the graph before reduction holds entirely."""
        given = np.zeros(self.work.alive.size, np.bool_)
        given[edges] = True
        return covered(self.work, given)[self.work.history[self.net.edge_id]]

    def take(self, start: Tree, how: str, known: NDArray[np.int32] | None = None) -> bool:
        """Improve a tree, add it to the pool and offer it; gives whether it is the best."""
        if not np.isfinite(start.cost):
            return False
        tree = improve(self.net, start, self.rng, self.record.go_on, known=known)
        edges = original_edges(self.work, self.net, tree.edges, tree.nodes)
        cost = tree.cost + self.constant
        better = cost < min((m.cost for m in self.pool.members), default=np.inf)
        self.stale = 0 if better else self.stale + 1
        self.pool.add(edges, cost)
        return self.offer(tree, how)

    def renew(self) -> None:
        """Begin a new generation; the best tree of the old one goes to the hall."""
        best = min(self.pool.members, key=lambda member: member.cost)
        self.hall.add(best.edges, best.cost)
        self.pool = Pool(_POOL, self.record.base.cost.size)
        self.stale = 0

    def goals(self) -> NDArray[np.float64]:
        """Draw what a new tree must reach: every prize, or those that seem worth it."""
        prize = self.net.prize
        everything = np.where(prize > 0, np.inf, 0.0)
        return everything if self.rng.random() < 0.5 else self.forced(prize)

    def fresh(self) -> bool:
        """Make a new tree with costs shaken; gives whether it is the best."""
        net = self.net
        spread = self.rng.choice([0.1, 0.3, 0.6])
        weight = net.cost * self.rng.uniform(1.0, 1.0 + spread, net.cost.size)
        if self.rng.random() < 0.5:
            weight *= 0.2 + self.hint[net.edge_id]
        prize = self.goals()
        return self.take(span(net, grow_tree(net, weight, prize, self.seed())), "start")

    def mix(self) -> bool:
        """Grow a tree that prefers edges of two parents; gives whether it is the best."""
        net = self.net
        parents = self.pool.pick(self.rng, 2)
        masks = [self.project(parent.edges) for parent in parents]
        count = np.sum(masks, axis=0)
        weight = net.cost * self.rng.uniform(1.0, 1.3, net.cost.size)
        weight[count == 0] *= 1000.0
        some = count == 1
        weight[some] *= self.rng.uniform(100.0, 500.0, int(some.sum()))
        best = min(range(len(parents)), key=lambda i: parents[i].cost)
        known = np.flatnonzero(masks[best]).astype(np.int32)
        start = span(net, grow_tree(net, weight, self.goals(), self.seed()))
        return self.take(start, "recombination", known)

    def merge(self) -> bool:
        """Solve the graph of the edges of some parents on its own; gives whether it is the best.

        What the parents agree on is contracted by the reductions, so that their differences are
        settled one by one (as in D. Rehfeldt and T. Koch's recombination, see `improve`).
        """
        net = self.net
        pool = self.pool
        if len(self.hall) > 1 and self.rng.random() < _HALL:
            pool = self.hall
        parents = pool.pick(self.rng, int(self.rng.integers(2, 6)))
        masks = [self.project(parent.edges) for parent in parents]
        edges = np.flatnonzero(np.any(masks, axis=0)).astype(np.int32)
        graph = Normal(
            net.prize.size,
            net.tail[edges],
            net.head[edges],
            net.cost[edges],
            net.prize,
            net.root,
            0.0,
            edges,
        )
        work = graph.work()
        record = Record(graph.net(), 0.0, self.record.whole, self.record.go_on)
        below = Engine(work, record, self.rng)
        best = min(range(len(parents)), key=lambda i: parents[i].cost)
        inside = np.zeros(net.prize.size, np.bool_)
        known = np.flatnonzero(masks[best]).astype(np.int32)
        inside[net.tail[known]] = True
        inside[net.head[known]] = True
        place = np.full(net.prize.size, -1, np.int64)
        place[record.base.node_id] = np.arange(record.base.node_id.size)
        own = np.zeros(record.base.prize.size, np.bool_)
        own[place[np.flatnonzero(inside)]] = True
        if record.base.root >= 0:
            own[record.base.root] = True
        record.offer_base(span(record.base, own), "parent")
        below.run(3)
        if not record.tree.edges.size:
            return False
        chosen = edges[record.base.edge_id[record.tree.edges]]
        inside[:] = False
        inside[net.tail[chosen]] = True
        inside[net.head[chosen]] = True
        return self.take(span(net, inside), "mixture", known)

    def run(self, max_rounds: int | None) -> str | None:
        """Search until the record says stop or the rounds are over; gives ``rounds`` if so."""
        self.reduce()
        self.shrink()
        if self.net.cost.size and self.record.go_on():
            self.take(self.best(), "search")
            if self.worth_shrinking():
                self.shrink()
        while self.record.go_on():
            if (max_rounds is not None and self.record.round >= max_rounds) or (
                not self.net.cost.size
            ):
                return "rounds"
            self.record.round += 1
            self.one_round()
            if self.worth_shrinking():
                self.shrink()
            self.record.report("search")
        return None

    def one_round(self) -> bool:
        """Make one more tree in one of three ways; gives whether it is the best."""
        if self.stale > _STALE:
            self.renew()
        if len(self.pool) < 4 or self.record.round % _FRESH_EVERY == 0:
            return self.fresh()
        return self.merge() if self.rng.random() < 0.5 else self.mix()
