"""The policies as Cedar reads them: parsed once, asked often."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import cedarpy

__all__ = ["ACTIONS", "KINDS", "Question", "answer", "policy_texts", "reasons", "schema_text"]

KINDS = (
    "board", "commitment", "claim", "evidence", "comment", "document", "case",
    "plan", "job", "account", "report", "log", "settings",
)  # fmt: skip
"""What may be acted on."""
ACTIONS = (
    "read", "file", "correct", "decide", "comment", "upload", "start_job", "cancel_job",
    "approve_job", "manage_accounts", "read_account", "export_account", "erase_account",
    "publish_plan", "make_report", "read_admin", "backup",
)  # fmt: skip
"""What may be done."""


@dataclass(frozen=True, slots=True)
class Question:
    """May this role do that to such a thing; all that a policy may depend on.

    Parameters
    ----------
    role, region, organisation
        Of who asks.
    action, kind
        Of `ACTIONS` and `KINDS`.
    own
        Whether the thing is the asker's own account.
    in_region, of_organisation
        Where the thing lies and whose it is.
    published
        Whether everyone may see it.
    mine, from_operator
        Of evidence: whether the asker filed it, and whether an operator did.
    """

    role: str
    region: str | None
    organisation: str | None
    action: str
    kind: str
    own: bool
    in_region: str | None
    of_organisation: str | None
    published: bool
    mine: bool = False
    from_operator: bool = False


@cache
def policy_texts() -> dict[str, str]:
    """Give every policy file by its name, in the order of names."""
    folder = files("qamtu.service.policies") / "rules"
    found = (path for path in folder.iterdir() if path.name.endswith(".cedar"))
    return {
        path.name: path.read_text(encoding="utf-8") for path in sorted(found, key=lambda p: p.name)
    }


@cache
def schema_text() -> str:
    """Give the schema that every policy and every question keeps to."""
    return (files("qamtu.service.policies") / "rules" / "schema.cedarschema").read_text("utf-8")


@cache
def _policies() -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str("\n".join(policy_texts().values()))


@cache
def _schema() -> cedarpy.Schema:
    return cedarpy.Schema.from_str(schema_text())


def _ask(question: Question) -> cedarpy.AuthzResult:
    me = {"type": "Account", "id": "me"}
    it = me if question.own else {"type": question.kind.capitalize(), "id": "it"}
    asker = _attributes(question.region, question.organisation, published=False)
    thing = _attributes(question.in_region, question.of_organisation, published=question.published)
    if question.kind == "evidence":
        thing |= {"mine": question.mine, "from_operator": question.from_operator}
    entities: list[dict[str, Any]] = [
        {"uid": me, "attrs": asker, "parents": [{"type": "Role", "id": question.role}]},
        {"uid": {"type": "Role", "id": question.role}, "attrs": {}, "parents": []},
    ]
    if not question.own:
        entities.append({"uid": it, "attrs": thing, "parents": []})
    return cedarpy.is_authorized(
        {
            "principal": me,
            "action": {"type": "Action", "id": question.action},
            "resource": it,
            "context": {},
        },
        _policies(),
        entities,
        _schema(),
    )


def _attributes(region: str | None, organisation: str | None, *, published: bool) -> dict[str, Any]:
    # An empty region is none: two empty names never make a thing one's own.
    given = {"region": region, "organisation": organisation}
    return {"published": published} | {k: v for k, v in given.items() if v}


@lru_cache(maxsize=65536)
def answer(question: Question) -> bool:
    """Give the answer of the policies; what no policy permits is denied.

    A question that the schema does not know (to decide a board) is denied, too.
    """
    if question.action not in ACTIONS or question.kind not in KINDS:
        return False
    return _ask(question).allowed


def reasons(question: Question) -> tuple[str, ...]:
    """Give the names (``@id``) of the policies that permit what is asked."""
    return tuple(sorted(_ask(question).diagnostics.id_annotations_by_reason.values()))
