"""The peers' environment: made once under .cache, apart from ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["make_environment", "versions"]

_PINS = Path(__file__).with_name("peers.txt")


def make_environment(folder: Path) -> Path:
    """Make it, or take the one that holds the same pins; gives its Python."""
    python = folder / "bin" / "python"
    stamp = folder / "peers.txt"
    if python.exists() and stamp.exists() and stamp.read_text() == _PINS.read_text():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run([uv, "venv", "-q", "--python", version, str(folder)], check=True)
        install = [uv, "pip", "install", "-q", "--python", str(python)]
    else:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q"]
    subprocess.run([*install, "-r", str(_PINS)], check=True)
    stamp.write_text(_PINS.read_text())
    return python


def versions(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Installed versions of packages in an environment."""
    code = "import sys; from importlib.metadata import version as v; print(*map(v, sys.argv[1:]))"
    done = subprocess.run(
        [str(python), "-c", code, *names], capture_output=True, text=True, check=True
    )
    return dict(zip(names, done.stdout.split(), strict=True))
