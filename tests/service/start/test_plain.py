"""What the database and the disk refuse: told plainly, with the exit code of its kind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qamtu.core.errors import InputError, MissingInput, QamtuError, StorageFailure
from qamtu.service.database.engine import make_engine
from qamtu.service.database.migrate import migrate
from qamtu.service.settings import Settings
from qamtu.service.start.plain import plainly, require_database


def opened(settings: Settings) -> None:
    with plainly(settings):
        engine = make_engine(settings.database)
        try:
            migrate(engine)
        finally:
            engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@localhost/x", "oracle://x"])
def test_a_url_that_is_none_names_the_right_form(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="write postgresql://"):
        opened(Settings(tmp_path, url))


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="localhost:1/none") as told:
        opened(Settings(tmp_path, "postgresql://somebody:hidden@localhost:1/none"))
    assert "hidden" not in str(told.value)


def test_a_damaged_file_sends_to_the_backup(tmp_path: Path) -> None:
    (tmp_path / "qamtu.sqlite").write_bytes(b"no database at all " * 400)
    for use in (opened, require_database):
        with pytest.raises(InputError, match="restore a backup"):
            use(Settings(tmp_path))


def test_a_disk_that_refuses_is_a_storage_failure(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure, match="cannot be opened"):
        opened(Settings(tmp_path / "absent"))
    with pytest.raises(StorageFailure, match="cannot be used"), plainly(Settings(tmp_path)):
        (tmp_path / "file").write_text("")
        (tmp_path / "file" / "below").mkdir()


def test_a_locked_database_is_not_the_users_mistake(tmp_path: Path) -> None:
    locked = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}?timeout=0")
    with pytest.raises(QamtuError, match="held by another") as told, plainly(Settings(tmp_path)):
        engine.connect()
    assert told.value.exit_code == 1
    engine.dispose()
    locked.close()


def test_a_database_of_another_version_is_not_used(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(MissingInput, match="no database"):
        require_database(settings)
    opened(settings)
    require_database(settings)
    with sqlite3.connect(tmp_path / "qamtu.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    connection.close()
    with pytest.raises(InputError, match="this version needs"):
        require_database(settings)
    with pytest.raises(InputError, match="another version of the program"):
        opened(settings)
