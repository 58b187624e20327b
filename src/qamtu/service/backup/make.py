"""Makes a backup of a running service: one state of the database, and the files it speaks of."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from qamtu import __version__
from qamtu.core.errors import InputError, MissingInput, OutputExists, StorageFailure
from qamtu.core.progress import Report, Stage, silent
from qamtu.service.backup.archive import Writer, suffix_of, writer
from qamtu.service.backup.manifest import FORMAT, MANIFEST, Manifest
from qamtu.service.backup.rows import dump_table
from qamtu.service.database.engine import make_engine
from qamtu.service.database.models import METADATA
from qamtu.service.log import repository
from qamtu.service.settings import Settings

__all__ = ["backup"]

_SECRET = {"keys", "secret.key"}
_PUBLIC_KEY = "keys/head.pub"
_VERSION_TABLE = "alembic_version"


def backup(
    settings: Settings,
    out: Path,
    *,
    keys: bool = False,
    overwrite: bool = False,
    report: Report = silent,
) -> Manifest:
    """Write the whole service into one file, while it goes on writing.

    Parameters
    ----------
    settings
        Data folder and database.
    out
        File to make (``.tar.zst``, ``.tar.gz``, ``.tgz``); it appears whole or not at all, and only
        its owner may read it.
    keys
        Whether the private keys of the service go into it.
    overwrite
        Whether a file of this name may be replaced.

    Raises
    ------
    MissingInput
        If there is no database of the service.
    InputError
        If the file's ending is unknown, or the database has tables that the program does not know.
    OutputExists
        If the file is there.
    StorageFailure
        If it cannot be written.
    """
    suffix = suffix_of(out)
    if out.exists() and not overwrite:
        raise OutputExists(f"{out} is already there; name another file, or say --overwrite")
    _refuse_absent(settings)
    engine = make_engine(settings.database)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
            part = Path(scratch) / f"part{suffix}"
            with writer(part) as archive:
                manifest = _write(engine, settings.data, archive, Path(scratch), keys, report)
            part.chmod(0o600)
            _synced(part)
            part.replace(out)
    except OSError as error:
        raise StorageFailure(f"{out} could not be written: {error}; nothing is left") from error
    finally:
        engine.dispose()
    return manifest


def _write(
    engine: Engine, data: Path, archive: Writer, scratch: Path, keys: bool, report: Report
) -> Manifest:
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    tables: dict[str, int] = {}
    with _one_state(engine) as connection:
        revision = _revision(connection)
        columns = _columns(connection)
        for i, table in enumerate(METADATA.sorted_tables):
            if table.name not in columns:
                continue
            report(Stage("tables", i / len(METADATA.sorted_tables), table.name))
            staged = scratch / "rows"
            with staged.open("wb") as lines:
                count = dump_table(connection, table, columns[table.name], lines)
            tables[table.name] = count
            archive.add_file(f"tables/{table.name}.jsonl", staged)
        with Session(connection) as session:
            size = repository.size(session)
            root = repository.root(session, size)
    # Files are written before the rows that speak of them, and never changed: those of the state
    # that was read are all there.
    report(Stage("tables", 1.0, f"{sum(tables.values()):,} rows"))
    files = list(_files(data, keys))
    for i, path in enumerate(files):
        report(Stage("files", i / len(files), path.name))
        archive.add_file(f"files/{path.relative_to(data).as_posix()}", path)
    report(Stage("files", 1.0, f"{len(files):,}"))
    manifest = Manifest(
        FORMAT,
        __version__,
        made_at,
        revision,
        size,
        root.hex(),
        tables,
        dict(archive.members),
        keys,
    )
    archive.add_bytes(MANIFEST, manifest.to_bytes())
    return manifest


@contextmanager
def _one_state(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which nothing changes, whatever others write."""
    options = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def _refuse_absent(settings: Settings) -> None:
    if not settings.database_url and not (settings.data / "qamtu.sqlite").is_file():
        raise MissingInput(f"{settings.data} has no database; name the service's data folder")


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table(_VERSION_TABLE):
        raise MissingInput("this is no database of the service: it was never migrated")
    query = text(f"SELECT version_num FROM {_VERSION_TABLE}")  # noqa: S608 - a constant
    return str(connection.scalar(query))


def _columns(connection: Connection) -> dict[str, list[str]]:
    """List the columns of each table that are there; an older database may lack some."""
    known = inspect(connection)
    there = set(known.get_table_names()) - {_VERSION_TABLE}
    strange = there - set(METADATA.tables)
    if strange:
        names = ", ".join(sorted(strange))
        raise InputError(f"the database has tables that this version does not know: {names}")
    return {name: [column["name"] for column in known.get_columns(name)] for name in there}


def _files(data: Path, keys: bool) -> Iterator[Path]:
    """List the files to keep: all in folders; those beside the database only with the keys."""
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        hidden = any(part.startswith(".") for part in name.parts)
        if hidden or path.is_symlink() or not path.is_file():
            continue
        secret = name.parts[0] in _SECRET and name.as_posix() != _PUBLIC_KEY
        if keys if secret else len(name.parts) > 1:
            yield path


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
