"""The wheel as a user installs it: all data inside, the command works away from the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

_REPO = Path(__file__).parents[2]
_INSIDE = (
    "qamtu/country/data/kz/manifest.json",
    "qamtu/country/data/kz/settlements.parquet",
    "qamtu/country/data/kz/regions.parquet",
    "qamtu/country/data/kz/LICENSES.md",
    "qamtu/country/data/kz/params/villages.toml",
    "qamtu/country/data/kz/rasters/height/dem_fine.tif",
    "qamtu/country/params/clutter.csv",
    "qamtu/country/schemas/settlements.csv",
    "qamtu/connectivity/villages/fields.csv",
    "qamtu/connectivity/villages/params/villages.toml",
    "qamtu/connectivity/villages/params/trench.toml",
    "qamtu/studies/report/templates/report.html.j2",
    "qamtu/studies/report/locale/kk/LC_MESSAGES/report.po",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    uv = shutil.which("uv") or str(_REPO / ".cache" / "uv" / "bin" / "uv")
    if not Path(uv).is_file():
        pytest.skip("uv is needed to build the wheel")
    if not (_REPO / "pyproject.toml").is_file():
        pytest.skip("the wheel is built from the source tree")
    out = tmp_path_factory.mktemp("dist")
    made = subprocess.run(
        [uv, "build", "--wheel", "--out-dir", str(out), str(_REPO)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel into a fresh environment that borrows the dependencies of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    site = subprocess.run(
        [str(python), "-c", ask], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site.strip())
    # the wheel's own folder comes before the borrowed one
    borrowed = Path(site.strip()) / "borrowed.pth"
    borrowed.write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return python


def qamtu(python: Path, here: Path, *words: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QAMTU"))}
    made = subprocess.run(
        [str(python), "-I", "-c", "from qamtu.cli.main import main; main()", *words],
        cwd=here, env=clean | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return made.stdout


def test_all_data_is_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (meta,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        text = archive.read(meta).decode()
        (points,) = (name for name in names if name.endswith("entry_points.txt"))
        doors = archive.read(points).decode()
    missing = [name for name in _INSIDE if name not in names]
    assert missing == []
    assets = [n for n in names if n.startswith("qamtu/studies/report/") and n.endswith(".js")]
    assert any("maplibre" in name for name in assets)
    assert any("LICENSE" in name.upper() for name in names if "/report/" in name)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    # every file of the package that is no code is carried
    source = _REPO / "src"
    kept = {".csv", ".toml", ".parquet", ".json", ".j2", ".po", ".js", ".css", ".md", ".txt"}
    ours = {
        path.relative_to(source).as_posix()
        for path in (source / "qamtu").rglob("*")
        if path.suffix in kept
    }
    assert ours <= names
    assert "License-Expression: Apache-2.0" in text
    assert "qamtu = qamtu.cli.main:main" in doors
    assert not [name for name in names if "/tests/" in name or name.startswith("packs/")]


def test_the_command_works_away_from_the_sources(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [str(installed), "-I", "-c", "import qamtu; print(qamtu.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where).is_relative_to(installed.parents[1])
    assert "kz" in qamtu(installed, tmp_path, "country", "list")
    assert "0 error" in qamtu(installed, tmp_path, "country", "check", "kz")


def test_a_region_is_planned_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    qamtu(
        installed, tmp_path, "plan", "kz", "--region", "Mangystau", "--out", "plan",
        "--max-rounds", "1", "--scheduler", "serial", "--curve-points", "1", "--draws", "5",
        "--no-sensitivity", "--people-share", "-1",
    )  # fmt: skip
    summary = json.loads((tmp_path / "plan" / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["by_region"]) == 1
    assert 0 <= summary["totals"]["gap"] < 1
    assert (tmp_path / "plan" / "report.html").stat().st_size > 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
    name = summary["by_region"][0]["name_en"]
    places = (tmp_path / "plan" / "plan_settlements.csv").read_text(encoding="utf-8-sig")
    first = places.splitlines()[1].split(",")[0]
    assert name in qamtu(installed, tmp_path, "explain", first, "--plan", "plan")
