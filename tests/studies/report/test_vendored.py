import hashlib
import re
from importlib.resources import files

FOLDER = files("qamtu.studies.report").joinpath("vendor")
ROWS = re.findall(
    r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$",
    FOLDER.joinpath("VENDORED.md").read_text("utf-8"),
    re.MULTILINE,
)


def test_vendored_files_are_those_that_the_list_names():
    names = {f.name for f in FOLDER.iterdir()} - {"VENDORED.md"}
    assert {name for name, _ in ROWS} == names
    for name, checksum in ROWS:
        assert hashlib.sha256(FOLDER.joinpath(name).read_bytes()).hexdigest() == checksum, name


def test_the_map_library_can_stand_inside_a_page():
    text = FOLDER.joinpath("maplibre-gl.js").read_text("utf-8")
    assert "</script" not in text.lower()
    assert "<!--" not in text
    assert "\r" not in text
