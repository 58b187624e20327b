"""A backup is restored into either database, and into nothing else than an empty one."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import tarfile
import threading
import uuid
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from qamtu.core.errors import InputError, MissingInput, OutputExists
from qamtu.programme.log.figure import render, verify_bytes
from qamtu.programme.records import EvidenceState
from qamtu.service.backup import backup, restore
from qamtu.service.backup.manifest import read_manifest
from qamtu.service.database.engine import make_engine, make_sessions, reading, writing
from qamtu.service.database.migrate import migrate
from qamtu.service.database.models import METADATA
from qamtu.service.jobs.tables import JobRow, JobStageRow, QueueItemRow
from qamtu.service.log.checks import check_log
from qamtu.service.log.figures import figure
from qamtu.service.log.heads import current_head
from qamtu.service.log.keys import load_key
from qamtu.service.log.tables import LogNode
from qamtu.service.records.repository import decide, file_many
from qamtu.service.records.tables import EvidenceRow
from qamtu.service.settings import Settings
from qamtu.service.state import State
from tests.service.made import everything, evidence
from tests.service.postgresql import administer

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT = dt.datetime(2026, 5, 1, 12, 0, 0, 7, tzinfo=dt.UTC)


@pytest.fixture
def filled(service):
    """A service with records, a head, a job, files and keys."""
    state = service.state
    with writing(state.sessions) as session:
        file_many(session, everything(), by="somebody")
        decide(session, "north-filed", EvidenceState.ACCEPTED, "auditor-1")
        job = {
            "id": "j1", "kind": "plan", "request": {"pack": "kz"}, "state": "done", "share": 1.0,
            "heartbeat": AT, "created_at": AT, "findings": {}, "made_by": "somebody",
        }  # fmt: skip
        session.execute(insert(JobRow), [job])
        for name in ("first", "second"):
            session.add(JobStageRow(job="j1", attempt=1, at=AT, name=name, detail="ä\n"))
        session.add(QueueItemRow(queue="q", data=b"\0\xff", priority=0.5))
    current_head(state, covering=1)
    data = service.settings.data
    for name in ("documents/ab/abc", "plans/p1/summary.json"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(name.encode() * 1000)
    (data / "secret.key").write_text("secret")
    (data / "documents/.part").write_text("half")
    return service


@contextmanager
def empty(kind, tmp_path, request):
    """The URL of an empty database of a kind; empty for SQLite in the data folder."""
    if kind == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgresql")
    name = f"restored_{uuid.uuid4().hex}"
    administer(server, f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def opened(settings):
    engine = make_engine(settings.database)
    try:
        yield State(settings=settings, engine=engine, sessions=make_sessions(engine))
    finally:
        engine.dispose()


def rows(state):
    with reading(state.sessions) as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
        }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_it_is_restored_into_either_database(filled, kind, tmp_path, request):
    out = tmp_path / "out/backup.tar.zst"
    manifest = backup(filled.settings, out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in out.parent.iterdir()] == ["backup.tar.zst"]
    assert manifest.log_size == len(everything()) + 1
    with empty(kind, tmp_path, request) as url:
        data = tmp_path / "restored"
        assert restore(out, data, database_url=url) == manifest
        kept = {p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file()}
        database = {"qamtu.sqlite"} if kind == "sqlite" else set()
        assert kept == {"documents/ab/abc", "plans/p1/summary.json", "keys/head.pub"} | database
        with opened(Settings(data, url)) as state:
            assert rows(state) == rows(filled.state)
            assert (data / "documents/ab/abc").read_bytes() == b"documents/ab/abc" * 1000
            # life goes on: counters, and a head by a key of its own
            with writing(state.sessions) as session:
                session.add(JobStageRow(job="j1", attempt=1, at=AT, name="third", detail=""))
                file_many(session, [evidence("later")])
            with reading(state.sessions) as session:
                assert not check_log(session)
            raw = render(figure(state, "later"))
            assert not verify_bytes(raw, [load_key(data).public_key()])
        with pytest.raises(OutputExists):
            restore(out, data, database_url=url)
        if url:
            with pytest.raises(OutputExists, match="has rows in"):
                restore(out, tmp_path / "more", database_url=url)
            assert not (tmp_path / "more").exists()


@on_sqlite
def test_keys_go_along_only_when_asked(filled, tmp_path):
    out = tmp_path / "b.tar.gz"
    manifest = backup(filled.settings, out, keys=True)
    assert {"files/keys/head.pem", "files/secret.key"} <= set(manifest.members)
    restore(out, tmp_path / "restored")
    key = tmp_path / "restored/keys/head.pem"
    assert key.read_bytes() == (filled.settings.data / "keys/head.pem").read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "restored/secret.key").stat().st_mode & 0o777 == 0o600


@on_sqlite
def test_nothing_is_replaced_unasked(filled, tmp_path):
    out = tmp_path / "b.tar.gz"
    out.write_text("mine")
    with pytest.raises(OutputExists):
        backup(filled.settings, out)
    assert out.read_text() == "mine"
    backup(filled.settings, out, overwrite=True)
    (tmp_path / "data2").mkdir()
    (tmp_path / "data2/mine").write_text("mine")
    with pytest.raises(OutputExists):
        restore(out, tmp_path / "data2")
    assert (tmp_path / "data2/mine").read_text() == "mine"


@on_sqlite
def test_what_cannot_be_backed_up(filled, tmp_path):
    with pytest.raises(InputError, match="ends with one of"):
        backup(filled.settings, tmp_path / "b.zip")
    with pytest.raises(MissingInput, match="no database"):
        backup(Settings(tmp_path / "nothing"), tmp_path / "b.tar.gz")
    with pytest.raises(MissingInput, match="never migrated"):
        backup(Settings(tmp_path, f"sqlite:///{tmp_path}/x.sqlite"), tmp_path / "b.tar.gz")
    with filled.state.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE strange (x int)")
    with pytest.raises(InputError, match="strange"):
        backup(filled.settings, tmp_path / "b.tar.gz")
    assert not [path for path in tmp_path.iterdir() if "tar" in path.name]


@on_sqlite
def test_a_damaged_backup_leaves_nothing(filled, tmp_path):
    out = tmp_path / "b.tar.zst"
    backup(filled.settings, out)
    raw = out.read_bytes()
    bent = tmp_path / "bent.tar.zst"
    for content in (
        b"", b"nothing", raw[:5], raw[: len(raw) // 2],
        raw[: len(raw) // 3] + bytes([raw[len(raw) // 3] ^ 1]) + raw[len(raw) // 3 + 1 :],
    ):  # fmt: skip
        bent.write_bytes(content)
        with pytest.raises(InputError):
            restore(bent, tmp_path / "restored")
        assert not (tmp_path / "restored").exists()
    with pytest.raises(MissingInput):
        restore(tmp_path / "absent", tmp_path / "restored")


def test_members_that_lead_elsewhere_are_refused(tmp_path):
    link = tarfile.TarInfo("files/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for member in (tarfile.TarInfo("../x"), tarfile.TarInfo("/x"), link):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w") as tar:
            tar.addfile(member)
        (tmp_path / "b.tar.gz").write_bytes(gzip.compress(content.getvalue()))
        with pytest.raises(InputError, match="not a plain file"):
            restore(tmp_path / "b.tar.gz", tmp_path / "restored")


@pytest.mark.parametrize("change", ["file", "row", "missing", "revision", "format"])
@on_sqlite
def test_a_changed_member_is_found(filled, tmp_path, change):
    backup(filled.settings, tmp_path / "b.tar.gz")
    members = {}
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}
    manifest = read_manifest(members["manifest.json"])
    if change == "file":
        members["files/documents/ab/abc"] += b"x"
    elif change == "row":
        name = "tables/evidence.jsonl"
        members[name] = members[name].replace(b'"value":1200.0', b'"value":1300.0')
    elif change == "missing":
        del members["tables/claim.jsonl"]
    elif change == "revision":
        members["manifest.json"] = replace(manifest, revision="later").to_bytes()
    else:
        members["manifest.json"] = replace(manifest, format="x").to_bytes()
    with tarfile.open(tmp_path / "bent.tar.gz", "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(InputError):
        restore(tmp_path / "bent.tar.gz", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_log_that_does_not_verify_is_not_restored(filled, tmp_path, request):
    with writing(filled.state.sessions) as session:
        session.execute(update(EvidenceRow).values(value=7.0).where(EvidenceRow.value == 1200.0))
    backup(filled.settings, tmp_path / "b.tar.gz")
    with empty("postgresql", tmp_path, request) as url:
        with pytest.raises(InputError, match="does not verify") as error:
            restore(tmp_path / "b.tar.gz", tmp_path / "restored", database_url=url)
        assert {finding.id for finding in error.value.findings} == {"log-record"}
        assert not (tmp_path / "restored").exists()
        engine = make_engine(Settings(tmp_path, url).database)
        migrate(engine)
        with pytest.raises(InputError, match="does not verify"):
            restore(tmp_path / "b.tar.gz", tmp_path / "restored", database_url=url)
        with opened(Settings(tmp_path, url)) as state:
            assert not any(rows(state).values())
        engine.dispose()


def test_what_a_check_of_the_log_finds(filled):
    sessions = filled.state.sessions
    with reading(sessions) as session:
        assert not check_log(session)
    with writing(sessions) as session:
        session.execute(update(LogNode).values(hash=b"\0" * 32).where(LogNode.place == 1))
        session.execute(update(EvidenceRow).values(title="x").where(EvidenceRow.value == 1200.0))
    with reading(sessions) as session:
        assert {finding.id for finding in check_log(session)} == {"log-hash", "log-record"}
    with writing(sessions) as session:
        session.delete(session.get(LogNode, 1))
        session.execute(LogNode.metadata.tables["log_head"].update().values(root="0" * 64))
        session.execute(
            LogNode.metadata.tables["log_entry"]
            .delete()
            .where(LogNode.metadata.tables["log_entry"].c.index == 4)
        )
    with reading(sessions) as session:
        found = {finding.id for finding in check_log(session)}
    assert {"log-gap", "log-head-root", "log-head-signature", "log-record"} <= found


def test_it_is_one_state_while_the_service_writes(filled, tmp_path):
    stop = threading.Event()
    written = []

    def write():
        while not stop.is_set():
            with writing(filled.state.sessions) as session:
                name = f"during-{len(written)}"
                file_many(session, [evidence(name, id=name)])
            written.append(name)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        manifest = backup(filled.settings, tmp_path / "b.tar.gz")
    finally:
        stop.set()
        thread.join()
    assert manifest.log_size >= len(everything()) + 4
    restore(tmp_path / "b.tar.gz", tmp_path / "restored")
    with opened(Settings(tmp_path / "restored")) as state, reading(state.sessions) as session:
        assert not check_log(session)
