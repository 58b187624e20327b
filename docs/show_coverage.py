"""Draw what twelve made sites over Almaty cover, with the mountains south of the city.

``python docs/show_coverage.py`` makes the study in a scratch folder and writes
``docs/images/coverage-almaty.png``; it needs Debian's chromium and the development environment.
The sites are made up (``docs/examples/sites-almaty-made.csv``), the terrain is that of the pack.
"""

from __future__ import annotations

import base64
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from qamtu.country import load_pack
from qamtu.country.surface import read_surface
from qamtu.kernels.terrain import Surface, ground_height
from qamtu.studies.coverage import CoverageRequest, make_coverage

ROOT = Path(__file__).resolve().parents[1]
SITES = ROOT / "docs" / "examples" / "sites-almaty-made.csv"
PICTURE = ROOT / "docs" / "images" / "coverage-almaty.png"
CHROMIUM = "/usr/bin/chromium"
RADIUS_M, CELL_M, SCALE = 20_000.0, 100.0, 2
RAMP = (
    (-130.0, (92, 26, 58)), (-115.0, (200, 80, 44)), (-105.0, (242, 194, 48)),
    (-95.0, (127, 191, 77)), (-85.0, (26, 127, 75)), (-70.0, (12, 70, 110)),
)  # fmt: skip
NOTHING = np.array([214.0, 214.0, 214.0])


def read(path: Path) -> tuple[NDArray[np.float32], Affine]:
    """Read a raster and where it lies."""
    with rasterio.open(path) as raster:
        return raster.read(1), raster.transform


def shaded(surface: Surface, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Any:
    """Light the ground from the north-west; 1 is level ground."""
    height = np.nan_to_num(ground_height(surface, lat[:, None], lon[None, :]))
    down, right = np.gradient(height, CELL_M)
    normal = np.sqrt(down**2 + right**2 + 1.0)
    light = (0.5 * right + 0.5 * down + np.sqrt(0.5)) / normal
    return np.clip(light / np.sqrt(0.5), 0.25, 1.4)


def picture(level: NDArray[np.float32], light: NDArray[np.float64]) -> bytes:
    """Colour levels, light them, and give a PNG."""
    stops = np.array([stop for stop, _ in RAMP])
    colours = np.array([colour for _, colour in RAMP], dtype=np.float64)
    known = np.nan_to_num(level, nan=stops[0])
    rgb = np.stack([np.interp(known, stops, colours[:, i]) for i in range(3)], axis=-1)
    rgb[np.isnan(level)] = NOTHING
    lit = np.clip(rgb * (0.35 + 0.65 * light[..., None]), 0, 255).astype(np.uint8)
    big = lit.repeat(SCALE, axis=0).repeat(SCALE, axis=1).transpose(2, 0, 1)
    with warnings.catch_warnings(), rasterio.MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="PNG", width=big.shape[2], height=big.shape[1], count=3, dtype="uint8"
        ) as made:
            made.write(big)
        return bytes(memory.read())


def page(image: bytes, shape: tuple[int, int], transform: Affine, note: str) -> str:
    """Lay sites, a legend and a scale over the picture."""
    rows, cols = (side * SCALE for side in shape)
    places = pd.read_csv(SITES).drop_duplicates("site_id")
    dots = "".join(
        f'<circle cx="{(p.lon_deg - transform.c) / transform.a * SCALE:.1f}" '
        f'cy="{(p.lat_deg - transform.f) / transform.e * SCALE:.1f}" r="6"/>'
        for p in places.itertuples()
    )
    keys = "".join(
        f'<span><i style="background:rgb{colour}"></i>{level:g}</span>' for level, colour in RAMP
    )
    km = 10_000.0 / CELL_M * SCALE
    return f"""<style>
body {{ margin: 0; font: 18px 'DejaVu Sans', sans-serif; color: #1d2733; width: {cols}px }}
header {{ padding: 14px 18px }} b {{ font-size: 22px }} p {{ margin: 6px 0 10px }}
span {{ margin-right: 18px }} i {{ display: inline-block; width: 26px; height: 16px;
margin-right: 6px; vertical-align: -2px }} svg {{ display: block }}
</style><header><b>Coverage of twelve made sites over Almaty</b><p>{note}</p>
<div>{keys}<span><i style="background:#d6d6d6"></i>not followed</span> dBm RSRP</div></header>
<svg width="{cols}" height="{rows}"><image width="{cols}" height="{rows}"
href="data:image/png;base64,{base64.b64encode(image).decode()}"/>
<g fill="#fff" stroke="#000" stroke-width="2.5">{dots}</g>
<g transform="translate(24 {rows - 30})"><rect width="{km:.0f}" height="6" fill="#000"/>
<text y="-8" font-weight="bold">10 km</text></g></svg>"""


def main(arguments: list[str]) -> int:
    """Make the study and the picture; a folder as argument keeps the study there."""
    kept = Path(arguments[0]) if arguments else None
    with tempfile.TemporaryDirectory() as scratch:
        out = kept or Path(scratch) / "coverage"
        result = make_coverage(
            CoverageRequest(SITES, out, radius_m=RADIUS_M, cell_m=CELL_M, overwrite=True)
        )
        level, transform = read(out / "best.tif")
    rows, cols = level.shape
    lat = transform.f + transform.e * (np.arange(rows) + 0.5)
    lon = transform.c + transform.a * (np.arange(cols) + 0.5)
    corners = (lon[0] - 0.02, lat[-1] - 0.02, lon[-1] + 0.02, lat[0] + 0.02)
    west, south, east, north = map(float, corners)
    surface, _ = read_surface(load_pack("kz"), (west, south, east, north))
    arcsec = max(result.summary["terrain"]["resolution_arcsec"], key=float)
    note = (
        f"{result.summary['settings']['model_name']}, LTE 1800 MHz and NR 3.5 GHz, receiver "
        f"1.5 m above ground, median of time and place. Terrain of {arcsec} arc seconds; "
        "built-up ground estimated. No operator's network."
    )
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    html = page(picture(level, shaded(surface, lat, lon)), (rows, cols), transform, note)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": cols * SCALE, "height": 900})
        tab.set_content(html)
        tab.screenshot(path=str(PICTURE), full_page=True)
        browser.close()
    print(f"wrote {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
