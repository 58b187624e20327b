"""What tests of the service share: both databases, the application, clients, a real server."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from qamtu.service.app import create_app
from qamtu.service.database.engine import make_engine
from qamtu.service.database.migrate import migrate
from qamtu.service.settings import Settings
from qamtu.service.state import State

from .client import clients
from .people import signing_in
from .postgresql import administer, postgresql_server
from .serving import bound, serving

BASE_URL = "http://qamtu.test"


@dataclass(frozen=True)
class Service:
    """The application under test: on a migrated, empty database, with a folder of its own."""

    app: FastAPI
    settings: Settings
    state: State


@dataclass(frozen=True)
class Running:
    """The application behind a real socket."""

    url: str
    service: Service


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start one PostgreSQL server a session; gives its URL without a database's name."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """Migrate one database that all others are copied from; gives its name."""
    administer(postgresql, "CREATE DATABASE migrated")
    _migrate(Settings(Path(), database_url=f"{postgresql}/migrated").database)
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one file that all others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a migrated, empty database; a test that asks runs on both databases."""
    if request.param == "sqlite":
        path = tmp_path / "qamtu.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{uuid.uuid4().hex}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield f"{server}/{name}"
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings of a service with a folder of its own."""
    return settings_for(database_url, tmp_path / "data")


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """Make the application on each database in turn."""
    with opened(settings) as made:
        yield made


@pytest.fixture
def new_client(service: Service) -> Iterator[Callable[..., httpx.Client]]:
    """Give a maker of clients: ``new_client(address="127.0.0.1", cookies=…, headers=…)``."""
    with clients(service.app, service.settings.public_url) as make:
        yield make


@pytest.fixture
def client(new_client: Callable[..., httpx.Client]) -> httpx.Client:
    """Give a client that nobody has signed in to."""
    return new_client()


@pytest.fixture
def as_role(
    new_client: Callable[..., httpx.Client], service: Service
) -> Callable[..., httpx.Client]:
    """Give a maker of signed-in clients: ``as_role(role, region=None, organisation=None)``."""
    return signing_in(new_client, service.state)


@pytest.fixture(scope="session")
def running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve the application on a real port for the whole session (SQLite), for browsers."""
    folder = tmp_path_factory.mktemp("running")
    shutil.copy(sqlite_template, folder / "qamtu.sqlite")
    listener = bound()
    settings = settings_for(
        f"sqlite:///{folder / 'qamtu.sqlite'}",
        folder / "data",
        public_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
    )
    with opened(settings) as service, serving(service.app, listener) as url:
        yield Running(url, service)


def settings_for(database_url: str, data: Path, **changes: Any) -> Settings:
    """Give a test's settings: own folder, fixed secret, no limit of requests."""
    data.mkdir(parents=True, exist_ok=True)
    chosen = {"public_url": BASE_URL, "secret": "0" * 64, "rate_limit": "", **changes}
    return Settings(data=data, database_url=database_url, **chosen)


@contextmanager
def opened(settings: Settings) -> Iterator[Service]:
    """Make the application and close its database at the end."""
    app = create_app(settings)
    state: State = app.state.qamtu
    try:
        yield Service(app, settings, state)
    finally:
        state.engine.dispose()


def _migrate(url: str) -> None:
    engine = make_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    if url.startswith("sqlite"):  # a copy of the file must be whole
        path = Path(url.removeprefix("sqlite:///"))
        assert not path.with_name(f"{path.name}-wal").exists()
