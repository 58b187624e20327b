"""Mobile service along the roads: pack and user's files in, the corridors line, a folder out.

What enters is a `CorridorsRequest`. The pack's roads, terrain, settlements and parameters and the
user's own files become the line's inputs; tiles of terrain run in processes and a stopped run goes
on. What leaves is a folder with tables, GeoPackage, KML and ``summary.json``.
"""

from qamtu.studies.corridors.request import CorridorsRequest
from qamtu.studies.corridors.study import CorridorsResult, make_corridors

__all__ = ["CorridorsRequest", "CorridorsResult", "make_corridors"]
