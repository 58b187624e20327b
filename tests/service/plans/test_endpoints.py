"""The API of plans: who sees what, search in any script, tiles, files, publish and take back."""

from __future__ import annotations

import gzip
import hashlib
import shutil

import pyarrow.parquet as pq
import pytest

from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.plans import repository as plans
from qamtu.service.plans.names import key_of
from qamtu.service.tiles.repository import base_archive, plan_archive


@pytest.fixture
def database_url(sqlite_template, tmp_path):
    """SQLite alone: the repository's own tests run on both databases."""
    path = tmp_path / "plans.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def plan(promised, madeland_plan):
    with writing(promised.state.sessions) as session:
        return plans.register(promised.state, session, madeland_plan.folder, by="somebody")


def test_everybody_reads_a_published_plan(plan, client, madeland_plan) -> None:
    (row,) = client.get("/api/v1/plans").json()["plans"]
    assert row["id"] == plan.id
    assert client.get(f"/api/v1/plans/{plan.id}").json() == row
    measures = client.get(
        f"/api/v1/plans/{plan.id}/measures",
        params={"metric": "villages_with_fibre", "scope": "country"},
    ).json()
    assert [m["basis"] for m in measures] == ["planned"] * len(measures)
    assert measures[-1]["value"] == madeland_plan.summary["totals"]["villages_fibre"]
    found = client.get(f"/api/v1/plans/{plan.id}/settlements", params={"limit": 2}).json()
    assert found["total"] == madeland_plan.summary["totals"]["settlements"]
    assert len(found["settlements"]) == 2
    fibre = client.get(f"/api/v1/plans/{plan.id}/settlements?option=fibre").json()["settlements"]
    one = client.get(f"/api/v1/plans/{plan.id}/settlements/{fibre[0]['settlement_id']}").json()
    assert sum(part["length_m"] for part in one["route"]) / 1e3 == pytest.approx(one["route_km"])
    for missing in ("settlements/nobody", "files/secret.key", "files/..%2F..%2Fqamtu.sqlite"):
        assert client.get(f"/api/v1/plans/{plan.id}/{missing}").status_code == 404
    assert client.get(f"/api/v1/plans/{'0' * 64}").status_code == 404


def test_files_are_given_as_they_were_registered(plan, client) -> None:
    for name, digest in plan.files.items():
        content = client.get(f"/api/v1/plans/{plan.id}/files/{name}").content
        assert hashlib.sha256(content).hexdigest() == digest


def test_tiles_are_kept_for_good(plan, promised, client) -> None:
    archive = plan_archive(promised.state, plan.id)
    west, south, east, north = archive.bounds
    place = next((x, y) for x in range(8) for y in range(8) if archive.get((3, x, y)) is not None)
    path = f"/api/v1/plans/{plan.id}/tiles/3/{place[0]}/{place[1]}.mvt"
    answer = client.get(path)
    assert answer.content == gzip.decompress(archive.get((3, *place)))
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    tag = answer.headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"/api/v1/plans/{plan.id}/tiles/3/0/0.mvt").status_code == 204
    assert client.get(f"/api/v1/plans/{plan.id}/tiles/3/9/99.mvt").status_code == 204
    assert client.get(f"/api/v1/plans/{plan.id}/tiles/33/0/0.mvt").status_code == 422
    assert west < east
    assert south < north


def test_the_country_has_tiles_of_its_own(promised, client) -> None:
    name, archive = base_archive(promised.state)
    stored = {(x, y): archive.get((3, x, y)) for x in range(8) for y in range(8)}
    place = next(at for at, tile in stored.items() if tile and b"regions" in gzip.decompress(tile))
    answer = client.get(f"/api/v1/tiles/base/{name}/3/{place[0]}/{place[1]}.mvt")
    assert b"regions" in answer.content
    assert client.get("/api/v1/tiles/base/other/3/5/2.mvt").status_code == 404


def test_who_may_publish(plan, client, as_role, service) -> None:
    path = f"/api/v1/plans/{plan.id}/unpublish"
    assert client.post(path).status_code in {401, 403}
    assert as_role("akimat").post(path).status_code == 403
    ministry = as_role("ministry")
    assert ministry.post(path).json()["published"] is False
    assert client.get("/api/v1/plans").json()["plans"] == []
    for part in ("", "/measures", "/settlements", "/files/summary.json", "/tiles/3/5/2.mvt"):
        assert client.get(f"/api/v1/plans/{plan.id}{part}").status_code == 404
    assert ministry.get(f"/api/v1/plans/{plan.id}").status_code == 200
    with reading(service.state.sessions) as session:
        assert log.size(session) > 0
    assert ministry.post(f"/api/v1/plans/{plan.id}/publish").json()["published"] is True
    assert client.get(f"/api/v1/plans/{plan.id}").status_code == 200


@pytest.mark.parametrize(
    ("one", "other"),
    [("Қарағанды", "Qaraghandy"), ("Шалқар", "shalkar"), ("Зайсан", "Zaysan"),
     ("Жезқазған", "Жезказган"), ("Үшқұдық", "Ushqudyk")],
)  # fmt: skip
def test_scripts_do_not_matter(one, other) -> None:
    assert key_of(one) == key_of(other) != ""


def test_a_name_is_found_by_its_beginning_in_each_language(plan, promised, client) -> None:
    folder = promised.settings.data / "plans" / plan.id
    table = pq.read_table(folder / "plan_settlements.parquet").to_pandas()
    row = table.iloc[len(table) // 2]
    for name in (row["name_kk"], row["name_ru"], row["name_en"]):
        answer = client.get(
            f"/api/v1/plans/{plan.id}/settlements", params={"q": name[:5].upper(), "limit": 500}
        )
        assert row["settlement_id"] in {s["settlement_id"] for s in answer.json()["settlements"]}
    nothing = client.get(f"/api/v1/plans/{plan.id}/settlements", params={"q": "' OR 1=1 --%_"})
    assert nothing.status_code == 200
    assert client.get(f"/api/v1/plans/{plan.id}/settlements?q=***").json()["total"] == 0
