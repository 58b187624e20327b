"""Reference attenuation of the Irregular Terrain Model: line of sight, diffraction, scatter.

Source: G. A. Hufford, *The ITS Irregular Terrain Model, version 1.2.2, the Algorithm* (1995),
sections 4 and 6, with the constants of NTIA's version 1.4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MODE_DIFFRACTION", "MODE_LINE_OF_SIGHT", "MODE_SCATTER", "reference_attenuation"]

Floats = NDArray[np.float64]

MODE_LINE_OF_SIGHT: Final = 1
MODE_DIFFRACTION: Final = 2
MODE_SCATTER: Final = 3

_WAVE = 47.7  # MHz · m: frequency over wave number
_H0_A = np.array([25.0, 80.0, 177.0, 395.0, 705.0])  # Algorithm, 6.13
_H0_B = np.array([24.0, 45.0, 68.0, 80.0, 105.0])


@njit(cache=True, nogil=True)
def roughness(distance: float, rough: float) -> float:
    """Irregularity of terrain at a distance, Δh(d) [m] (Algorithm, 3.9)."""
    return rough * (1.0 - 0.8 * np.exp(-distance / 50e3))


@njit(cache=True, nogil=True)
def roughness_sigma(rough: float) -> float:
    """Standard deviation of the terrain heights of a given irregularity [m] (Algorithm, 3.10)."""
    return 0.78 * rough * np.exp(-0.5 * np.sqrt(np.sqrt(rough)))


@njit(cache=True, nogil=True)
def knife_edge(nu_squared: float) -> float:
    """Loss over a knife edge [dB], approximately (Algorithm, 6.1)."""
    if nu_squared < 5.76:
        return 6.02 + 9.11 * np.sqrt(nu_squared) - 1.27 * nu_squared
    return 12.953 + 10.0 * np.log10(nu_squared)


@njit(cache=True, nogil=True)
def height_gain(x: float, k: float) -> float:
    """Height gain over a smooth Earth [dB] (Algorithm, 6.4)."""
    if x < 200.0:
        w = -np.log(k)
        if k < 1e-5 or x * w * w * w > 5495.0:
            return -117.0 + (17.372 * np.log(x) if x > 1.0 else 0.0)
        return 2.5e-5 * x * x / k - 8.686 * w - 15.0
    gain = 0.05751 * x - 4.343 * np.log(x)
    if x < 2000.0:
        w = 0.0134 * x * np.exp(-0.005 * x)
        gain = (1.0 - w) * gain + w * (17.372 * np.log(x) - 117.0)
    return gain


@njit(cache=True, nogil=True)
def smooth_earth(
    distance: float, f: float, curvature: float, tilt: float, shape: Floats, impedance: float
) -> float:
    """Diffraction loss over a smooth Earth by three radii (Algorithm, 4.16 to 4.26) [dB]."""
    sight = shape[2] + shape[3]
    angle = distance * curvature - tilt
    third = np.cbrt(f)
    total, gains = 0.0, 0.0
    for part in range(3):
        if part == 0:
            radius = (distance - sight) / angle
            length = radius * angle
        else:
            length = shape[1 + part]
            radius = 0.5 * length * length / shape[3 + part]
        c = np.cbrt(4.0 / 3.0 * 6370e3 / radius)
        k = 0.017778 * c / third / impedance
        x = (1.607 - k) * c * c * third * length * 1e-3
        total += x
        if part:
            gains += height_gain(x, k)
    return 0.05751 * total - 10.0 * np.log10(total) - gains - 20.0


@njit(cache=True, nogil=True)
def diffraction(
    distance: float,
    f: float,
    curvature: float,
    tilt: float,
    shape: Floats,
    impedance: float,
    clutter: float,
    rise: float,
) -> float:
    """Diffraction attenuation (Algorithm, 4.9 ff) [dB].

    Parameters
    ----------
    distance
        Path [m].
    f
        Frequency [MHz].
    curvature
        One over the effective Earth radius [1/m].
    tilt
        Angle by which the horizons let the ray pass [rad].
    shape : float64[7]
        The reduced profile.
    impedance
        Modulus of the ground's surface transfer impedance.
    clutter
        Loss of the clutter at the ends, ``A_fo`` [dB].
    rise
        Root of effective over structural heights, the first term of the weighting.
    """
    sight = shape[2] + shape[3]
    beyond = distance - sight
    angle = distance * curvature - tilt
    wave = 0.0795775 * f / _WAVE * angle * angle * beyond
    edges = knife_edge(wave * shape[2] / (beyond + shape[2]))
    edges += knife_edge(wave * shape[3] / (beyond + shape[3]))
    smooth = smooth_earth(distance, f, curvature, tilt, shape, impedance)
    q = rise + (sight - tilt / curvature) / distance
    q *= min(roughness(distance, shape[6]) * f / _WAVE, 6283.2)
    weight = 25.1 / (25.1 + np.sqrt(q))
    return weight * smooth + (1.0 - weight) * edges + clutter


@njit(cache=True, nogil=True)
def line_of_sight(
    distance: float,
    f: float,
    shape: Floats,
    ground: complex,
    slope: float,
    offset: float,
    smooth_sight: float,
) -> float:
    """Attenuation within sight by two rays and extended diffraction (Algorithm, 4.42 ff) [dB]."""
    wave = f / _WAVE
    heights = shape[4] + shape[5]
    sine = heights / np.sqrt(distance * distance + heights * heights)
    sigma = roughness_sigma(roughness(distance, shape[6]))
    reflected = (sine - ground) / (sine + ground) * np.exp(-min(10.0, wave * sigma * sine))
    q = reflected.real**2 + reflected.imag**2
    if q < 0.25 or q < sine:
        reflected *= np.sqrt(sine / q)
    phase = 2.0 * wave * shape[4] * shape[5] / distance
    if phase > np.pi / 2.0:
        phase = np.pi - (np.pi / 2.0) ** 2 / phase
    real, imaginary = np.cos(phase) + reflected.real, -np.sin(phase) + reflected.imag
    rays = -10.0 * np.log10(real * real + imaginary * imaginary)
    bent = slope * distance + offset
    weight = 1.0 / (1.0 + f * shape[6] / max(10e3, smooth_sight))
    return weight * rays + (1.0 - weight) * bent


@njit(cache=True, nogil=True)
def _h0_curve(j: int, r: float) -> float:
    x = 1.0 / (r * r)
    return 10.0 * np.log10(1.0 + (_H0_A[j] * x + _H0_B[j]) * x)


@njit(cache=True, nogil=True)
def h0_function(r: float, eta: float) -> float:
    """Frequency gain function H_01 for integer and intermediate η (Algorithm, 6.10 ff) [dB]."""
    eta = min(max(eta, 1.0), 5.0)
    whole = int(eta)
    part = eta - whole
    value = _h0_curve(whole - 1, r)
    if part > 0.0:
        value = (1.0 - part) * value + part * _h0_curve(whole, r)
    return value


@njit(cache=True, nogil=True)
def attenuation_function(td: float) -> float:
    """Attenuation of scatter as a function of angle times distance (Algorithm, 6.9) [dB]."""
    if td <= 10e3:
        return 133.4 + 0.332e-3 * td - 10.0 * np.log10(td)
    if td <= 70e3:
        return 104.6 + 0.212e-3 * td - 2.5 * np.log10(td)
    return 71.8 + 0.157e-3 * td + 5.0 * np.log10(td)


@njit(cache=True, nogil=True)
def scatter(
    distance: float,
    f: float,
    curvature: float,
    refractivity: float,
    tilt: float,
    shape: Floats,
    h0: float,
) -> tuple[float, float]:
    """Troposcatter attenuation (Algorithm, 4.60 ff).

    Returns
    -------
    attenuation
        [dB]; 1001 where the two ends are too low for the model.
    h0
        Frequency gain to pass to the next call [dB].
    """
    wave = f / _WAVE
    angle = shape[0] + shape[1] + distance * curvature
    if h0 > 15.0:
        gain = h0
    else:
        skew, ratio = shape[2] - shape[3], shape[5] / shape[4]
        if skew < 0.0:
            skew, ratio = -skew, 1.0 / ratio
        r1, r2 = 2.0 * wave * angle * shape[4], 2.0 * wave * angle * shape[5]
        if r1 < 0.2 and r2 < 0.2:
            return 1001.0, h0
        s = (distance - skew) / (distance + skew)
        q = min(max(0.1, ratio / s), 10.0)
        s = max(0.1, s)
        cross = (distance - skew) * (distance + skew) * angle * 0.25 / distance
        eta = 0.031 - refractivity * 2.32e-3 + refractivity * refractivity * 5.67e-6
        eta = cross / 1.7556e3 * (1.0 + eta * np.exp(-(min(1.7, cross / 8e3) ** 6)))
        base = 0.5 * (h0_function(r1, eta) + h0_function(r2, eta))
        more = 6.0 * (0.6 - np.log10(max(eta, 1.0))) * np.log10(s) * np.log10(q)
        gain = max(base + min(base, more), 0.0)
        if eta < 1.0:
            root = np.sqrt(2.0)
            near = (1.0 + root / r1) * (1.0 + root / r2)
            near = near * near * (r1 + r2) / (r1 + r2 + 2.0 * root)
            gain = eta * gain + (1.0 - eta) * 10.0 * np.log10(near)
        if gain > 15.0 and h0 >= 0.0:
            gain = h0
    angle = distance * curvature - tilt
    td = angle * distance
    loss = attenuation_function(td) + 10.0 * np.log10(_WAVE * wave * angle**4)
    loss += gain - 0.1 * (refractivity - 301.0) * np.exp(-td / 40e3)
    return loss, gain


@njit(cache=True, nogil=True)
def reference_attenuation(
    distance: float,
    f: float,
    curvature: float,
    refractivity: float,
    ground: complex,
    shape: Floats,
    height_a: float,
    height_b: float,
    point_to_point: bool,
) -> tuple[float, int]:
    """Attenuation relative to free space for the shape of a path (Algorithm, 4.1 ff).

    Parameters
    ----------
    distance
        Path [m].
    f
        Frequency [MHz].
    curvature
        One over the effective Earth radius [1/m].
    refractivity
        Surface refractivity [N-units].
    ground
        Surface transfer impedance of the ground.
    shape : float64[7]
        The reduced profile.
    height_a, height_b
        Antennas above ground [m].
    point_to_point
        Whether the shape comes from a profile.

    Returns
    -------
    attenuation, mode
        [dB], not below 0, and which of the three regions it comes from.
    """
    sight = shape[2] + shape[3]
    smooth_sight = np.sqrt(2.0 * shape[4] / curvature) + np.sqrt(2.0 * shape[5] / curvature)
    tilt = -max(shape[0] + shape[1], -sight * curvature)
    impedance = np.sqrt(ground.real**2 + ground.imag**2)
    sigma = roughness_sigma(roughness(smooth_sight, shape[6]))
    clutter = min(15.0, 5.0 * np.log10(1.0 + 1e-5 * height_a * height_b * f * sigma))
    q = height_a * height_b
    excess = shape[4] * shape[5] - q
    rise = np.sqrt(1.0 + excess / (q + (10.0 if point_to_point else 0.0)))
    reach = np.cbrt(1.0 / (curvature * curvature * f))
    d3 = max(smooth_sight, sight + 5.0 * reach)
    d4 = d3 + 10.0 * reach
    a3 = diffraction(d3, f, curvature, tilt, shape, impedance, clutter, rise)
    a4 = diffraction(d4, f, curvature, tilt, shape, impedance, clutter, rise)
    slope = (a4 - a3) / (d4 - d3)
    offset = a3 - slope * d3
    if distance < smooth_sight:
        loss = _within_sight(distance, f, shape, ground, slope, offset, smooth_sight, sight)
        return max(loss, 0.0), MODE_LINE_OF_SIGHT
    a6, h0 = scatter(sight + 400e3, f, curvature, refractivity, tilt, shape, -1.0)
    a5, h0 = scatter(sight + 200e3, f, curvature, refractivity, tilt, shape, h0)
    if a5 < 1000.0:
        scatter_slope = (a6 - a5) / 200e3
        meet = (a5 - offset - scatter_slope * (sight + 200e3)) / (slope - scatter_slope)
        meet = max(smooth_sight, sight + 1.088 * reach * np.log(f), meet)
        scatter_offset = (slope - scatter_slope) * meet + offset
        if distance > meet:
            return max(scatter_slope * distance + scatter_offset, 0.0), MODE_SCATTER
    return max(slope * distance + offset, 0.0), MODE_DIFFRACTION


@njit(cache=True, nogil=True)
def _within_sight(
    distance: float,
    f: float,
    shape: Floats,
    ground: complex,
    slope: float,
    offset: float,
    smooth_sight: float,
    sight: float,
) -> float:
    """Curve through up to three points of the line-of-sight region (Algorithm, 4.28 ff) [dB]."""
    edge = slope * smooth_sight + offset
    d0 = 0.04 * f * shape[4] * shape[5]
    if offset >= 0.0:
        d0 = min(d0, 0.5 * sight)
        d1 = d0 + 0.25 * (sight - d0)
    else:
        d1 = max(-offset / slope, 0.25 * sight)
    a1 = line_of_sight(d1, f, shape, ground, slope, offset, smooth_sight)
    linear, logarithmic = 0.0, 0.0
    curved = False
    if d0 < d1:
        a0 = line_of_sight(d0, f, shape, ground, slope, offset, smooth_sight)
        q = np.log(smooth_sight / d0)
        above = (smooth_sight - d0) * (a1 - a0) - (d1 - d0) * (edge - a0)
        logarithmic = max(0.0, above / ((smooth_sight - d0) * np.log(d1 / d0) - (d1 - d0) * q))
        curved = offset > 0.0 or logarithmic > 0.0
        if curved:
            linear = (edge - a0 - logarithmic * q) / (smooth_sight - d0)
            if linear < 0.0:
                linear = 0.0
                logarithmic = max(edge - a0, 0.0) / q
                if logarithmic == 0.0:
                    linear = slope
    if not curved:
        linear = max(edge - a1, 0.0) / (smooth_sight - d1)
        logarithmic = 0.0
        if linear == 0.0:
            linear = slope
    base = edge - linear * smooth_sight - logarithmic * np.log(smooth_sight)
    return base + linear * distance + logarithmic * np.log(distance)
