"""Checks on the written pages: links, commands, dependency rows, nomenclature."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from _pages import TABLES, command_line, lines

from qamtu.core.fields import Field, load_contract

_LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_SHELLS = frozenset({"sh", "shell", "bash", "console"})
_README_COMMANDS = ("make plan", "make test")


def check_documents(root: Path) -> list[str]:
    """Run all checks; gives one line a problem."""
    pages = documents(root)
    return [
        *check_links(root, pages),
        *check_commands(root, pages),
        *check_readme(root),
        *check_dependencies(root),
        *check_nomenclature(root),
    ]


def documents(root: Path) -> list[Path]:
    """List the Markdown pages of the project."""
    top = [root / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [p for p in top if p.is_file()] + sorted((root / "docs").rglob("*.md"))


def check_links(root: Path, pages: Iterable[Path]) -> list[str]:
    """Follow every relative link to its file and, in Markdown, to its heading."""
    found = []
    for page in pages:
        text = _FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in _LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            here = page.relative_to(root)
            if not path.exists():
                found.append(f"{here}: link to {target}: there is no such file")
            elif anchor and path.suffix == ".md" and anchor not in anchors(path):
                found.append(f"{here}: link to {target}: there is no such heading")
    return found


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings as GitHub makes them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    made: set[str] = set()
    for heading in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = sum(1 for m in made if m == slug or re.fullmatch(re.escape(slug) + r"-\d+", m))
        made.add(slug if not number else f"{slug}-{number}")
    return made


def shell_lines(text: str) -> Iterator[str]:
    """Give the commands of a page's shell blocks, one a line, without prompts and comments."""
    for language, block in _FENCE.findall(text):
        if language not in _SHELLS:
            continue
        for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
            command = line.strip().removeprefix("$ ")
            if command and not command.startswith("#"):
                yield command


def check_commands(root: Path, pages: Iterable[Path]) -> list[str]:
    """Hold every ``make`` and ``qamtu`` command of the pages against Makefile and command line."""
    targets, verbs = make_targets(root), command_line()
    found = []
    for page in pages:
        for line in shell_lines(page.read_text(encoding="utf-8")):
            words = shlex.split(line, comments=True)
            problem = None
            if words[:1] == ["make"]:
                problem = _wrong_make(words[1:], targets)
            elif words[:1] == ["qamtu"]:
                problem = wrong_command(words, verbs)
            if problem:
                found.append(f"{page.relative_to(root)}: {line!r}: {problem}")
    return found


def make_targets(root: Path) -> set[str]:
    """List the targets of the Makefile."""
    text = (root / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z0-9-]*):(?!=)", text, re.MULTILINE))


def _wrong_make(words: list[str], targets: set[str]) -> str | None:
    unknown = [w for w in words if "=" not in w and w not in targets]
    return f"the Makefile has no target {unknown[0]}" if unknown else None


def wrong_command(words: list[str], verbs: dict[tuple[str, ...], Any]) -> str | None:
    """Say what is wrong with a command: its verb, an option, or the number of arguments."""
    size = max((n for n in range(1, len(words) + 1) if tuple(words[:n]) in verbs), default=0)
    command, rest = verbs[tuple(words[:size])], words[size:]
    options = {
        spelling: p
        for p in command.params
        if p.param_type_name == "option"
        for spelling in (*p.opts, *p.secondary_opts)
    }
    given, free = set(), []
    while rest:
        word, *rest = rest
        name, equals, _ = word.partition("=")
        if name == "--help":
            return None
        if not re.match(r"--?[a-z]", word):
            free.append(word)
        elif name not in options:
            return f"{' '.join(words[:size])} has no option {name}"
        else:
            given.add(options[name].name)
            if not options[name].is_flag and not equals:
                if not rest:
                    return f"{name} needs a value"
                rest = rest[1:]
    if hasattr(command, "commands"):
        return f"{free[0]} is no verb" if free else None
    return _wrong_number(command, free, given)


def _wrong_number(command: Any, free: list[str], given: set[str]) -> str | None:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    least = sum(1 for a in arguments if a.required)
    most = len(free) if any(a.nargs == -1 for a in arguments) else len(arguments)
    if not least <= len(free) <= most:
        return f"it takes {least} to {most} arguments, not {len(free)}"
    for option in command.params:
        if option.param_type_name == "option" and option.required and option.name not in given:
            return f"{option.opts[0]} is required"
    return None


