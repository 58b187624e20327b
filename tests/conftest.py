"""What tests of several folders share: a made country as a pack, and the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qamtu.cli import console
from qamtu.cli.main import main
from qamtu.studies.national_plan import PlanResult, make_plan
from qamtu.studies.plan_data import PlanRequest

from .madeland import Spoken, fill_pack
from .studies.browser import drawing_browser, launch, plain_browser

__all__ = ["drawing_browser", "launch", "plain_browser"]


@pytest.fixture(scope="session")
def madeland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a filled pack; nobody may change it."""
    return fill_pack(tmp_path_factory.mktemp("packs") / "madeland")


@pytest.fixture(scope="session")
def madeland_plan(madeland: Path, tmp_path_factory: pytest.TempPathFactory) -> PlanResult:
    """Plan Madeland in this process, by rounds instead of seconds."""
    return make_plan(
        PlanRequest(
            pack=str(madeland), out=tmp_path_factory.mktemp("plans") / "madeland",
            scheduler="serial", max_rounds=2, curve_points=2, rings=3, draws=50,
            time_limit_s=600.0, gap_limit=1e-9,
        )
    )  # fmt: skip


@pytest.fixture
def qamtu(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Spoken]:
    """Run the command line in this process, on a terminal too wide to break its lines."""
    for terminal in (console.OUT, console.ERR):
        monkeypatch.setattr(terminal, "width", 1000)

    def run(*words: object) -> Spoken:
        monkeypatch.setattr(sys, "argv", ["qamtu", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        return Spoken(code if isinstance(code, int) else int(code is not None), *said)

    return run
