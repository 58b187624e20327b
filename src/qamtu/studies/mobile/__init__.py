"""5G over the cities: pack and user's files in, the mobile line, a folder of results out.

What enters is a `MobileRequest`. The pack's cities, terrain, settlements and parameters and the
user's own files become the line's inputs; cities run in processes and a stopped run goes on.
What leaves is a folder with tables, GeoPackage, KML, rasters and ``summary.json``.
"""

from qamtu.studies.mobile.request import MobileRequest
from qamtu.studies.mobile.study import MobileResult, make_mobile

__all__ = ["MobileRequest", "MobileResult", "make_mobile"]
