"""Where a sign-in leads: a path of this service, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["own_path"]


def own_path(target: str, otherwise: str = "/") -> str:
    r"""Give the target where it is a path of this service, else another path.

    Browsers read ``//host``, ``/\host``, and blanks or tabs in between as other sites: a target
    with anything of that is not followed.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return otherwise
    if any(ord(c) <= 0x20 or ord(c) == 0x7F for c in target) or len(target) > 500:
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target
