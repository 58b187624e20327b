"""A made plan of a made country, kept once a session."""

from __future__ import annotations

import datetime as dt
import json
import shutil

import pytest
from tests.service.plan_fixtures import sqlite_client, sqlite_service

from qamtu.programme.records import Commitment
from qamtu.service.database.engine import writing
from qamtu.service.records import repository as records

__all__ = ["sqlite_client", "sqlite_service"]

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def commitment(name, metric, unit, **more):
    return Commitment(
        id=f"{name}-1", record=name, learned_at=NOW, area="connectivity", line="villages",
        kind="target", promise={"en": name}, definition={"en": name}, metric=metric, unit=unit,
        owner="ministry", **more,
    )  # fmt: skip


@pytest.fixture
def promised(service):
    """The service with two commitments that a plan of villages speaks to."""
    with writing(service.state.sessions) as session:
        records.file_many(
            session,
            [
                commitment("villages.fibre", "villages_with_fibre", "settlements", target=3000.0),
                commitment("population.coverage", "population_share_high_speed", "share"),
                commitment("corridors.roads", "road_length_covered", "km"),
            ],
        )
    return service


@pytest.fixture(scope="session")
def other_plan(madeland_plan, tmp_path_factory):
    """The same plan with another seed in its summary: other content, same figures."""
    folder = tmp_path_factory.mktemp("other") / "plan"
    shutil.copytree(madeland_plan.folder, folder)
    path = folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(summary | {"seed": 2}), encoding="utf-8")
    return folder
