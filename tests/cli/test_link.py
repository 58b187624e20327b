"""`qamtu link` on the command line: what it says, and what it says of bad input."""

from __future__ import annotations

import subprocess
import sys

import pytest

HOP = ("43.35,77.02", "43.10,76.90")


def test_a_link_is_drawn_and_told(qamtu, tmp_path):
    spoken = qamtu("link", "Талгар", "Есик", "--frequency-ghz", "5.8", "--out", tmp_path / "out")
    assert spoken.code == 0
    assert "ITU-R P.1812-8" in spoken.out
    assert "not clear" in spoken.out  # foothills of 1,450 m between
    assert "terrain-coarse" in spoken.out
    assert (tmp_path / "out" / "link.html").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((HOP[0], HOP[0]), 2, "ends-same"),
        ((*HOP, "--frequency-ghz", "7500"), 2, "this looks like MHz: give 7.5 GHz"),
        ((*HOP, "--frequency-ghz", "7.5e9"), 2, "this looks like Hz: give 7.5 GHz"),
        ((*HOP, "--height-a", "900"), 2, "antenna-too-tall"),
        ((*HOP, "--height-b", "-3"), 2, "antenna-underground"),
        ((*HOP, "--model", "magic"), 2, "auto, free, p526, p1812, itm, microwave"),
        ((*HOP, "--availability", "99.99"), 2, "give a share"),
        ((*HOP, "--lang", "fr"), 2, "say one of en, ru, kk"),
        ((*HOP, "--model", "p1812"), 2, "model-out-of-range"),
        ((*HOP, "--terrain", "nowhere.tif"), 3, "nowhere.tif"),
        ((*HOP, "--params", "nowhere.toml"), 3, "nowhere.toml"),
        ((*HOP, "--sites", "nowhere.csv"), 3, "nowhere.csv"),
        ((*HOP, "--pack", "atlantis"), 3, "atlantis"),
        (("Нетакого", HOP[1]), 2, "end-unknown"),
        (("10.5,20.5", "10.6,20.6"), 2, "terrain"),
        ((*HOP, "--strict"), 2, "terrain-coarse"),
    ],
)
def test_bad_input_is_told_with_its_remedy(qamtu, tmp_path, words, code, said):
    spoken = qamtu("link", *words, "--out", tmp_path / "out")
    assert said in spoken.err, spoken.err
    assert spoken.code in {code, 2}
    assert not (tmp_path / "out").exists()


def test_all_mistakes_are_told_at_once(qamtu, tmp_path):
    spoken = qamtu(
        "link", "Нетакого", "76.9,43.2", "--frequency-ghz", "7500", "--height-a", "900",
        "--out", tmp_path / "out",
    )  # fmt: skip
    for rule in ("end-unknown", "end-coordinates", "frequency-out-of-range", "antenna-too-tall"):
        assert rule in spoken.err


def test_without_the_extra_the_budget_is_left_out_or_asked_for(tmp_path):
    code = (
        "import sys; sys.modules['itur'] = None\n"
        "from qamtu.cli.main import main\n"
        "sys.argv = ['qamtu', 'link', *{hop!r}, '--out', {out!r}, '--model', {model!r}]\n"
        "main()\n"
    )
    for model, wanted, said in (("microwave", 2, "qamtu[radio]"), ("auto", 0, "extra-missing")):
        out = str(tmp_path / model)
        ran = subprocess.run(
            [sys.executable, "-c", code.format(hop=HOP, out=out, model=model)],
            capture_output=True, text=True, check=False, env={"COLUMNS": "1000", "PATH": "/usr/bin"},
        )  # fmt: skip
        assert ran.returncode == wanted, ran.stderr
        assert said in ran.stdout + ran.stderr
