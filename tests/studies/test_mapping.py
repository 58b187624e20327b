"""The same answer wherever the tasks run, and a clear word where they cannot."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from dataclasses import replace
from operator import neg
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from qamtu.core.errors import InputError, QamtuError
from qamtu.studies.mapping import mapping
from qamtu.studies.national_plan import PlanResult, make_plan
from qamtu.studies.plan_data import PlanRequest


@pytest.fixture
def request_of(madeland: Path, tmp_path: Path) -> PlanRequest:
    return PlanRequest(
        pack=str(madeland), out=tmp_path / "plan", scheduler="serial", max_rounds=2,
        curve_points=2, rings=3, draws=50, time_limit_s=600.0, gap_limit=1e-9,
    )  # fmt: skip


def same_plan(one: PlanResult, other: PlanResult) -> None:
    told = []
    for plan in (one, other):
        text = (plan.folder / "summary.json").read_text(encoding="utf-8")
        text = text.replace(json.loads(text)["made_at"], "")  # measures name their run
        figures = json.loads(text)
        told.append({k: v for k, v in figures.items() if k not in {"made_at", "stages"}})
    assert told[0] == told[1]
    for name in ("plan_settlements", "plan_routes"):
        tables = [gpd.read_parquet(p.folder / f"{name}.parquet") for p in (one, other)]
        pd.testing.assert_frame_equal(*map(pd.DataFrame, tables))


def test_processes_give_the_same_plan(madeland_plan, request_of) -> None:
    made = make_plan(replace(request_of, scheduler="processes", workers=2))
    same_plan(madeland_plan, made)
    assert multiprocessing.active_children() == []


@pytest.mark.filterwarnings("ignore")  # what a cluster warns of is not ours
def test_a_cluster_gives_the_same_plan(madeland_plan, request_of) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is missing")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
        protocol="tcp://", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        made = make_plan(replace(request_of, scheduler=cluster.scheduler_address))
    same_plan(madeland_plan, made)


def test_tasks_come_back_in_their_order() -> None:
    with mapping("processes", 2) as mapper:
        assert list(mapper(neg, range(20))) == [-i for i in range(20)]


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(QamtuError, match="memory"), mapping("processes", 2) as mapper:
        list(mapper(os._exit, [3]))
    assert multiprocessing.active_children() == []


def test_an_error_of_a_task_comes_through() -> None:
    with pytest.raises(ValueError, match="'x'"), mapping("processes", 2) as mapper:
        list(mapper(int, ["1", "x"]))
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("scheduler", "workers", "said"),
    [
        ("slurm", None, "serial, processes"),
        ("", None, "serial, processes"),
        ("tcp://127.0.0.1:1", None, "no Dask scheduler answers"),
        ("carrier-pigeon://nowhere", None, "no Dask scheduler answers"),
        ("processes", 0, "1 or more"),
        ("processes", -3, "1 or more"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_where_tasks_cannot_run_a_remedy_is_given(scheduler, workers, said, monkeypatch) -> None:
    if "://" in scheduler:
        pytest.importorskip("distributed", reason="the extra 'cluster' is missing")
    with pytest.raises(InputError, match=said) as caught, mapping(scheduler, workers):
        pytest.fail("there is nowhere to run")
    assert all(finding.mend for finding in caught.value.findings)


def test_without_the_extra_the_remedy_is_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"qamtu\[cluster\]"), mapping("tcp://127.0.0.1:8786"):
        pytest.fail("there is nowhere to run")