def check_readme(root: Path) -> list[str]:
    """See that the README shows the two commands."""
    path = root / "README.md"
    lines = list(shell_lines(path.read_text(encoding="utf-8")))
    return [
        f"README.md: shows no {c!r} in a shell block" for c in _README_COMMANDS if c not in lines
    ]


def declared_dependencies(root: Path) -> set[str]:
    """Name every package that pyproject.toml asks for, but the project itself."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["project"]["dependencies"],
        *project["project"].get("optional-dependencies", {}).values(),
        *project.get("dependency-groups", {}).values(),
        project["build-system"]["requires"],
    ]
    names = {re.split(r"[^A-Za-z0-9_.-]", entry)[0].lower() for group in lists for entry in group}
    return names - {project["project"]["name"]}


def check_dependencies(root: Path) -> list[str]:
    """See that each dependency has a row with its reason, and that no row is left over."""
    page = root / "docs" / "decisions" / "dependencies.md"
    rows = [row for row in table_rows(page) if re.fullmatch(r"`[\w.-]+`", row[0])]
    named = {row[0].strip("`").lower() for row in rows}
    wanted = declared_dependencies(root)
    where = page.relative_to(root)
    return [
        *(f"{where}: no row for {name}" for name in sorted(wanted - named)),
        *(f"{where}: {name} is not in pyproject.toml" for name in sorted(named - wanted)),
        *(f"{where}: {row[0]}: an empty cell" for row in rows if not all(row)),
    ]


def table_rows(page: Path, heading: str | None = None) -> list[list[str]]:
    """Give the cells of all tables of a page, or of those below one heading, without the heads."""
    rows: list[list[str]] = []
    inside, body = heading is None, False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and heading is not None:
            inside = line.lstrip("# ").strip() == heading
        if not line.startswith("|"):
            body = False
        elif set(line) <= set("|-: "):
            body = True
        elif body and inside:
            rows.append([c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def contract_fields(root: Path) -> list[tuple[str, Field]]:
    """Give every field of every contract file, with the file it stands in."""
    folder = root.joinpath("src", *TABLES.split("."), "schemas")
    made = [
        (f"{line}/fields.csv", field)
        for line in lines(root / "src")
        for field in load_contract(line).fields
    ]
    for path in sorted(folder.glob("*.csv")):
        contract = load_contract(TABLES, f"schemas/{path.name}")
        made += [(path.name, field) for field in contract.fields]
    return made


def check_nomenclature(root: Path) -> list[str]:
    """Hold the names of all fields against the suffixes that the nomenclature states.

    A field whose name bears a suffix has the unit of that suffix, whatever qualifier follows it
    (``speed_down_mbps_min``); a field with a number and a unit that has a suffix bears it, unless
    its base name stands in the table of names that need none.
    """
    page = root / "docs" / "reference" / "nomenclature.md"
    suffixes = _named_units(page, "Unit suffixes")
    bare = _named_units(page, "Names without suffix")
    found = []
    for file, field in contract_fields(root):
        name = re.sub(r"_(min|max)$", "", field.name)
        ending = [s for s in suffixes if name.endswith(s)]
        longest = max(ending, key=len, default=None)
        if field.dtype == "table":
            continue
        if longest is not None and field.unit != suffixes[longest]:
            found.append(
                f"{file}: {field.name} ends with {longest}, which means "
                f"{suffixes[longest]!r}, but its unit is {field.unit!r}"
            )
        if longest is None and field.unit and not _is_bare(name, field.unit, bare):
            found.append(
                f"{file}: {field.name} [{field.unit}] bears no unit suffix and is not among the "
                "names without one in nomenclature.md"
            )
    return found


def _named_units(page: Path, heading: str) -> dict[str, str]:
    """Read a table of names and units; ``(empty)`` stands for no unit."""
    rows = table_rows(page, heading)
    return {row[0].strip("`"): row[1].strip("`").replace("(empty)", "") for row in rows}


def _is_bare(name: str, unit: str, bare: dict[str, str]) -> bool:
    """Tell whether a name, or the quantity it begins with, is known to go without a suffix."""
    parts = name.split("_")
    bases = ("_".join(parts[:n]) for n in range(len(parts), 0, -1))
    return any(bare.get(base) == unit for base in bases)
