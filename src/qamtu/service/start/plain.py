"""What a database or disk refuses, as an error with a plain message and its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from qamtu.core.errors import InputError, MissingInput, QamtuError, StorageFailure
from qamtu.service.database.engine import make_engine
from qamtu.service.database.migrate import configuration
from qamtu.service.settings import Settings

__all__ = ["plainly", "require_database"]

_DAMAGED: Final = ("not a database", "malformed", "file is encrypted")
_FULL: Final = ("disk is full", "disk i/o error", "readonly database", "unable to open", "53100")
_LOCKED: Final = ("database is locked",)
_OTHER_FORM: Final = ("no such table", "no such column", "42P01", "42703")


@contextmanager
def plainly(settings: Settings) -> Iterator[None]:
    """Turn what the database and the disk refuse into errors that a person can act on.

    Parameters
    ----------
    settings
        With the database that is meant; its password is never in a message.

    Raises
    ------
    InputError
        If the URL or the database cannot be used.
    StorageFailure
        If the disk refuses.
    QamtuError
        If another program holds the database.
    """
    try:
        yield
    except QamtuError:
        raise
    except (ArgumentError, ModuleNotFoundError) as error:
        msg = (
            "the database URL cannot be used: write postgresql://user@host/name, or leave it out "
            "for SQLite in the data folder"
        )
        raise InputError(msg) from error
    except CommandError as error:
        msg = f"{_named(settings)} was made by another version of the program ({error}): use that"
        raise InputError(msg) from error
    except (DBAPIError, SQLAlchemyError) as error:
        raise _told(settings, error) from error
    except OSError as error:
        msg = f"{settings.data} cannot be used: {error.strerror or error}"
        raise StorageFailure(msg) from error


def require_database(settings: Settings) -> None:
    """Prove that the database is there and has the form that this version expects.

    Raises
    ------
    MissingInput
        If there is none.
    InputError
        If it has another form.
    StorageFailure
        If the disk refuses.
    """
    if not settings.database_url and not (settings.data / "qamtu.sqlite").is_file():
        raise MissingInput(f"{settings.data} has no database: name the data folder of a service")
    with plainly(settings):
        engine = make_engine(settings.database)
        try:
            with engine.connect() as connection:
                has = MigrationContext.configure(connection).get_current_revision()
                script = ScriptDirectory.from_config(configuration(connection))
                wants = script.get_current_head()
        finally:
            engine.dispose()
    if has is None:
        raise MissingInput(f"{_named(settings)} is no database of a service: it has no version")
    if has != wants:
        msg = (
            f"{_named(settings)} has the form {has}, this version needs {wants}: `qamtu serve` "
            "brings an older one up to date"
        )
        raise InputError(msg)


def _told(settings: Settings, error: SQLAlchemyError) -> QamtuError:
    reason = _reason(error)
    low, name = reason.lower(), _named(settings)
    if any(one in low for one in _DAMAGED):
        return InputError(f"{name} is damaged or no database ({reason}): restore a backup")
    if any(one.lower() in low for one in _FULL):
        return StorageFailure(f"{name} cannot be opened or written ({reason})")
    if any(one in low for one in _LOCKED):
        return QamtuError(f"{name} is held by another program ({reason}): try again")
    if any(one.lower() in low for one in _OTHER_FORM):
        return InputError(f"{name} has another form ({reason}): `qamtu serve` brings it up to date")
    return InputError(f"{name} cannot be used ({reason})")


def _reason(error: SQLAlchemyError) -> str:
    origin: Any = error.orig if isinstance(error, DBAPIError) else error
    first = origin.args[0] if getattr(origin, "args", ()) else origin
    if isinstance(first, dict):  # what PostgreSQL answers: C its code, M its message
        return f"{first.get('M', 'refused')}, {first.get('C', '')}".rstrip(", ")
    return str(first).partition(" (timeout is")[0].splitlines()[0]


def _named(settings: Settings) -> str:
    if not settings.database_url:
        return str(settings.data / "qamtu.sqlite")
    return make_url(settings.database_url).render_as_string(hide_password=True)
