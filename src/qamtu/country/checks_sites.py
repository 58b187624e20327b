"""Rules for radio sectors: heights, carriers, power, directions, ids, antennas."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.rules import Rule, flagged
from qamtu.kernels.antenna import Pattern
from qamtu.kernels.geodesy import haversine_m

__all__ = ["check_sites"]

_TALLEST_M: Final = 650.0  # the tallest masts there are stand below it
_TALL_M: Final = 150.0
_LEAST_MHZ, _MOST_MHZ = 30.0, 100_000.0
_APART_M: Final = 100.0
_BAND: Final = 0.2
_LISTED: Final = 12
_STEEPEST_DEG: Final = 25.0


def check_sites(
    table: pd.DataFrame,
    names: Sequence[str],
    antennas: Mapping[str, Pattern],
    file: str,
) -> list[Finding]:
    """Find everything wrong with the sectors of a table that holds its contract.

    Parameters
    ----------
    table
        Sectors with defaults filled in.
    names
        Names of patterns that are known, in lower case.
    antennas
        Measured patterns by name in lower case.
    file
        Name that the findings give as the place.
    """
    return [
        *_heights(table, file),
        *_carriers(table, file),
        *_power(table, file),
        *_directions(table, file),
        *_ids(table, file),
        *_antennas(table, names, antennas, file),
    ]


def _column(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return table[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _heights(table: pd.DataFrame, file: str) -> list[Finding]:
    height = _column(table, "height_m")
    mend = "give the height of the antenna above ground, not above sea level"
    return [
        *flagged(
            Rule("site-underground", Severity.ERROR, mend, "height_m"),
            height <= 0, lambda i: f"the antenna is {height[i]:g} m above ground", file,
        ),
        *flagged(
            Rule("site-too-tall", Severity.ERROR, mend, "height_m"),
            height > _TALLEST_M,
            lambda i: f"the antenna is {height[i]:g} m above ground; no mast is so tall", file,
        ),
        *flagged(
            Rule("site-tall", Severity.WARNING, mend, "height_m"),
            (height > _TALL_M) & (height <= _TALLEST_M),
            lambda i: f"the antenna is {height[i]:g} m above ground", file,
        ),
    ]  # fmt: skip


def _carriers(table: pd.DataFrame, file: str) -> list[Finding]:
    frequency, width = _column(table, "frequency_mhz"), _column(table, "bandwidth_mhz")
    load = _column(table, "load_share")

    def meant(i: int) -> str:
        value = frequency[i]
        if 0.4 <= value < _LEAST_MHZ:
            return f"a frequency of {value:g} MHz; {value * 1000.0:,g} was meant if it is in GHz"
        if 4e5 <= value < 3e7:
            return f"a frequency of {value:,.0f} MHz; {value / 1e3:,g} was meant if it is in kHz"
        if value >= 3e7:
            return f"a frequency of {value:,.0f} MHz; {value / 1e6:,g} was meant if it is in Hz"
        return f"a frequency of {value:g} MHz"

    return [
        *flagged(
            Rule("frequency-unit", Severity.ERROR, "give the frequency in MHz", "frequency_mhz"),
            (frequency < _LEAST_MHZ) | (frequency > _MOST_MHZ), meant, file,
        ),
        *flagged(
            Rule("bandwidth-odd", Severity.ERROR,
                 "give the carrier's bandwidth in MHz", "bandwidth_mhz"),
            (width <= 0) | (width > 2000) | ((width > 0.5 * frequency) & (frequency >= _LEAST_MHZ)),
            lambda i: f"a bandwidth of {width[i]:,g} MHz at {frequency[i]:,g} MHz", file,
        ),
        *flagged(
            Rule("load-range", Severity.ERROR,
                 "give the load as a share, 0 to 1, not in per cent", "load_share"),
            (load < 0) | (load > 1), lambda i: f"a load of {load[i]:g}", file,
        ),
    ]  # fmt: skip


def _power(table: pd.DataFrame, file: str) -> list[Finding]:
    eirp, power = _column(table, "eirp_dbm"), _column(table, "power_w")
    gain, feeder = _column(table, "gain_dbi"), _column(table, "feeder_loss_db")
    with np.errstate(invalid="ignore", divide="ignore"):
        own = 10.0 * np.log10(1000.0 * power) + gain - feeder
    return [
        *flagged(
            Rule("eirp-odd", Severity.ERROR,
                 "give the EIRP in dBm: 10 log10 of milliwatts plus gain less losses", "eirp_dbm"),
            (eirp < -10) | (eirp > 90), lambda i: f"an EIRP of {eirp[i]:g} dBm", file,
        ),
        *flagged(
            Rule("power-odd", Severity.ERROR,
                 "give the transmitter's power in watts", "power_w"),
            (power <= 0) | (power > 2000), lambda i: f"a power of {power[i]:,g} W", file,
        ),
        *flagged(
            Rule("eirp-power-differ", Severity.WARNING,
                 "leave the EIRP or the power out", "eirp_dbm"),
            np.abs(eirp - own) > 1.0,
            lambda i: f"the EIRP is {eirp[i]:.1f} dBm, but power, gain and feeder loss make "
            f"{own[i]:.1f} dBm; the EIRP was taken", file,
        ),
        *flagged(
            Rule("feeder-loss-odd", Severity.ERROR,
                 "give the feeder's loss as positive dB", "feeder_loss_db"),
            (feeder < 0) | (feeder > 60), lambda i: f"a feeder loss of {feeder[i]:g} dB", file,
        ),
        *flagged(
            Rule("gain-odd", Severity.ERROR, "give the antenna gain in dBi", "gain_dbi"),
            (gain < -20) | (gain > 60), lambda i: f"an antenna gain of {gain[i]:g} dBi", file,
        ),
    ]  # fmt: skip


def _directions(table: pd.DataFrame, file: str) -> list[Finding]:
    azimuth = _column(table, "azimuth_deg")
    found = flagged(
        Rule("azimuth-range", Severity.ERROR, "give degrees clockwise from north, 0 to 360",
             "azimuth_deg"),
        (azimuth < 0) | (azimuth > 360), lambda i: f"an azimuth of {azimuth[i]:g}°", file,
    )  # fmt: skip
    for name in ("tilt_deg", "electrical_tilt_deg"):
        tilt = _column(table, name)
        found += flagged(
            Rule("tilt-range", Severity.ERROR, "give degrees below the horizon, −90 to 90", name),
            np.abs(tilt) > 90, lambda i, t=tilt: f"a tilt of {t[i]:g}°", file,  # type: ignore[misc]
        )  # fmt: skip
        found += flagged(
            Rule("tilt-odd", Severity.WARNING, "give degrees below the horizon, down positive",
                 name),
            (tilt > _STEEPEST_DEG) & (tilt <= 90),
            lambda i, t=tilt: f"a tilt of {t[i]:g}°", file,  # type: ignore[misc]
        )  # fmt: skip
        found += flagged(
            Rule("tilt-up", Severity.WARNING,
                 "turn the sign: down is positive; leave it if the antenna does look up", name),
            (tilt < 0) & (tilt >= -90),
            lambda i, t=tilt: f"a tilt of {t[i]:g}° looks above the horizon; {-t[i]:g}° was meant "  # type: ignore[misc]
            "if the file counts down as negative", file,
        )  # fmt: skip
    return found


def _ids(table: pd.DataFrame, file: str) -> list[Finding]:
    sector = table["sector_id"]
    same = ["site_id", "technology", "frequency_mhz", "azimuth_deg", "height_m", "operator"]
    twin = table.duplicated([c for c in same if c in table.columns], keep="first")
    names = table["site_id"].to_numpy()
    first = table.drop_duplicates("site_id").set_index("site_id")
    lat, lon = (table["site_id"].map(first[c]).to_numpy(np.float64) for c in ("lat_deg", "lon_deg"))
    apart = haversine_m(_column(table, "lat_deg"), _column(table, "lon_deg"), lat, lon)
    return [
        *flagged(
            Rule("sector-id-duplicated", Severity.ERROR,
                 "give every sector an id of its own", "sector_id"),
            sector.duplicated(keep="first"),
            lambda i: f"the id {sector.iloc[i]!r} stands above already", file,
        ),
        *flagged(
            Rule("sector-duplicated", Severity.ERROR,
                 "leave one of the rows out, or give them other azimuths", "azimuth_deg"),
            twin, lambda i: f"site {names[i]!r} has the same sector above already", file,
        ),
        *flagged(
            Rule("site-two-places", Severity.WARNING,
                 "give the sectors of one site one place, or each site an id of its own",
                 "site_id"),
            apart > _APART_M,
            lambda i: f"site {names[i]!r} stands {apart[i]:,.0f} m from its first row", file,
        ),
    ]  # fmt: skip


def _antennas(
    table: pd.DataFrame, names: Sequence[str], antennas: Mapping[str, Pattern], file: str
) -> list[Finding]:
    pattern = table["pattern"].astype("str")
    lower = pattern.str.lower()
    usual, azimuth = _column(table, "frequency_mhz"), _column(table, "azimuth_deg")
    measured = lower.map({k: p.frequency_mhz for k, p in antennas.items()}).to_numpy(np.float64)

    def unknown(i: int) -> str:
        near = difflib.get_close_matches(lower.iloc[i], list(names), n=1)
        asked = f"; did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(dict.fromkeys(names[:_LISTED]))
        return f"there is no antenna {pattern.iloc[i]!r} among {listed}{asked}"

    return [
        *flagged(
            Rule("antenna-unknown", Severity.ERROR,
                 "give omni, 3gpp, or the name of a file in the folder of --antenna", "pattern"),
            ~lower.isin(list(names)), unknown, file,
        ),
        *flagged(
            Rule("azimuth-missing", Severity.ERROR,
                 "give the azimuth, or the antenna omni", "azimuth_deg"),
            (lower != "omni") & np.isnan(azimuth),
            lambda i: f"the antenna {pattern.iloc[i]!r} points somewhere, but no azimuth is given",
            file,
        ),
        *flagged(
            Rule("antenna-other-frequency", Severity.WARNING,
                 "use the file of the carrier's frequency", "pattern"),
            np.abs(measured - usual) > _BAND * usual,
            lambda i: f"the antenna {pattern.iloc[i]!r} was measured at {measured[i]:,g} MHz, "
            f"the carrier is at {usual[i]:,g} MHz", file,
        ),
    ]  # fmt: skip
