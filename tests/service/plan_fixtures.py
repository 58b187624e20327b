"""Fixtures of plans for several folders: a service on SQLite alone, its client."""

from __future__ import annotations

import shutil

import pytest

from tests.service.client import clients
from tests.service.conftest import opened, settings_for


@pytest.fixture
def sqlite_service(sqlite_template, tmp_path):
    """A service on SQLite alone, for what the database has no part in."""
    path = tmp_path / "only.sqlite"
    shutil.copy(sqlite_template, path)
    with opened(settings_for(f"sqlite:///{path}", tmp_path / "only")) as made:
        yield made


@pytest.fixture
def sqlite_client(sqlite_service):
    """A client of it that nobody has signed in to."""
    with clients(sqlite_service.app, sqlite_service.settings.public_url) as make:
        yield make()


@pytest.fixture(scope="module")
def kept_service(sqlite_template, tmp_path_factory):
    """A service on SQLite alone that the tests of a module share and do not change."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(sqlite_template, folder / "kept.sqlite")
    with opened(settings_for(f"sqlite:///{folder / 'kept.sqlite'}", folder / "data")) as made:
        yield made


@pytest.fixture(scope="module")
def kept_client(kept_service):
    """A client of it that nobody has signed in to."""
    with clients(kept_service.app, kept_service.settings.public_url) as make:
        yield make()
