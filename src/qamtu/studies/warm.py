"""Compile everything once by making a tiny real plan; what is compiled stays on the disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qamtu.core.progress import Report, silent
from qamtu.country import load_pack
from qamtu.studies.national_plan import make_plan
from qamtu.studies.plan_data import PlanRequest

__all__ = ["warm_up"]


def warm_up(pack: str, progress: Report = silent) -> None:
    """Plan the region with the fewest settlements to serve, and throw the plan away.

    Parameters
    ----------
    pack
        Code or folder of a pack.
    progress
        Is told each stage.
    """
    places = load_pack(pack).tables["settlements"]
    served = places["in_plan"].astype(bool) & ~places["has_fibre"].astype(bool)
    region = str(places.loc[served, "region_id"].value_counts(sort=True).index[-1])
    with tempfile.TemporaryDirectory() as folder:
        request = PlanRequest(
            pack,
            Path(folder) / "plan",
            region=region,
            max_rounds=2,
            curve_points=1,
            draws=2,
            rings=2,
            time_limit_s=5.0,
            scheduler="serial",
        )
        make_plan(request, progress)
