"""What is run: a name, the model, what it computes, whose it is. A new one is one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ENTRIES", "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to time.

    ``function`` is a name in the module ``side``: it takes a case's arrays and gives the losses.
    ``task``: "paths" is a loss a profile, "radials" a loss at every point of a radial.
    ``limit`` bounds how many profiles or radials are taken (0: all), for slow ones.
    """

    name: str
    model: str
    computes: str
    task: Literal["paths", "radials"]
    side: Literal["ours", "peer_itmlogic", "peer_pycraf"]
    function: str
    limit: int = 0


_P1812 = "P.1812-8: diffraction, troposcatter, ducting"
_P452 = "P.452-16: the same mechanisms, gas"
_ITM = "ITM, point to point"

ENTRIES = (
    Entry("qamtu p1812", "P.1812-8", f"{_P1812}; 50 % of time", "paths", "ours", "p1812"),
    Entry("qamtu p1812 clutter", "P.1812-8", f"{_P1812}; 50 % of time, clutter", "paths", "ours",
          "p1812_clutter"),
    Entry("qamtu p1812 10 %", "P.1812-8", f"{_P1812}; 10 % of time", "paths", "ours", "p1812_10"),
    Entry("pycraf path", "P.452-16", f"{_P452}; 50 % of time", "paths", "peer_pycraf", "paths",
          1000),
    Entry("qamtu itm", "ITM 1.4", _ITM, "paths", "ours", "itm"),
    Entry("itmlogic", "ITM 1.2.2", _ITM, "paths", "peer_itmlogic", "paths", 1000),
    Entry("qamtu sweep", "P.1812-8", f"{_P1812}; 50 % of time", "radials", "ours", "sweep"),
    Entry("qamtu sweep clutter", "P.1812-8", f"{_P1812}; 50 % of time, clutter", "radials", "ours",
          "sweep_clutter"),
    Entry("pycraf atten_path_fast", "P.452-16", f"{_P452}; 50 % of time", "radials",
          "peer_pycraf", "radials", 2),
)  # fmt: skip
"""In the order of the table."""
