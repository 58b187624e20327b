"""Which texts the service shows: extracted by Babel from templates and modules, by domain."""

from __future__ import annotations

import ast
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

import qamtu.service

SERVICE = Path(qamtu.service.__file__).parent
PROGRAMME = SERVICE.parent / "programme"

FOLDERS = {
    "pages": ("pages", "board"),
    "accounts": ("accounts", "admin", "policies"),
    "maps": ("plans", "tiles", "mapview", "settlements", "compare"),
    "jobs": ("jobs", "uploads"),
    "reports": ("reports", "exchange"),
}
"""Folders of the service whose texts each domain translates; `programme` has its own list."""

KEYWORDS = {
    "t": None, "_t": None, "_": None, "N_": None, "gettext": None, "gettext_noop": None,
    "ngettext": (1, 2), "_n": (1, 2),
}  # fmt: skip


@cache
def texts(domain: str) -> dict[str, str | tuple[str, str]]:
    """Texts of a domain by their English form: the plural pair where there is a count."""
    found: dict[str, str | tuple[str, str]] = {}
    for path in _files(domain):
        content = BytesIO(path.read_bytes())
        method = "python" if path.suffix == ".py" else babel_extract
        for _, message, _, _ in extract(
            method,
            content,
            KEYWORDS,
            (),
            {"encoding": "utf-8", "trimmed": "false", "silent": "false"},
        ):
            parts = message if isinstance(message, tuple) else (message,)
            if parts[0]:
                found[parts[0]] = parts if len(parts) == 2 else parts[0]
    return found


@cache
def literals(domain: str) -> frozenset[str]:
    """Every string of the modules of a domain: tables of texts are translated where shown."""
    found: set[str] = set()
    for path in _files(domain):
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {
                n.value
                for n in ast.walk(tree)
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            }
    return frozenset(found)


def _files(domain: str) -> list[Path]:
    if domain == "programme":
        return sorted(PROGRAMME.glob("*.py"))
    folders = [SERVICE / name for name in FOLDERS[domain]]
    return [
        p
        for folder in folders
        for pattern in ("*.py", "*.j2")
        for p in sorted(folder.rglob(pattern))
    ]
