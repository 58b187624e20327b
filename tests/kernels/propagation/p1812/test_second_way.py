"""P.1812-8 a second time, point by point with whole arrays, against the reduced form.

The same equations read anew: no terms, no bounds, no closed form of the smooth profile.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from qamtu.kernels.propagation.p1812 import (
    Profile,
    Settings,
    basic_transmission_loss,
    basic_transmission_losses,
)


def inverse(x):
    t = np.sqrt(-2 * np.log(x))
    return t - ((0.010328 * t + 0.802853) * t + 2.515516698) / (
        ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1
    )


def knife(nu):
    return 6.9 + 20 * np.log10(np.sqrt((nu - 0.1) ** 2 + 1) + nu - 0.1) if nu > -0.78 else 0.0


def bullington(d, g, hts, hrs, radius, wave):
    big = d[-1]
    x, y = d[1:-1], g[1:-1] + 500 / radius * d[1:-1] * (big - d[1:-1])
    stim = ((y - hts) / x).max()
    if stim < (hrs - hts) / big:
        line = (hts * (big - x) + hrs * x) / big
        nu = ((y - line) * np.sqrt(0.002 * big / (wave * x * (big - x)))).max()
    else:
        srim = ((y - hrs) / (big - x)).max()
        at = (hrs - hts + srim * big) / (stim + srim)
        line = (hts * (big - at) + hrs * at) / big
        nu = (hts + stim * at - line) * np.sqrt(0.002 * big / (wave * at * (big - at)))
    edge = knife(nu)
    return edge + (1 - np.exp(-edge / 6)) * (10 + 0.02 * big)


def first_term(big, ht, hr, radius, f, permittivity, conductivity, vertical):
    k = 0.036 * (radius * f) ** (-1 / 3)
    k *= ((permittivity - 1) ** 2 + (18 * conductivity / f) ** 2) ** -0.25
    if vertical:
        k *= (permittivity**2 + (18 * conductivity / f) ** 2) ** 0.5
    beta = (1 + 1.6 * k**2 + 0.67 * k**4) / (1 + 4.5 * k**2 + 1.53 * k**4)
    x = 21.88 * beta * (f / radius**2) ** (1 / 3) * big
    if x >= 1.6:
        spread = 11 + 10 * np.log10(x) - 17.6 * x
    else:
        spread = -20 * np.log10(x) - 5.6488 * x**1.425
    gains = 0.0
    for h in (ht, hr):
        b = beta * 0.9575 * beta * (f**2 / radius) ** (1 / 3) * h
        if b > 2:
            gain = 17.6 * (b - 1.1) ** 0.5 - 5 * np.log10(b - 1.1) - 8
        else:
            gain = 20 * np.log10(b + 0.1 * b**3)
        gains += max(gain, 2 + 20 * np.log10(k))
    return -spread - gains


def sphere(big, ht, hr, radius, f, wave, sea, vertical):
    def both(a):
        land = first_term(big, ht, hr, a, f, 22, 0.003, vertical)
        return sea * first_term(big, ht, hr, a, f, 80, 5, vertical) + (1 - sea) * land

    if big >= np.sqrt(2 * radius) * (np.sqrt(0.001 * ht) + np.sqrt(0.001 * hr)):
        return both(radius)
    c, m = (ht - hr) / (ht + hr), 250 * big**2 / (radius * (ht + hr))
    turn = np.arccos(np.clip(3 * c / 2 * np.sqrt(3 * m / (m + 1) ** 3), -1, 1))
    b = 2 * np.sqrt((m + 1) / (3 * m)) * np.cos(np.pi / 3 + turn / 3)
    one = big / 2 * (1 + b)
    two = big - one
    clear = ((ht - 500 * one**2 / radius) * two + (hr - 500 * two**2 / radius) * one) / big
    need = 17.456 * np.sqrt(one * two * wave / big)
    if clear > need:
        return 0.0
    loss = both(500 * (big / (np.sqrt(ht) + np.sqrt(hr))) ** 2)
    return (1 - clear / need) * max(loss, 0.0)


def smooth_surface(d, h, hts, hrs):
    big, w = d[-1], np.diff(d)
    v1 = (w * (h[1:] + h[:-1])).sum()
    v2 = (w * (h[1:] * (2 * d[1:] + d[:-1]) + h[:-1] * (d[1:] + 2 * d[:-1]))).sum()
    fit = np.array([(2 * v1 * big - v2) / big**2, (v2 - v1 * big) / big**2])
    x = d[1:-1]
    above = h[1:-1] - (hts * (big - x) + hrs * x) / big
    out = fit.copy()
    if above.max() > 0:
        t, r = (above / x).max(), (above / (big - x)).max()
        out -= above.max() * np.array([t, r]) / (t + r)
    return fit, np.minimum(out, [h[0], h[-1]])


def horizons(d, h, hts, hrs, radius, wave):
    big, x = d[-1], d[1:-1]
    t = 1000 * np.arctan((h[1:-1] - hts) / (1000 * x) - x / (2 * radius))
    direct = 1000 * np.arctan((hrs - hts) / (1000 * big) - big / (2 * radius))
    if t.max() > direct:
        y = big - x
        r = 1000 * np.arctan((h[1:-1] - hrs) / (1000 * y) - y / (2 * radius))
        first, last = 1 + int(t.argmax()), x.size - int(r[::-1].argmax())
        return t.max(), r.max(), first, last
    back = 1000 * np.arctan((hts - hrs) / (1000 * big) - big / (2 * radius))
    above = h[1:-1] + 500 / radius * x * (big - x) - (hts * (big - x) + hrs * x) / big
    nu = above * np.sqrt(0.002 * big / (wave * x * (big - x)))
    at = x.size - int(nu[::-1].argmax())
    return direct, back, at, at


def zones(d, zone):
    edges = np.concatenate([d[:1], 0.5 * (d[1:] + d[:-1]), d[-1:]])
    width = np.diff(edges)

    def longest(inside):
        best = run = 0.0
        for part, yes in zip(width, inside, strict=True):
            run = run + part if yes else 0.0
            best = max(best, run)
        return best

    sea = width[zone == 1].sum() / d[-1]
    return longest(zone != 1), longest(zone == 4), sea, edges


def ducting(s, d, sea, ends, shape, angles, b0, tau, radius, coast):
    big, f, p = d[-1], s.frequency_ghz, s.time_percent
    (hts, hrs), (hte, hre), (dlt, dlr) = ends
    hm, _ = shape
    tt, tr = angles
    fixed = 102.45 + 20 * np.log10(f * (dlt + dlr))
    fixed += 45.375 - 137 * f + 92.5 * f**2 if f < 0.5 else 0.0
    for theta, far, shore, height in ((tt, dlt, coast[0], hts), (tr, dlr, coast[1], hrs)):
        over = theta - 0.1 * far
        if over > 0:
            fixed += 20 * np.log10(1 + 0.361 * over * np.sqrt(f * far)) + 0.264 * over * f ** (
                1 / 3
            )
        if sea >= 0.75 and shore <= 5 and shore <= far:
            fixed += -3 * np.exp(-0.25 * shore**2) * (1 + np.tanh(0.07 * (50 - height)))
    angle = 1000 * big / radius + min(tt, 0.1 * dlt) + min(tr, 0.1 * dlr)
    alpha = max(-3.4, -0.6 - 3.5e-9 * big**3.1 * tau)
    mu2 = min(1.0, (500 / radius * big**2 / (np.sqrt(hte) + np.sqrt(hre)) ** 2) ** alpha)
    mu3 = 1.0
    if hm > 10:
        mu3 = np.exp(-4.6e-5 * (hm - 10) * (43 + 6 * min(big - dlt - dlr, 40)))
    beta = b0 * mu2 * mu3
    x = np.log10(beta)
    gamma = 1.076 / (2.0058 - x) ** 1.012
    gamma *= np.exp(-(9.51 - 4.8 * x + 0.198 * x**2) * 1e-6 * big**1.13)
    slow = -12 + (1.2 + 3.7e-3 * big) * np.log10(p / beta) + 12 * (p / beta) ** gamma
    return fixed + 5e-5 * radius * f ** (1 / 3) * angle + slow


def plain_loss(path: Profile, s: Settings) -> float:
    d, h = path.distance_km, path.height_m
    clutter = path.clutter_m if path.clutter_m is not None else np.zeros(d.size)
    zone = path.zone if path.zone is not None else np.full(d.size, 4)
    f, p, big = s.frequency_ghz, s.time_percent, d[-1]
    vertical = s.polarisation == "vertical"
    wave, radius = 0.2998 / f, 6371 * 157 / (157 - s.delta_n)
    hts, hrs = h[0] + path.tx_height_m, h[-1] + path.rx_height_m
    g = h + clutter
    land, inland, sea, edges = zones(d, zone)
    tau = 1 - np.exp(-4.12e-4 * inland**2.41)
    mu1 = (10 ** (-land / (16 - 6.6 * tau)) + 10 ** (-5 * (0.496 + 0.354 * tau))) ** 0.2
    mu1, phi = min(mu1, 1.0), abs(path.latitude_deg)
    if phi <= 70:
        b0 = 10 ** (-0.015 * phi + 1.67) * mu1 * mu1 ** (-0.935 + 0.0176 * phi)
    else:
        b0 = 4.17 * mu1 * mu1**0.3
    fi = inverse(p / 100) / inverse(b0 / 100) if p >= b0 else 1.0

    fit, smooth = smooth_surface(d, h, hts, hrs)
    ht, hr = hts - smooth[0], hrs - smooth[1]
    losses = []
    for a in (radius, 3 * 6371):
        flat = bullington(d, 0 * g, ht, hr, a, wave)
        ball = sphere(big, ht, hr, a, f, wave, sea, vertical)
        losses.append(bullington(d, g, hts, hrs, a, wave) + max(ball - flat, 0.0))
    ld50, ldb = losses
    ldp = ld50 + (fi * (ldb - ld50) if p < 50 else 0.0)

    tt, tr, first, last = horizons(d, h, hts, hrs, radius, wave)
    dlt, dlr = d[first], big - d[last]
    theta = 1000 * big / radius + tt + tr
    free = 92.4 + 20 * np.log10(f) + 10 * np.log10(big**2 + ((hts - hrs) / 1000) ** 2)
    focus = 2.6 * (1 - np.exp(-0.1 * (dlt + dlr)))
    lb0p, lb0b = free + focus * np.log10(p / 50), free + focus * np.log10(b0 / 50)
    lbd50, lbd = free + ld50, lb0p + ldp
    least = lb0p + (1 - sea) * ldp
    if p >= b0:
        least = lbd50 + (lb0b + (1 - sea) * ldp - lbd50) * fi

    low = np.minimum(fit, [h[0], h[-1]])
    line = low[0] + (low[1] - low[0]) / big * d
    hm = (h - line)[first : last + 1].max()
    at_sea = np.flatnonzero(zone == 1)
    coast = [500.0, 500.0]
    if at_sea.size:
        coast = [min(500, edges[at_sea[0]]), min(500, big - edges[at_sea[-1] + 1])]
    ends = ((hts, hrs), (hts - low[0], hrs - low[1]), (dlt, dlr))
    lba = ducting(s, d, sea, ends, (hm, 0), (tt, tr), b0, tau, radius, coast)
    duct = 2.5 * np.logaddexp(lba / 2.5, lb0p / 2.5)
    fk = 1 - 0.5 * (1 + np.tanh(1.5 * (big - 20) / 20))
    lbda = lbd if duct > lbd else duct + (lbd - duct) * fk
    fj = 1 - 0.5 * (1 + np.tanh(2.4 * (theta - 0.3) / 0.3))
    lbam = lbda + (least - lbda) * fj
    lf = 25 * np.log10(f) - 2.5 * np.log10(f / 2) ** 2
    lbs = 190.1 + lf + 20 * np.log10(big) + 0.573 * theta - 0.15 * s.n0
    lbs -= 10.125 * np.log10(50 / p) ** 0.7
    ten = np.log(10) / 5
    lbc = -5 / np.log(10) * np.logaddexp(-ten * lbs, -ten * lbam)
    location = 0.0
    if s.location_sigma_db and zone[-1] != 1:
        share = s.location_percent / 100
        location = -inverse(share) if share <= 0.5 else inverse(1 - share)
        location *= s.location_sigma_db
    return max(lb0p, lbc + location)


@st.composite
def paths(draw, uneven=True):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.sampled_from([5, 6, 17, 60, 250]))
    length = draw(st.sampled_from([0.3, 1.0, 4.0, 15.0, 40.0, 120.0, 400.0]))
    if uneven and draw(st.booleans()):
        d = np.concatenate([[0.0], np.sort(rng.uniform(0, length, n - 2)), [length]])
        if np.diff(d).min() < 1e-6:
            d = np.linspace(0, length, n)
    else:
        d = np.linspace(0, length, n)
    rough = draw(st.sampled_from([0.0, 0.3, 5.0, 40.0]))
    h = np.abs(rng.normal(0, rough, n).cumsum()) + draw(st.sampled_from([0.0, 300.0]))
    clutter = rng.choice([0.0, 0.0, 10.0, 20.0], n) if draw(st.booleans()) else None
    zone = None
    if draw(st.booleans()):
        parts = rng.choice([1, 1, 3, 4], 5)
        zone = np.sort(rng.integers(0, 5, n)).astype(np.uint8)
        zone = parts[zone].astype(np.uint8)
    return Profile(
        d,
        h,
        draw(st.sampled_from([1.5, 10.0, 35.0, 300.0])),
        draw(st.sampled_from([1.5, 10.0, 60.0])),
        clutter,
        zone,
        draw(st.sampled_from([0.0, 43.0, -51.0, 69.9, 75.0])),
    )


ASKED = st.builds(
    Settings,
    frequency_ghz=st.sampled_from([0.03, 0.2, 0.7, 2.6, 6.0]),
    time_percent=st.sampled_from([1.0, 3.0, 10.0, 49.0, 50.0]),
    location_percent=st.sampled_from([1.0, 50.0, 95.0]),
    location_sigma_db=st.sampled_from([0.0, 5.5]),
    polarisation=st.sampled_from(["horizontal", "vertical"]),
    delta_n=st.sampled_from([30.0, 45.0, 70.0]),
)


@settings(max_examples=150, deadline=None)
@given(paths(), ASKED)
def test_same_loss(path: Profile, asked: Settings) -> None:
    expected = plain_loss(path, asked)
    assert basic_transmission_loss(path, asked).loss_db == pytest.approx(expected, abs=1e-7, rel=0)


@settings(max_examples=150, deadline=None)
@given(paths(), ASKED)
def test_what_is_left_out_does_not_matter(path: Profile, asked: Settings) -> None:
    """Bounds of the ducting loss, and terms left out at 50 % of time."""
    many = basic_transmission_losses(
        asked,
        path.distance_km,
        path.height_m[None],
        path.tx_height_m,
        path.rx_height_m,
        clutter_m=None if path.clutter_m is None else path.clutter_m[None],
        zone=None if path.zone is None else path.zone[None],
        latitude_deg=path.latitude_deg,
    )
    expected = basic_transmission_loss(path, asked).loss_db
    assert many[0] == pytest.approx(expected, abs=1e-6, rel=0)


def test_the_normal_of_the_recommendation_is_nearly_the_normal() -> None:
    x = np.linspace(0.001, 0.5, 50)
    assert np.abs(inverse(x) - norm.isf(x)).max() < 4.6e-4
