"""Write the reference pages from the code, or hold all of the documentation against it.

``python docs/generate.py`` writes ``docs/reference``; with ``--check`` nothing is written: stale
pages, dead links, wrong commands and missing rows are listed and the exit code is 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from _checks import check_documents
from _pages import GENERATED, render_pages

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = Path("docs") / "reference"


def stale_pages(root: Path, pages: dict[str, str]) -> list[str]:
    """Name the generated pages that are missing, differ, or that nothing generates any more."""
    folder = root / REFERENCE
    found = []
    for name, text in pages.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{REFERENCE / name}: missing; run: python docs/generate.py")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{REFERENCE / name}: stale; run: python docs/generate.py")
    for path in sorted(folder.glob("*.md")):
        left_over = path.read_text(encoding="utf-8").startswith(GENERATED)
        if path.name not in pages and left_over:
            found.append(f"{REFERENCE / path.name}: nothing generates it any more; remove it")
    return found


def write_pages(root: Path, pages: dict[str, str]) -> list[Path]:
    """Write the pages that changed and give their paths."""
    written = []
    for name, text in pages.items():
        path = root / REFERENCE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def main(arguments: list[str]) -> int:
    """Write, or check with ``--check``; gives the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python docs/generate.py [--check]", file=sys.stderr)
        return 2
    pages = render_pages(ROOT)
    if not arguments:
        for path in write_pages(ROOT, pages):
            print(f"wrote {path.relative_to(ROOT)}")
        return 0
    found = [*stale_pages(ROOT, pages), *check_documents(ROOT)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print(f"{len(found)} problems in the documentation", file=sys.stderr)
        return 1
    print(f"{len(pages)} generated pages are current; links, commands and tables hold")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
