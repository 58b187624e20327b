"""Who may do what: a principal, an action and a resource enter, yes or no leaves.

The rules are the Cedar policies in ``rules``, one file a role; ``table.csv`` says the same cell by
cell, and a test walks it whole. Callers ask `allowed` to show or hide, and `require` before doing.
"""

from __future__ import annotations

from dataclasses import dataclass

from qamtu.service.accounts.current import Principal
from qamtu.service.accounts.errors import Forbidden
from qamtu.service.policies.engine import ACTIONS, KINDS, Question, answer
from qamtu.service.policies.scopes import within

__all__ = ["ACTIONS", "KINDS", "Forbidden", "Resource", "allowed", "require"]


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on.

    Parameters
    ----------
    kind
        One of `KINDS`.
    id
        Its id; needed for accounts, where one's own is special.
    region
        Region it lies in (without ``region:``), None where it speaks of the country.
    organisation
        Whose it is, None where nobody's.
    published
        Whether everyone may see it.
    mine, from_operator
        Of evidence: whether the account that asks filed it, and whether an operator did.
    """

    kind: str
    id: str = ""
    region: str | None = None
    organisation: str | None = None
    published: bool = False
    mine: bool = False
    from_operator: bool = False


def allowed(principal: Principal, action: str, resource: Resource) -> bool:
    """Say whether the policies permit it (under a millisecond; known answers are kept)."""
    if principal.scopes is not None and not within(principal.scopes, action):
        return False
    return answer(
        Question(
            role=principal.role,
            region=principal.region,
            organisation=principal.organisation,
            action=action,
            kind=resource.kind,
            own=resource.kind == "account" and bool(resource.id) and resource.id == principal.id,
            in_region=resource.region,
            of_organisation=resource.organisation,
            published=resource.published,
            mine=resource.mine,
            from_operator=resource.from_operator,
        )
    )


def require(principal: Principal, action: str, resource: Resource) -> None:
    """Go on only where the policies permit it.

    Raises
    ------
    Forbidden
        If they do not; at the edge 401 where nobody is signed in, 403 otherwise.
    """
    if not allowed(principal, action, resource):
        what = f"{resource.kind} {resource.id}".strip()
        raise Forbidden(
            f"The role {principal.role} may not {action.replace('_', ' ')} this {what}.",
            signed_in=principal.signed_in,
        )
