"""The documentation is current: generated pages, links, commands, dependencies, names."""

import importlib
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.fixture
def docs_path(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))


@pytest.fixture
def checks(docs_path):
    import _checks

    return _checks


def test_the_check_that_ci_runs_passes(docs_path, capsys):
    import generate

    code = generate.main(["--check"])
    assert code == 0, capsys.readouterr().err


def test_a_wrong_argument_is_refused(docs_path, capsys):
    import generate

    assert generate.main(["--chekc"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_stale_a_missing_and_a_left_over_page_are_told(docs_path, tmp_path):
    import generate
    from _pages import GENERATED

    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    pages = {"a.md": f"{GENERATED}\n\n# A\n", "b.md": f"{GENERATED}\n\n# B\n"}
    (folder / "a.md").write_text(f"{GENERATED}\n\n# Old\n")
    (folder / "c.md").write_text(f"{GENERATED}\n\n# C\n")
    (folder / "by_hand.md").write_text("# By hand\n")
    found = generate.stale_pages(tmp_path, pages)
    assert [re.sub(r";.*", "", f) for f in found] == [
        "docs/reference/a.md: stale",
        "docs/reference/b.md: missing",
        "docs/reference/c.md: nothing generates it any more",
    ]
    written = generate.write_pages(tmp_path, pages)
    assert [p.name for p in written] == ["a.md", "b.md"]
    assert generate.write_pages(tmp_path, pages) == []


def test_pages_are_the_same_twice(docs_path):
    from _pages import render_pages

    assert render_pages(ROOT) == render_pages(ROOT)


def test_dead_links_and_headings_are_told(checks, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One two\n\n## One: two!\n\n[a](#one-two) [b](#one-two-1) [c](#three) [d](gone.md)\n"
        "[e](https://example.org/x) ![f](gone.png)\n```text\n[g](in_code.md)\n```\n"
    )
    found = checks.check_links(tmp_path, [page])
    assert [f.split(": ")[1] for f in found] == [
        "link to #three", "link to gone.md", "link to gone.png",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("make plan", None),
        ("make plan OUT=out/x", None),
        ("make coffee", "no target coffee"),
        ("qamtu plan kz --out out/kz", None),
        ("qamtu plan kz --villages -1 --out out/kz", None),
        ("qamtu plan kz --out=out/kz --overwrite", None),
        ("qamtu plan kz", "--out is required"),
        ("qamtu plan kz --out", "--out needs a value"),
        ("qamtu plan kz --out x --colour red", "has no option --colour"),
        ("qamtu plan kz ru --out x", "takes 1 to 1 arguments"),
        ("qamtu country check kz a.csv b.csv", None),
        ("qamtu country paint kz", "paint is no verb"),
        ("qamtu fly", "fly is no verb"),
        ("qamtu --version", None),
    ],
)
def test_wrong_commands_are_told(checks, tmp_path, command, problem):
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    page = tmp_path / "page.md"
    page.write_text(f"# A\n\n```sh\n$ {command}  # a comment\n```\n")
    found = checks.check_commands(tmp_path, [page])
    assert (found == []) if problem is None else (len(found) == 1 and problem in found[0])


def test_continued_lines_are_one_command(checks):
    text = "```sh\nqamtu plan kz \\\n    --out out/kz\n# a comment\n\nmake test\n```\n"
    assert list(checks.shell_lines(text)) == ["qamtu plan kz --out out/kz", "make test"]


def test_readme_shows_the_two_commands_and_the_makefile_has_them(checks):
    assert checks.check_readme(ROOT) == []
    assert {"plan", "test", "check", "bench", "docs"} <= checks.make_targets(ROOT)


def test_every_dependency_has_a_row(checks):
    assert checks.check_dependencies(ROOT) == []
    assert {"numpy", "osmium", "pytest", "rustworkx"} <= checks.declared_dependencies(ROOT)


def test_no_dependency_of_the_package_is_copyleft(checks):
    licences = {}
    for row in checks.table_rows(DOCS / "decisions" / "dependencies.md"):
        name = row[0].strip("`")
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue
        classed = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
        licences[name] = " ".join([about.get("License-Expression") or "", *classed])
    assert len(licences) > 20
    assert {n: t for n, t in licences.items() if re.search(r"\bA?L?GPL|General Public", t)} == {}


def test_field_names_follow_the_nomenclature(checks):
    assert checks.check_nomenclature(ROOT) == []


def test_a_wrong_suffix_would_be_told(checks, tmp_path):
    page = tmp_path / "docs" / "reference" / "nomenclature.md"
    page.parent.mkdir(parents=True)
    text = (DOCS / "reference" / "nomenclature.md").read_text(encoding="utf-8")
    page.write_text(text.replace("| `_ms` | `ms` |", "| `_ms` | `s` |"), encoding="utf-8")
    (tmp_path / "src").symlink_to(ROOT / "src")
    found = checks.check_nomenclature(tmp_path)
    assert found
    assert all("latency_ms" in f for f in found)


def test_findings_are_read_from_source(docs_path, tmp_path):
    from _findings import collect_findings

    (tmp_path / "room.py").write_text(
        "def rule(x):\n"
        "    what = f'{x} is odd'\n"
        "    return Finding('odd' if x else 'even', Severity.ERROR, what, 'mend it')\n"
        "def _make(id, what, severity=Severity.WARNING):\n"
        "    return Finding(id, severity, what, 'look')\n"
        "def other(n):\n"
        "    return [_make('low', f'{n:,} too low'), _make('high', 'too high', Severity.INFO)]\n"
        "def rows(t):\n"
        "    return flagged(Rule('far', Severity.ERROR, 'come'), t, lambda i: f'{i} km', 'f')\n"
    )
    found = [(f.id, f.severity, f.what, f.mend) for f in collect_findings(tmp_path)]
    assert found == [
        ("even", "error", "… is odd", "mend it"),
        ("far", "error", "… km", "come"),
        ("high", "info", "too high", "look"),
        ("low", "warning", "… too low", "look"),
        ("odd", "error", "… is odd", "mend it"),
    ]


def test_no_help_text_has_brackets_that_the_terminal_takes_for_a_style(docs_path):
    pages = importlib.import_module("_pages")
    lost = [
        (path, p.name)
        for path, command in pages.command_line().items()
        for p in command.params
        if re.search(r"(?<!\\)\[[a-z%]", getattr(p, "help", None) or "")
    ]
    assert lost == []
