"""What a site costs: capital, running cost and net present cost in the pack's currency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import EXISTING, ROOFTOP, UPGRADE, Places
from qamtu.core.money import annuity_factor
from qamtu.core.params import Params

__all__ = ["Bill", "Prices", "make_prices", "price_sites"]


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a new site in the pack's currency.

    Parameters
    ----------
    rooftop, tower
        Site without radios, power and backhaul [currency/site].
    equipment
        Radios of three sectors, baseband and power [currency/site].
    opex_rooftop, opex_tower
        Running cost [currency/site/year].
    fibre_per_m
        Fibre laid to a site [currency/m].
    hop, hop_opex
        Microwave hop [currency/site] and its running cost [currency/site/year].
    annuity
        Present value of 1 a year over the horizon [year].
    """

    rooftop: float
    tower: float
    equipment: float
    opex_rooftop: float
    opex_tower: float
    fibre_per_m: float
    hop: float
    hop_opex: float
    annuity: float


@dataclass(frozen=True, eq=False)
class Bill:
    """Cost of sites, arrays of one value a site.

    Parameters
    ----------
    capex, opex_per_year, npv : float64[k]
        Capital [currency], running cost [currency/year], net present cost [currency].
    """

    capex: NDArray[np.float64]
    opex_per_year: NDArray[np.float64]
    npv: NDArray[np.float64]


def make_prices(params: Params, band: str) -> Prices:
    """Read the prices of a band's site; amounts in USD times the ``exchange_rate``."""
    exchange = params.value("exchange_rate")

    def price(name: str) -> float:
        return params.value(name) * exchange

    return Prices(
        rooftop=price("site_rooftop"),
        tower=price("site_tower"),
        equipment=price(f"band_{band}_radio") + price("site_baseband") + price("site_power"),
        opex_rooftop=price("site_opex_rooftop"),
        opex_tower=price("site_opex_tower"),
        fibre_per_m=price("backhaul_fibre"),
        hop=price("backhaul_microwave"),
        hop_opex=price("backhaul_microwave_opex"),
        annuity=annuity_factor(
            params.value("discount_rate"), int(params.value("mobile_horizon"))
        ),
    )  # fmt: skip


def price_sites(prices: Prices, places: Places, fibre_km: NDArray[np.float64]) -> Bill:
    """Price sites that are built or given the band; those that serve already cost nothing.

    On a site that stands without the band only the equipment is bought. A site to which no fibre
    is laid pays for a microwave hop, whether one is in sight or not: what a site without any
    backhaul needs is at least that.

    Parameters
    ----------
    prices
        Prices.
    places
        k places.
    fibre_km : float64[k]
        Fibre to lay [km]; NaN where a hop takes its place.

    Returns
    -------
    Bill
        npv = capex + opex · (1 - (1 + r)^-H) / r.
    """
    hop = ~np.isfinite(fibre_km)
    stands = np.isin(places.kind, (EXISTING, UPGRADE))
    carrier = np.where(places.kind == ROOFTOP, prices.rooftop, prices.tower)
    capex = np.where(stands, 0.0, carrier) + prices.equipment
    capex += np.where(hop, prices.hop, prices.fibre_per_m * 1000.0 * np.nan_to_num(fibre_km))
    opex = np.where(places.built, prices.opex_rooftop, prices.opex_tower)
    opex = opex + np.where(hop, prices.hop_opex, 0.0)
    capex[places.kind == EXISTING] = 0.0
    opex[places.kind == EXISTING] = 0.0
    return Bill(capex, opex, capex + prices.annuity * opex)
