"""The vendored script is the one its page says."""

import hashlib
import re
from importlib.resources import files

FOLDER = files("qamtu.service.pages") / "static" / "pages" / "vendor"


def test_checksums_hold():
    table = (FOLDER / "VENDORED.md").read_text("utf-8")
    named = dict(re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})` \|", table))
    present = {path.name for path in FOLDER.iterdir()} - {"VENDORED.md"}
    assert set(named) == present
    for name, sha in named.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha
