"""Path loss of 3GPP TR 38.901 V17.0.0 § 7.4: RMa, UMa and UMi-Street canyon, 0.5 to 100 GHz.

Lines of sight or none, the chance of a line of sight, shadow fading, and the loss into buildings
and cars. Everything is vectorised; heights and distances are broadcast against each other.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.findings import Finding, Findings, Severity

__all__ = [
    "BuildingLoss",
    "Scenario",
    "breakpoint_distance_m",
    "building_loss_db",
    "building_sigma_db",
    "car_loss_db",
    "check_range",
    "expected_loss_db",
    "line_of_sight_probability",
    "path_loss_db",
    "shadow_sigma_db",
]

Floats = NDArray[np.float64]

_LIGHT: Final = 3.0e8  # the value that Table 7.4.1-1 note 1 states


class Scenario(StrEnum):
    """Where the cell stands (§ 7.2)."""

    RMA = "rma"
    UMA = "uma"
    UMI = "umi"


class BuildingLoss(StrEnum):
    """How much a building's outer wall keeps out (Table 7.4.3-2)."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class _Range:
    """What Table 7.4.1-1 is valid for: horizontal distance and heights [m]."""

    distance_los_m: tuple[float, float]
    distance_nlos_m: tuple[float, float]
    base_m: tuple[float, float]
    user_m: tuple[float, float]
    frequency_ghz: tuple[float, float]


_RANGES: Final = {
    Scenario.RMA: _Range((10, 10_000), (10, 5_000), (10, 150), (1, 10), (0.5, 30)),
    Scenario.UMA: _Range((10, 5_000), (10, 5_000), (25, 25), (1.5, 22.5), (0.5, 100)),
    Scenario.UMI: _Range((10, 5_000), (10, 5_000), (10, 10), (1.5, 22.5), (0.5, 100)),
}


def breakpoint_distance_m(
    scenario: Scenario,
    frequency_ghz: ArrayLike,
    base_m: ArrayLike,
    user_m: ArrayLike,
    environment_m: ArrayLike = 1.0,
) -> Floats:
    """Breakpoint of the line-of-sight loss (Table 7.4.1-1, notes 1 and 5) [m].

    Parameters
    ----------
    scenario
        RMa measures heights from the ground, the others from the effective environment.
    frequency_ghz : float[...]
        Frequency [GHz].
    base_m, user_m : float[...]
        Antennas above ground [m].
    environment_m : float[...]
        Effective environment height of UMa and UMi [m]: 1, but for users of UMa above 13 m, for
        whom note 1 draws it at random.
    """
    f, base, user = _floats(frequency_ghz), _floats(base_m), _floats(user_m)
    if scenario is Scenario.RMA:
        return np.asarray(2.0 * np.pi * base * user * f * 1e9 / _LIGHT)
    low = _floats(environment_m)
    return np.asarray(4.0 * (base - low) * (user - low) * f * 1e9 / _LIGHT)


def path_loss_db(
    scenario: Scenario,
    distance_2d_m: ArrayLike,
    frequency_ghz: ArrayLike,
    base_m: ArrayLike,
    user_m: ArrayLike,
    line_of_sight: ArrayLike,
    *,
    building_m: float = 5.0,
    street_m: float = 20.0,
    environment_m: ArrayLike = 1.0,
) -> Floats:
    """Median path loss (Table 7.4.1-1).

    Parameters
    ----------
    scenario
        RMa, UMa or UMi-Street canyon.
    distance_2d_m : float[...]
        Horizontal distance, above zero [m].
    frequency_ghz : float[...]
        Frequency [GHz].
    base_m, user_m : float[...]
        Antennas above ground [m].
    line_of_sight : bool[...]
        Whether the two see each other.
    building_m, street_m : float
        Average building height and street width of RMa [m].
    environment_m : float[...]
        See `breakpoint_distance_m`.

    Returns
    -------
    float64[...]
        Loss [dB]; outside the ranges (`check_range`) it is the same formula carried on.
    """
    d2, base, user = _floats(distance_2d_m), _floats(base_m), _floats(user_m)
    f = _floats(frequency_ghz)
    d3 = np.hypot(d2, base - user)
    limit = breakpoint_distance_m(scenario, f, base, user, environment_m)
    if scenario is Scenario.RMA:
        seen = _rma_seen(d2, d3, f, building_m, limit)
        hidden = _rma_hidden(d3, f, base, user, building_m, street_m)
    elif scenario is Scenario.UMA:
        seen = _urban_seen(28.0, 22.0, 9.0, d2, d3, f, base - user, limit)
        hidden = 13.54 + 39.08 * np.log10(d3) + 20.0 * np.log10(f) - 0.6 * (user - 1.5)
    else:
        seen = _urban_seen(32.4, 21.0, 9.5, d2, d3, f, base - user, limit)
        hidden = 35.3 * np.log10(d3) + 22.4 + 21.3 * np.log10(f) - 0.3 * (user - 1.5)
    return np.asarray(np.where(line_of_sight, seen, np.maximum(seen, hidden)))


def _rma_seen(d2: Floats, d3: Floats, f: Floats, h: float, limit: Floats) -> Floats:
    """RMa with a line of sight: PL1 up to the breakpoint, PL2 beyond it."""

    def near(d: Floats) -> Floats:
        slope = min(0.03 * h**1.72, 10.0)
        start = min(0.044 * h**1.72, 14.77)
        free = 20.0 * np.log10(40.0 * np.pi * d * f / 3.0)
        return np.asarray(free + slope * np.log10(d) - start + 0.002 * np.log10(h) * d)

    far = near(limit) + 40.0 * np.log10(d3 / limit)
    return np.asarray(np.where(d2 <= limit, near(d3), far))


def _rma_hidden(
    d3: Floats, f: Floats, base: Floats, user: Floats, h: float, street: float
) -> Floats:
    """RMa without a line of sight, PL' of Table 7.4.1-1."""
    return np.asarray(
        161.04
        - 7.1 * np.log10(street)
        + 7.5 * np.log10(h)
        - (24.37 - 3.7 * (h / base) ** 2) * np.log10(base)
        + (43.42 - 3.1 * np.log10(base)) * (np.log10(d3) - 3.0)
        + 20.0 * np.log10(f)
        - (3.2 * np.log10(11.75 * user) ** 2 - 4.97)
    )


def _urban_seen(
    start: float,
    slope: float,
    bend: float,
    d2: Floats,
    d3: Floats,
    f: Floats,
    drop: Floats,
    limit: Floats,
) -> Floats:
    """UMa or UMi with a line of sight: PL1 up to the breakpoint, PL2 beyond it."""
    colour = 20.0 * np.log10(f)
    near = start + slope * np.log10(d3) + colour
    corner = np.maximum(limit**2 + drop**2, 1e-300)
    far = start + 40.0 * np.log10(d3) + colour - bend * np.log10(corner)
    return np.asarray(np.where(d2 <= limit, near, far))


def line_of_sight_probability(
    scenario: Scenario, distance_2d_m: ArrayLike, user_m: ArrayLike = 1.5
) -> Floats:
    """Chance of a line of sight outdoors (Table 7.4.2-1) [1].

    Parameters
    ----------
    scenario
        RMa, UMa or UMi-Street canyon.
    distance_2d_m : float[...]
        Horizontal distance outdoors [m].
    user_m : float[...]
        User's antenna above ground [m]; only UMa reads it, up to 23 m.
    """
    d = np.maximum(_floats(distance_2d_m), 1e-9)
    if scenario is Scenario.RMA:
        return np.asarray(np.exp(-np.maximum(d - 10.0, 0.0) / 1000.0))
    near = np.minimum(18.0 / d, 1.0)
    chance = near + np.exp(-d / (63.0 if scenario is Scenario.UMA else 36.0)) * (1.0 - near)
    if scenario is Scenario.UMA:
        high = np.clip((_floats(user_m) - 13.0) / 10.0, 0.0, 1.0) ** 1.5
        lift = 1.0 + high * 1.25 * (d / 100.0) ** 3 * np.exp(-d / 150.0)
        chance = np.where(d <= 18.0, 1.0, chance * lift)
    return np.asarray(chance)


def shadow_sigma_db(
    scenario: Scenario,
    distance_2d_m: ArrayLike,
    frequency_ghz: ArrayLike,
    base_m: ArrayLike,
    user_m: ArrayLike,
    line_of_sight: ArrayLike,
) -> Floats:
    """Standard deviation of shadow fading (Table 7.4.1-1) [dB]; arguments as `path_loss_db`."""
    d = _floats(distance_2d_m)
    if scenario is Scenario.RMA:
        limit = breakpoint_distance_m(scenario, frequency_ghz, base_m, user_m)
        return np.asarray(np.where(line_of_sight, np.where(d <= limit, 4.0, 6.0), 8.0))
    hidden = 6.0 if scenario is Scenario.UMA else 7.82
    return np.asarray(np.where(line_of_sight, 4.0, hidden) + 0.0 * d)


def expected_loss_db(
    scenario: Scenario,
    distance_2d_m: ArrayLike,
    frequency_ghz: ArrayLike,
    base_m: ArrayLike,
    user_m: ArrayLike,
) -> Floats:
    """Mean over line of sight and none, weighted by their chance, of the median losses [dB]."""
    chance = line_of_sight_probability(scenario, distance_2d_m, user_m)
    ends = (scenario, distance_2d_m, frequency_ghz, base_m, user_m)
    seen, hidden = path_loss_db(*ends, True), path_loss_db(*ends, False)
    return np.asarray(chance * seen + (1.0 - chance) * hidden)


def building_loss_db(
    frequency_ghz: ArrayLike, kind: BuildingLoss, depth_m: ArrayLike = 0.0
) -> Floats:
    """Loss into a building: outer wall and way inside (§ 7.4.3.1, equation (7.4-2)).

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency [GHz].
    kind
        Low-loss (glass and concrete) or high-loss (coated glass and concrete).
    depth_m : float[...]
        Horizontal way inside [m]; the report draws it from 0 to 25 m (the lesser of two draws),
        in RMa from 0 to 10 m.

    Returns
    -------
    float64[...]
        Median loss [dB]; its deviation is `building_sigma_db`.
    """
    f = _floats(frequency_ghz)
    concrete = 10.0 ** (-(5.0 + 4.0 * f) / 10.0)  # Table 7.4.3-1
    if kind is BuildingLoss.LOW:
        through = 0.3 * 10.0 ** (-(2.0 + 0.2 * f) / 10.0) + 0.7 * concrete
    else:
        through = 0.7 * 10.0 ** (-(23.0 + 0.3 * f) / 10.0) + 0.3 * concrete
    return np.asarray(5.0 - 10.0 * np.log10(through) + 0.5 * _floats(depth_m))


def building_sigma_db(kind: BuildingLoss) -> float:
    """Standard deviation of the loss into a building (Table 7.4.3-2) [dB]."""
    return 4.4 if kind is BuildingLoss.LOW else 6.5


def car_loss_db(*, metallised: bool = False) -> tuple[float, float]:
    """Mean and standard deviation of the loss into a car (§ 7.4.3.2), 0.6 to 60 GHz [dB]."""
    return (20.0 if metallised else 9.0), 5.0


def check_range(
    scenario: Scenario,
    distance_2d_m: ArrayLike,
    frequency_ghz: ArrayLike,
    base_m: ArrayLike,
    user_m: ArrayLike,
    *,
    line_of_sight: bool = True,
) -> Findings:
    """Find what is outside the ranges of Table 7.4.1-1; arguments as `path_loss_db`."""
    valid = _RANGES[scenario]
    distance = valid.distance_los_m if line_of_sight else valid.distance_nlos_m
    given = (
        ("distance_2d_m", distance_2d_m, distance, "m"),
        ("frequency_ghz", frequency_ghz, valid.frequency_ghz, "GHz"),
        ("base_m", base_m, valid.base_m, "m"),
        ("user_m", user_m, valid.user_m, "m"),
    )
    found = []
    for field, values, (low, high), unit in given:
        array = np.atleast_1d(_floats(values))
        out = ~((array >= low) & (array <= high))
        if out.any():
            first = float(array[out][0])
            found.append(
                Finding(
                    "tr38901-range", Severity.WARNING,
                    f"{field} is {first:g} {unit} ({int(out.sum())} of {array.size} values), "
                    f"outside {scenario.value} of TR 38.901",
                    f"stay within {low:g} to {high:g} {unit}, or use a model with terrain",
                    None, None, field,
                )
            )  # fmt: skip
    return Findings(tuple(found))


def _floats(value: ArrayLike) -> Floats:
    return np.asarray(value, dtype=np.float64)
