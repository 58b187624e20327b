"""First paint of a page in headless Chromium: PerformancePaintTiming, a new browser each time."""

from __future__ import annotations

import shutil
import statistics

from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-3d-apis",
    "--disable-background-networking",
]


def first_paints(url: str, times: int = 5) -> dict[str, float]:
    """Median of first contentful paint and of the load, each in a browser without a cache [ms]."""
    paints, loads = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for _ in range(times):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(url, wait_until="load")
            page.wait_for_timeout(200)
            paints.append(
                page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
            loads.append(
                page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            )
            context.close()
        browser.close()
    return {
        "paint_ms": statistics.median(paints),
        "worst_paint_ms": max(paints),
        "load_ms": statistics.median(loads),
    }
