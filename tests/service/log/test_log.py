"""The log in both databases: appends, proofs, heads, figures and their endpoints."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from qamtu.core.errors import InputError, QamtuError
from qamtu.programme.log import (
    EMPTY_ROOT,
    Entry,
    entry_of,
    key_id,
    leaf,
    leaf_hash,
    read_public_key,
    verify_consistency,
    verify_head,
    verify_inclusion,
)
from qamtu.programme.log.figure import verify_bytes
from qamtu.programme.log.stamps import read_certificates, read_stamp
from qamtu.programme.records import EvidenceState
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository
from qamtu.service.log.figures import figure
from qamtu.service.log.heads import current_head
from qamtu.service.log.keys import load_key, public_pem
from qamtu.service.log.stamping import NoStamp, stamp
from qamtu.service.log.tables import LogHead, LogNode
from qamtu.service.records.repository import decide, file_many
from tests.service.made import everything, evidence
from tests.tsa import make_authority, served

AT = dt.datetime(2026, 11, 1, 9, 30, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=5)))


def some(count, start=0):
    return [
        entry_of("evidence", f"r{i}", f"v{i}", {"i": i}, AT) for i in range(start, start + count)
    ]


def add(state, entries):
    with writing(state.sessions) as session:
        return repository.append(session, entries)


def test_entries_come_back_and_are_proved(service):
    state = service.state
    assert add(state, some(5)) == [0, 1, 2, 3, 4]
    assert add(state, some(1, 5)) == [5]
    assert add(state, []) == []
    assert add(state, some(1200, 6))[-1] == 1205
    with reading(state.sessions) as session:
        size = repository.size(session)
        root = repository.root(session)
        found = repository.entries(session, 3, 4)
        assert [index for index, _ in found] == [3, 4, 5, 6]
        assert [entry for _, entry in found] == some(4, 3)
        for index, entry in [*found, *repository.entries(session, size - 1, 10)]:
            path = repository.proof(session, index, size)
            assert verify_inclusion(leaf_hash(leaf(entry)), index, size, path, root)
        for old in (1, 5, 6, 1024, 1205, size):
            path = repository.consistency(session, old, size)
            assert verify_consistency(old, size, path, repository.root(session, old), root)
        assert repository.find(session, "evidence", "v7") == (7, some(1, 7)[0])
        assert repository.find(session, "claim", "v7") is None
        for wrong in ((6, 6), (0, size + 1), (-1, 3)):
            with pytest.raises(InputError):
                repository.proof(session, *wrong)
        for wrong in ((6, 5), (-1, 3), (0, size + 1)):
            with pytest.raises(InputError):
                repository.consistency(session, *wrong)


def test_nothing_is_left_of_a_transaction_that_fails(service):
    state = service.state
    add(state, some(3))
    with pytest.raises(RuntimeError), writing(state.sessions) as session:
        repository.append(session, some(4, 3))
        raise RuntimeError
    with reading(state.sessions) as session:
        assert repository.size(session) == 3
        assert session.scalar(select(func.count()).select_from(LogNode)) == 4
    assert add(state, some(1, 3)) == [3]


def test_writers_in_threads_take_turns(service):
    state = service.state

    def write(number):
        for i in range(8):
            add(state, some(3, 1000 * number + 10 * i))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(state.sessions) as session:
        size = repository.size(session)
        assert size == 4 * 8 * 3
        root = repository.root(session)
        for index, entry in repository.entries(session, 0, size):
            path = repository.proof(session, index, size)
            assert verify_inclusion(leaf_hash(leaf(entry)), index, size, path, root)


def test_a_lost_node_is_said(service):
    add(service.state, some(8))
    with writing(service.state.sessions) as session:
        session.delete(session.get(LogNode, 1))
    with reading(service.state.sessions) as session, pytest.raises(QamtuError, match="damaged"):
        repository.proof(session, 3, 8)


def test_heads_are_signed_when_asked_for_and_kept(service):
    state = service.state
    public = load_key(state.settings.data).public_key()
    empty = current_head(state)
    assert (empty.size, empty.root) == (0, EMPTY_ROOT.hex())
    assert verify_head(empty, public)
    assert current_head(state) == empty
    add(state, some(5))
    assert current_head(state) == empty  # younger than a minute
    whole = current_head(state, covering=3)
    assert (whole.size, verify_head(whole, public)) == (5, True)
    assert current_head(state) == whole
    with writing(state.sessions) as session:
        assert session.scalar(select(func.count()).select_from(LogHead)) == 2
        repository.append(session, some(1, 5))
        old = replace(whole, size=6, at="2026-01-01T00:00:00.000000Z")
        repository.keep_head(session, old)
        repository.append(session, some(1, 6))
    assert current_head(state).size == 7  # the newest was old


def test_a_new_key_signs_anew_and_old_heads_stay(service, tmp_path):
    add(service.state, some(2))
    first = current_head(service.state, covering=2)
    other = replace(service.state, settings=replace(service.settings, data=tmp_path / "other"))
    second = current_head(other, covering=2)
    assert first.root == second.root
    assert first.key != second.key
    assert verify_head(first, read_public_key(first.public_key))
    assert current_head(service.state) == first


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    keys = []
    threads = [
        threading.Thread(target=lambda: keys.append(public_pem(load_key(tmp_path))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert (tmp_path / "keys/head.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys/head.pub").read_bytes() == keys[0]
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"head.pem", "head.pub"}
    (tmp_path / "keys/head.pem").write_text("nothing")
    with pytest.raises(InputError, match="no private key"):
        load_key(tmp_path)


@pytest.fixture
def filed(service):
    with writing(service.state.sessions) as session:
        file_many(session, everything())
    return service


def test_a_figure_of_the_service_is_proved_offline(filed, client):
    answer = client.get("/api/figures/villages-counted.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    key = read_public_key(client.get("/api/v1/log/key").json()["pem"])
    assert not verify_bytes(answer.content, [key])
    document = answer.json()
    assert document["shown"]["value"] == 1200
    assert document["head"]["size"] == len(everything())
    assert document["head"]["key"] == key_id(key)


def test_a_figure_is_of_the_newest_version(filed):
    with writing(filed.state.sessions) as session:
        file_many(session, [evidence(id="villages-counted-v2", value=0.1 + 0.2)])
    document = figure(filed.state, "villages-counted")
    assert document["shown"]["value"] == 0.1 + 0.2
    assert document["evidence"]["index"] == len(everything())


def test_only_what_is_published_has_a_figure(filed, client):
    assert client.get("/api/figures/north-filed.json").status_code == 404
    assert client.get("/api/figures/absent.json").status_code == 404
    assert client.get("/api/figures/%00.json").status_code == 422
    with writing(filed.state.sessions) as session:
        decide(session, "north-filed", EvidenceState.ACCEPTED, "auditor-1")
    answer = client.get("/api/figures/north-filed.json")
    assert answer.status_code == 200
    with writing(filed.state.sessions) as session:
        file_many(session, [evidence(id="v9", withdrawn=True)])
    assert client.get("/api/figures/villages-counted.json").status_code == 404


def test_the_log_is_open_to_everybody(filed, client):
    size = len(everything())
    head = client.get("/api/v1/log/head").json()
    assert head["size"] == size
    start, seen = 0, []
    while start is not None:
        page = client.get("/api/v1/log/entries", params={"start": start, "limit": 4}).json()
        seen += page["entries"]
        start = page["next"]
    assert [entry["index"] for entry in seen] == list(range(size))
    proof = client.get("/api/v1/log/proof/inclusion", params={"index": 3, "size": size}).json()
    fields = {key: value for key, value in seen[3].items() if key != "index"}
    entry = Entry(**fields | {"at": dt.datetime.fromisoformat(fields["at"])})
    assert proof["leaf"] == leaf_hash(leaf(entry)).hex()
    path = [bytes.fromhex(value) for value in proof["path"]]
    root = bytes.fromhex(head["root"])
    assert verify_inclusion(bytes.fromhex(proof["leaf"]), 3, size, path, root)
    grown = client.get("/api/v1/log/proof/consistency", params={"old": 3}).json()
    path = [bytes.fromhex(value) for value in grown["path"]]
    assert verify_consistency(3, size, path, bytes.fromhex(grown["old_root"]), root)
    for address in ("inclusion?index=99", "inclusion?index=1&size=99", "consistency?old=99"):
        assert client.get(f"/api/v1/log/proof/{address}").status_code == 404
    assert client.get("/api/v1/log/entries?start=-1").status_code == 422


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_heads_are_stamped_where_a_server_is_configured(service, tmp_path):
    folder = tmp_path / "tsa"
    folder.mkdir()
    authority = make_authority(folder)
    with served(authority) as url:
        near = replace(service.settings, timestamp_url=url, insecure_fetch_hosts=("127.0.0.1",))
        stamping = replace(service.state, settings=near)
        head = current_head(stamping)
        with pytest.raises(NoStamp, match="not public"):  # unless the settings name the host
            stamp(replace(near, insecure_fetch_hosts=()), b"a head")
        with pytest.raises(NoStamp, match="status 501"):
            stamp(replace(near, timestamp_url=f"{url}not-a-server"), b"a head")
    kept = read_stamp(head.timestamp, head.stamped(), read_certificates(authority.root_pem))
    assert (kept.matches, kept.trusted) == (True, True)
    add(service.state, some(1))
    unanswered = current_head(stamping, covering=1)  # the server has gone: the head stands without
    assert (unanswered.size, unanswered.timestamp) == (1, "")
    assert json.loads(unanswered.statement())["size"] == 1
