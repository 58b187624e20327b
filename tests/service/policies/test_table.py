"""The table of who may do what, walked whole against Cedar."""

from __future__ import annotations

import itertools
from collections import Counter

import cedarpy
import pytest

from qamtu.service.accounts.current import PUBLIC, ROLES, Principal
from qamtu.service.policies import Forbidden, Resource, allowed, require
from qamtu.service.policies.engine import (
    ACTIONS,
    Question,
    answer,
    policy_texts,
    reasons,
    schema_text,
)
from qamtu.service.policies.table import PLACES, cells, every_question, rows

WRITES = {"file", "correct", "decide", "comment", "upload", "start_job", "cancel_job",
          "approve_job", "publish_plan", "make_report", "backup", "manage_accounts"}  # fmt: skip


def test_the_policies_keep_to_their_schema() -> None:
    result = cedarpy.validate_policies("\n".join(policy_texts().values()), schema_text())
    assert [str(error) for error in result.errors] == []


def test_each_policy_has_a_name_of_its_own() -> None:
    text = "\n".join(policy_texts().values())
    names = [line for line in text.splitlines() if line.startswith("@id(")]
    assert len(names) == len(set(names)) == text.count("permit (")
    assert {f"{role}.cedar" for role in ROLES if role != "public"} < set(policy_texts())


def test_every_combination_is_in_the_table_once() -> None:
    counted = Counter((row.action, row.kind, row.role) for row in rows())
    assert set(counted) == every_question()
    assert set(counted.values()) == {1}
    columns = ["/".join(c) for c in itertools.product(PLACES, PLACES, ("draft", "published"))]
    assert all(list(row.all_columns) == columns for row in rows())


def test_every_cell_is_what_the_policies_say() -> None:
    walked, wrong = 0, []
    for cell in cells():
        walked += 1
        if answer(cell.question) != cell.yes:
            wrong.append(cell)
    assert wrong == []
    assert walked == len(every_question()) * 18


def test_an_akimat_writes_only_in_its_region() -> None:
    for row in rows():
        if row.role == "akimat" and row.action in WRITES:
            assert all(column.startswith("own/") for column in row.columns), row
        if row.role == "akimat" and row.action == "read" and row.kind not in {"board", "log"}:
            assert all(c.startswith("own/") or c.endswith("/published") for c in row.columns), row


def test_an_operator_writes_only_its_own_records() -> None:
    for row in rows():
        if row.role == "operator" and row.action in WRITES:
            assert all(column.split("/")[1] == "own" for column in row.columns), row


def test_nobody_decides_what_they_filed_themselves() -> None:
    asked = [r for r in rows() if r.action == "decide" and "evidence" in r.kind]
    who = {
        kind: {r.role for r in asked if r.kind == kind and r.columns}
        for kind in ("evidence", "own evidence", "operator evidence")
    }
    assert who == {
        "evidence": {"ministry"}, "own evidence": set(), "operator evidence": {"regulator"},
    }  # fmt: skip
    for role in ROLES:
        mine = Resource("evidence", mine=True, from_operator=True)
        assert not allowed(Principal("a", role, "abai", "telecom"), "decide", mine)


def test_the_auditor_comments_and_writes_nothing_else() -> None:
    written = {r.action for r in rows() if r.role == "auditor" and r.columns} & WRITES
    assert written == {"comment"}
    unread = {
        r.kind for r in rows() if r.role == "auditor" and r.action == "read" and not r.columns
    }
    assert unread == {"account", "own account"}


def test_the_admin_files_decides_and_publishes_nothing() -> None:
    done = {r.action for r in rows() if r.role == "admin" and r.columns}
    assert not done & {"file", "correct", "decide", "comment", "upload", "approve_job",
                       "publish_plan", "make_report"}  # fmt: skip


def test_the_public_only_reads() -> None:
    done = {
        r.action for r in rows() if r.role == "public" and r.columns and r.kind != "own account"
    }
    assert done == {"read"}


def test_empty_names_make_nothing_ones_own() -> None:
    asker = Principal("a", "akimat", region="", organisation="")
    assert not allowed(asker, "file", Resource("evidence", region=""))
    operator = Principal("a", "operator", region=None, organisation=None)
    assert not allowed(operator, "file", Resource("evidence"))
    nobody = Resource("account", id="")
    assert not allowed(PUBLIC, "read_account", nobody)


def test_what_nobody_knows_is_denied() -> None:
    admin = Principal("a", "admin")
    assert not allowed(admin, "fly", Resource("board"))
    assert not allowed(admin, "read", Resource("moon"))
    assert not allowed(Principal("a", "king"), "file", Resource("evidence"))


def test_a_refusal_says_whether_to_sign_in() -> None:
    with pytest.raises(Forbidden) as nobody:
        require(PUBLIC, "file", Resource("evidence"))
    with pytest.raises(Forbidden) as akimat:
        require(Principal("a", "akimat", "abai"), "file", Resource("evidence", region="almaty"))
    assert (nobody.value.signed_in, akimat.value.signed_in) == (False, True)
    require(Principal("a", "akimat", "abai"), "file", Resource("evidence", region="abai"))


def test_a_token_may_no_more_than_its_scopes() -> None:
    from qamtu.service.accounts.api_tokens import SCOPES
    from qamtu.service.policies.scopes import actions_of

    def asker(*scopes: str) -> Principal:
        return Principal("a", "ministry", scopes=frozenset(scopes))

    assert allowed(asker("read"), "read", Resource("evidence"))
    assert not allowed(asker("read"), "file", Resource("evidence"))
    assert allowed(asker("file"), "file", Resource("evidence"))
    assert not allowed(
        Principal("a", "admin", scopes=frozenset(SCOPES)), "manage_accounts", Resource("account")
    )
    assert all(actions_of(scope) <= set(ACTIONS) and actions_of(scope) for scope in SCOPES)


def test_a_permission_names_its_policy() -> None:
    asked = Question("akimat", "abai", None, "file", "evidence", False, "abai", None, False)
    assert reasons(asked) == ("akimat writes in its region",)
