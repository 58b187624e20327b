"""Put a finished plan into the README: a picture of its map and a table of its figures.

``python docs/show_plan.py out/kz`` needs Debian's chromium and the development environment. The
table stands between two comments of the README and is never edited by hand.
"""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from _pages import table
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "plan-kz.png"
BEGIN, END = "<!-- plan: begin, by docs/show_plan.py -->", "<!-- plan: end -->"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
WORDS = {
    "served": "fibre today",
    "fibre": "fibre",
    "fixed_wireless": "fixed wireless from a fibre point nearby",
    "microwave": "microwave hop and fixed wireless",
    "leo_gateway": "low-orbit community gateway",
    "leo_terminal": "low-orbit satellite terminals",
    "geo": "geostationary satellite",
}


def take_picture(report: Path, picture: Path) -> None:
    """Draw the map of a report page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 950})
        page.goto(report.resolve().as_uri())
        page.wait_for_timeout(3000)
        frame = page.locator(".map-frame")
        frame.scroll_into_view_if_needed()
        page.wait_for_timeout(8000)
        picture.parent.mkdir(parents=True, exist_ok=True)
        frame.screenshot(path=str(picture))
        browser.close()


def plan_table(summary: dict[str, Any]) -> str:
    """Write the main figures of a plan."""
    totals, options = summary["totals"], {r["option"]: r for r in summary["by_option"]}
    currency, band = summary["currency"], summary["monte_carlo"]

    def billions(amount: float) -> str:
        return f"{amount / 1e9:,.0f} bn {currency}"

    def served(row: dict[str, Any]) -> str:
        return f"{row['settlements']:,} settlements, {row['people'] / 1e6:,.2f} M people"

    lasting = f"over {summary['horizon_years']} years at {summary['discount_rate']:.0%} a year"
    rows = [
        ("settlements in the plan", f"{totals['settlements']:,}"),
        *(
            (f"served by {words}", served(options[name]))
            for name, words in WORDS.items()
            if name in options and options[name]["settlements"]
        ),
        ("people with high-speed service", f"{totals['people_high_speed_share']:.1%}"),
        ("new routes", f"{totals['new_km']:,.0f} km"),
        ("capital", billions(totals["capex"])),
        (f"net present cost {lasting}", billions(totals["npv"])),
        ("no plan that meets the targets costs less than", billions(totals["bound"])),
        (
            "proven gap",
            f"{totals['gap']:.2%} of the plan, {totals['tree_gap']:.1%} of its routes",
        ),
    ]
    if band:
        low, high = billions(band["p05"]), billions(band["p95"])
        drawn = f"the same plan at {band['n']} draws of the parameters, 5 to 95 %"
        rows.append((drawn, f"{low} to {high}"))
    return table(("figure", "value"), rows)


def targets_sentence(summary: dict[str, Any]) -> str:
    """Say what was asked of the plan, and what of it binds."""
    asked, targets = [], summary["targets"]
    words = {"villages": "villages newly on fibre", "people_share": "of the people at high speed"}
    for name, what in words.items():
        target = targets[name]["target"]
        if target is not None:
            value = f"{target:,}" if name == "villages" else f"{target:.0%}"
            asked.append(
                f"{value} {what} ({'binds' if targets[name]['binding'] else 'does not bind'})"
            )
    return f"Targets: {' and '.join(asked)}." if asked else "No targets."


def replaced(text: str, block: str) -> str:
    """Put a block between the two comments."""
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Take the folder of a plan; gives the exit code."""
    if len(arguments) != 1:
        print("usage: python docs/show_plan.py FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    take_picture(folder / "report.html", PICTURE)
    note = (
        f"From `summary.json` of a plan made by `make plan` on {summary['made_at'][:10]} (version "
        f"{summary['version']}, seed {summary['seed']}), in prices of {summary['price_year']}. "
        f"{targets_sentence(summary)}"
    )
    block = f"{plan_table(summary)}\n\n{textwrap.fill(note, 100)}"
    readme = ROOT / "README.md"
    readme.write_text(replaced(readme.read_text(encoding="utf-8"), block), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)} and the table in README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
