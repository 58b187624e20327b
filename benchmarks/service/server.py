"""Answer requests as `qamtu serve` does, from a filled data folder: python -m … DATA PORT WORKERS."""

from __future__ import annotations

import sys
from pathlib import Path

from qamtu.service.settings import Settings
from qamtu.service.start.server import bind, run


def settings_of(data: Path, workers: int = 2) -> Settings:
    """Settings without a limit of requests: they all come from one address."""
    return Settings(data=data, secret="0" * 64, rate_limit="", workers=workers)


if __name__ == "__main__":
    run(settings_of(Path(sys.argv[1]), int(sys.argv[3])), bind("127.0.0.1", int(sys.argv[2])))
