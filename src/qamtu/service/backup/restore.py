"""Restores a backup into an empty folder and an empty database, and verifies the log there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy import Engine, delete, exists, inspect, select
from sqlalchemy.exc import DBAPIError

from qamtu.core.errors import InputError, MissingInput, OutputExists
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.progress import Report, Stage, silent
from qamtu.service.backup.archive import extract
from qamtu.service.backup.manifest import MANIFEST, Manifest, read_manifest
from qamtu.service.backup.rows import load_table
from qamtu.service.database.engine import make_engine, make_sessions, reading
from qamtu.service.database.migrate import migrate
from qamtu.service.database.models import METADATA
from qamtu.service.log import repository
from qamtu.service.log.checks import check_log
from qamtu.service.settings import Settings

__all__ = ["restore"]


def restore(path: Path, data: Path, *, database_url: str = "", report: Report = silent) -> Manifest:
    """Restore a backup: whole, or nothing of it.

    Parameters
    ----------
    path
        File that `backup` made, of either database.
    data
        Data folder to make.
    database_url
        Where the tables go; empty: SQLite in ``data``.

    Raises
    ------
    MissingInput
        If the file is not there.
    OutputExists
        If the folder or the database has something in it.
    InputError
        If the backup is damaged, or its log does not verify.
    """
    if not path.is_file():
        raise MissingInput(f"{path} is not there")
    refuse_existing(data, overwrite=False)
    with replaced_folder(data) as scratch:
        scratch.chmod(0o700)
        unpacked = scratch / ".restored"
        report(Stage("reading the backup"))
        manifest = _read(path, unpacked)
        report(Stage("reading the backup", 1.0, f"{len(manifest.members):,} members"))
        target = Settings(scratch, database_url)
        with _empty_database(target.database) as engine:
            _load(engine, manifest, unpacked / "tables", report)
            _verify(engine, manifest)
            report(Stage("log verified", 1.0, f"{manifest.log_size:,} entries"))
            _move(unpacked / "files", scratch)
            shutil.rmtree(unpacked)
    return manifest


def _read(path: Path, target: Path) -> Manifest:
    """Extract everything, and hold each member against the manifest."""
    found = extract(path, target)
    if found.pop(MANIFEST, None) is None:
        raise InputError(f"{path} has no manifest: it is no backup, or cut off")
    manifest = read_manifest((target / MANIFEST).read_bytes())
    wrong = [
        name
        for name in sorted({*found, *manifest.members})
        if found.get(name) != manifest.members.get(name)
    ]
    if wrong:
        raise InputError(f"{path} is damaged: {', '.join(wrong[:5])} not as the manifest says")
    return manifest


@contextmanager
def _empty_database(url: str) -> Iterator[Engine]:
    """Give an empty database; what the block wrote is taken out again if it raises."""
    engine = make_engine(url)
    try:
        had_tables = _refuse_filled(engine)
        try:
            yield engine
        except BaseException:
            _undo(engine, had_tables)
            raise
    finally:
        engine.dispose()


def _refuse_filled(engine: Engine) -> bool:
    """Say whether there are tables, and refuse where one has rows or is not ours."""
    there = set(inspect(engine).get_table_names())
    place = engine.url.render_as_string()  # the password is hidden
    strange = there - {*METADATA.tables, "alembic_version"}
    if strange:
        raise OutputExists(f"{place} has other tables ({min(strange)}); name an empty database")
    with engine.connect() as connection:
        for name in sorted(there & set(METADATA.tables)):
            table = METADATA.tables[name]
            if connection.scalar(select(exists(select(1).select_from(table)))):
                raise OutputExists(f"{place} has rows in {name}; name an empty database")
    return bool(there)


def _load(engine: Engine, manifest: Manifest, folder: Path, report: Report) -> None:
    try:
        migrate(engine, manifest.revision)
    except CommandError as error:
        raise InputError(
            f"the backup is of a form of the database ({manifest.revision}) that this version "
            f"does not know; restore it with version {manifest.version} or a newer one"
        ) from error
    try:
        with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
            for table in METADATA.sorted_tables:
                lines = folder / f"{table.name}.jsonl"
                if not lines.is_file():
                    continue
                report(Stage("tables", None, table.name))
                with lines.open("rb") as rows:
                    count = load_table(connection, table, rows)
                if count != manifest.tables.get(table.name):
                    raise InputError(f"the backup's table {table.name} has {count} rows")
            connection.commit()
    except (DBAPIError, ValueError, KeyError) as error:
        raise InputError(f"the backup's rows cannot be loaded: {error}") from error
    report(Stage("tables", 1.0, f"{sum(manifest.tables.values()):,} rows"))
    migrate(engine)


def _verify(engine: Engine, manifest: Manifest) -> None:
    with reading(make_sessions(engine)) as session:
        size = repository.size(session)
        root = repository.root(session, size).hex()
        findings = check_log(session)
    if (size, root) != (manifest.log_size, manifest.log_root):
        raise InputError("the restored log is not the one that the manifest names")
    if findings:
        raise InputError("the log of the backup does not verify", findings)


def _move(source: Path, target: Path) -> None:
    if source.is_dir():
        for path in sorted(source.iterdir()):
            path.rename(target / path.name)
    for path in (target / "keys").rglob("*.pem"):
        path.chmod(0o600)
    if (target / "secret.key").is_file():
        (target / "secret.key").chmod(0o600)


def _undo(engine: Engine, had_tables: bool) -> None:
    if not had_tables:
        migrate(engine, "base")
        return
    there = set(inspect(engine).get_table_names())
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name in there:
                connection.execute(delete(table))
