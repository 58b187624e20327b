"""`qamtu backup` and `qamtu restore` from the command line."""

from __future__ import annotations

from typer.testing import CliRunner

from qamtu.cli.main import app
from qamtu.core.errors import MissingInput, OutputExists
from qamtu.service.database.engine import make_engine, make_sessions, reading, writing
from qamtu.service.database.migrate import migrate
from qamtu.service.log import repository
from qamtu.service.records.repository import file_many
from tests.service.made import everything


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


def test_there_and_back(tmp_path):
    data, out, restored = tmp_path / "data", tmp_path / "b.tar.zst", tmp_path / "restored"
    data.mkdir()
    engine = make_engine(f"sqlite:///{data / 'qamtu.sqlite'}")
    migrate(engine)
    with writing(make_sessions(engine)) as session:
        file_many(session, everything())
        root = repository.root(session).hex()
    engine.dispose()

    made = run("backup", out, "--data", data)
    assert made.exit_code == 0, made.output
    assert root in made.output
    assert "private keys are not in it" in made.output
    assert isinstance(run("backup", out, "--data", data).exception, OutputExists)
    assert (
        "keep it as you keep them"
        in run("backup", out, "--data", data, "--keys", "--overwrite").output
    )

    back = run("restore", out, "--data", restored)
    assert back.exit_code == 0, back.output
    said = " ".join(back.output.split())
    assert f"the log of {len(everything())} entries verifies, its root is {root}" in said
    engine = make_engine(f"sqlite:///{restored / 'qamtu.sqlite'}")
    with reading(make_sessions(engine)) as session:
        assert repository.size(session) == len(everything())
    engine.dispose()


def test_what_is_not_there(tmp_path):
    assert isinstance(
        run("backup", tmp_path / "b.tar.gz", "--data", tmp_path).exception, MissingInput
    )
    assert isinstance(
        run("restore", tmp_path / "b.tar.gz", "--data", tmp_path / "x").exception, MissingInput
    )
