"""The frame holds no SQL of its own: its tests run on SQLite alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "qamtu.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"
