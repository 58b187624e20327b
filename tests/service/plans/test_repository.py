"""Plans in both databases: registered once, published, taken back, their measures as evidence."""

from __future__ import annotations

import json
import shutil

import pytest

from qamtu.core.errors import InputError, MissingInput
from qamtu.programme.records import Basis, Evidence, EvidenceState, Grade
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.plans import repository as plans
from qamtu.service.records import repository as records
from qamtu.service.tiles.repository import plan_archive


def register(service, folder):
    with writing(service.state.sessions) as session:
        return plans.register(service.state, session, folder, by="somebody")


def evidence(service):
    with reading(service.state.sessions) as session:
        return records.current(session, Evidence)


def test_a_plan_is_kept_by_content_and_its_measures_are_evidence(promised, madeland_plan) -> None:
    plan = register(promised, madeland_plan.folder)
    folder = promised.settings.data / "plans" / plan.id
    assert {path.name for path in folder.iterdir()} == {
        *plan.files,
        "tiles.pmtiles",
        "names.parquet",
    }
    assert (plan.published, plan.line, plan.region) == (True, "villages", None)
    assert plan_archive(promised.state, plan.id).count > 0
    found = evidence(promised)
    years = {row["year"] for row in madeland_plan.summary["by_year"]}
    country = [e for e in found if e.scope == "country"]
    planned = [e for e in country if e.basis is Basis.PLANNED]
    assert {e.commitment for e in planned} == {"villages.fibre", "population.coverage"}
    assert len(planned) == 2 * len(years)
    (today,) = [e for e in country if e.basis is Basis.ESTIMATED]
    assert (today.commitment, today.unit) == ("population.coverage", "share")
    for one in found:
        assert (one.grade, one.state) == (Grade.A, EvidenceState.ACCEPTED)
        assert one.files == plan.files
        assert one.parameters["discount_rate"]
        assert f"plan {plan.id}" in one.provenance
    assert any(e.scope.startswith("region:") for e in found)


def test_registering_again_changes_nothing(promised, madeland_plan) -> None:
    first = register(promised, madeland_plan.folder)
    with reading(promised.state.sessions) as session:
        before = log.size(session)
    assert register(promised, madeland_plan.folder) == first
    with reading(promised.state.sessions) as session:
        assert log.size(session) == before
        assert len(plans.plans(session)) == 1


def test_a_newer_plan_takes_over_and_gives_back(promised, madeland_plan, other_plan) -> None:
    first = register(promised, madeland_plan.folder)
    second = register(promised, other_plan)
    names = {e.record for e in evidence(promised)}
    assert {e.files["summary.json"] for e in evidence(promised)} == {second.id}
    with reading(promised.state.sessions) as session:
        assert plans.current(session, "villages") == second
        assert [plan.id for plan in plans.plans(session)] == [second.id, first.id]
        versions = records.history(session, Evidence, min(names))
    assert [v.record.files["summary.json"] for v in versions] == [first.id, second.id]
    with writing(promised.state.sessions) as session:
        plans.unpublish(promised.state, session, second.id, by="somebody")
    assert {e.files["summary.json"] for e in evidence(promised)} == {first.id}
    assert {e.record for e in evidence(promised)} == names
    with writing(promised.state.sessions) as session:
        plans.unpublish(promised.state, session, first.id, by="somebody")
    assert evidence(promised) == []
    with reading(promised.state.sessions) as session:
        assert plans.current(session, "villages") is None
        assert {plan.id for plan in plans.plans(session, published=False)} == {first.id, second.id}
        kinds = [entry.kind for _, entry in log.entries(session, 0, log.size(session))]
    assert kinds.count("plan") == 4


def test_a_plan_without_measures_says_so_and_files_nothing(
    promised, madeland_plan, tmp_path
) -> None:
    folder = tmp_path / "old"
    shutil.copytree(madeland_plan.folder, folder)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    del summary["measures"]
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    plan = register(promised, folder)
    assert [f["id"] for f in plan.findings] == ["plan-without-measures"]
    assert evidence(promised) == []


@pytest.mark.parametrize("name", ["plan_settlements.parquet", "plan_routes.parquet"])
def test_files_that_do_not_give_the_figures_are_refused(
    name, madeland_plan, sqlite_service, tmp_path
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(madeland_plan.folder, folder)
    (folder / name).write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match="do not give the figures"):
        register(sqlite_service, folder)
    (folder / name).unlink()
    with pytest.raises(MissingInput, match=name):
        register(sqlite_service, folder)
    assert not (sqlite_service.settings.data / "plans").exists()


def test_changed_figures_are_named(madeland_plan, sqlite_service, tmp_path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(madeland_plan.folder, folder)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary["totals"]["people"] += 1000
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        register(sqlite_service, folder)
    assert [f.field for f in caught.value.findings] == ["people"]
