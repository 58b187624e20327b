"""Coverage of a table of sites: levels, servers, SINR and throughput as rasters and figures.

What enters are sectors, a pack's or a user's terrain, and settings. What is computed are the
levels of every sector at every cell within its reach, streamed over tiles of sites. What leaves
is a folder of rasters, tables and a summary.
"""

from qamtu.studies.coverage.request import CoverageRequest
from qamtu.studies.coverage.study import CoverageResult, make_coverage

__all__ = ["CoverageRequest", "CoverageResult", "make_coverage"]
