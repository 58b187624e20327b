"""What an API token may be used for at most: the actions of each scope."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["actions_of", "within"]


def actions_of(scope: str) -> frozenset[str]:
    """Give the actions of one scope; none for an unknown one.

    Accounts are never managed, exported or erased by a token, whoever it belongs to.
    """
    match scope:
        case "read":
            return frozenset({"read"})
        case "file":
            return frozenset({"read", "file", "correct", "comment", "upload"})
        case "jobs":
            return frozenset({"read", "start_job", "cancel_job"})
        case "reports":
            return frozenset({"read", "make_report"})
        case _:
            return frozenset()


def within(scopes: Collection[str], action: str) -> bool:
    """Say whether one of the scopes holds the action."""
    return any(action in actions_of(scope) for scope in scopes)
