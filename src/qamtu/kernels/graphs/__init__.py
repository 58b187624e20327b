"""Graphs on plain arrays: adjacency, shortest paths, spanning trees, components, tree orders."""

from qamtu.kernels.graphs.csr import Graph, csr_arrays, graph_from_edges
from qamtu.kernels.graphs.heap import heap_pop, heap_push
from qamtu.kernels.graphs.paths import PathForest, dijkstra, path_edges, shortest_paths
from qamtu.kernels.graphs.trees import (
    RootedForest,
    connected_components,
    minimum_spanning_forest,
    root_forest,
    subtree_sums,
    union,
    union_find,
    union_root,
)

__all__ = [
    "Graph",
    "PathForest",
    "RootedForest",
    "connected_components",
    "csr_arrays",
    "dijkstra",
    "graph_from_edges",
    "heap_pop",
    "heap_push",
    "minimum_spanning_forest",
    "path_edges",
    "root_forest",
    "shortest_paths",
    "subtree_sums",
    "union",
    "union_find",
    "union_root",
]
