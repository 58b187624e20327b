"""What a site, a relay, a hop and a kilometre of fibre cost to build and to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.connectivity.corridors.places import KINDS, Places
from qamtu.core.money import annuity_factor, present_value
from qamtu.core.params import Params

__all__ = ["Bill", "Prices"]

Floats = NDArray[np.float64]

_RUNGS: Final = (30.0, 40.0, 50.0, 60.0, 70.0)


@dataclass(frozen=True, slots=True)
class Bill:
    """Capital [currency], running cost [currency/year] and net present cost [currency]."""

    capex: Floats
    opex_per_year: Floats
    npv: Floats

    def __add__(self, other: Bill) -> Bill:
        """Add two bills."""
        return Bill(
            self.capex + other.capex,
            self.opex_per_year + other.opex_per_year,
            self.npv + other.npv,
        )

    def take(self, rows: NDArray[np.int64]) -> Bill:
        """Give the bill of some rows."""
        return Bill(self.capex[rows], self.opex_per_year[rows], self.npv[rows])


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices of one study, in the pack's currency.

    Parameters
    ----------
    params
        The line's parameters.
    sectors
        Sectors of a site.
    """

    params: Params
    sectors: int

    def tower(self, height_m: ArrayLike) -> Bill:
        """Price a tower; between the heights of the parameters straight, beyond them in proportion.

        Parameters
        ----------
        height_m
            Height [m].
        """
        height = np.asarray(height_m, dtype=np.float64)
        price = np.array([self.params.value(f"tower_{rung:.0f}m") for rung in _RUNGS])
        inside = np.interp(height, _RUNGS, price)
        low, high = np.minimum(height / _RUNGS[0], 1.0), np.maximum(height / _RUNGS[-1], 1.0)
        return self._bill([(inside * low * high, "tower_life")])

    def site(self, places: Places) -> Bill:
        """Price a site at each place without its tower and its link, shape (p,)."""
        electronics = self._value("electronics_site") + self.sectors * self._value(
            "electronics_sector"
        )
        bill = self._bill(
            [(np.full(places.count, electronics), "electronics_life")], self._value("site_opex")
        )
        return bill + self.power(places, self._load_kw) + self.land(places)

    def relay(self, places: Places) -> Bill:
        """Price a relay at each place without its tower and its hops, shape (p,)."""
        equipment = np.full(places.count, self._value("relay_site"))
        bill = self._bill([(equipment, "electronics_life")], self._value("relay_opex"))
        return bill + self.power(places, self._value("load_site")) + self.land(places)

    @property
    def _load_kw(self) -> float:
        return self._value("load_site") + self.sectors * self._value("load_sector")

    def power(self, places: Places, load_kw: float) -> Bill:
        """Price the cheaper of a line from the nearest settlement and own power."""
        grid, own = self._power(places, load_kw)
        cheaper = grid.npv <= own.npv
        return Bill(
            np.where(cheaper, grid.capex, own.capex),
            np.where(cheaper, grid.opex_per_year, own.opex_per_year),
            np.where(cheaper, grid.npv, own.npv),
        )

    def on_grid(self, places: Places) -> NDArray[np.bool_]:
        """Tell where a line from the nearest settlement is the cheaper power, shape (p,)."""
        grid, own = self._power(places, self._load_kw)
        return np.asarray(grid.npv <= own.npv)

    def _power(self, places: Places, load_kw: float) -> tuple[Bill, Bill]:
        away = np.maximum(places.settlement_km - self._value("settlement_radius"), 0.0)
        away = np.where(np.isfinite(away), away, 1e9)
        line = self._value("grid_connection") + away * self._value("grid_line")
        grid = self._bill([(line, "tower_life")], load_kw * self._value("grid_energy"))
        plant = np.full(places.count, load_kw * self._value("solar_diesel"))
        own = self._bill([(plant, "power_life")], load_kw * self._value("solar_diesel_energy"))
        return grid, own

    def land(self, places: Places) -> Bill:
        """Price land and the track from the road; a settlement has its road."""
        settled = (places.settlement_km <= self._value("settlement_radius")) | (
            places.kind == KINDS.index("settlement")
        )
        plot = np.where(settled, self._value("land_settlement"), self._value("land_open"))
        off = np.where(settled | ~np.isfinite(places.road_km), 0.0, places.road_km)
        return self._bill([(plot + off * self._value("access_track"), "horizon")])

    def hop(self, count: int) -> Bill:
        """Price ``count`` microwave hops, both ends."""
        one = np.full(count, self._value("hop_link"))
        return self._bill([(one, "electronics_life")], self._value("hop_opex"))

    def fibre(self, length_m: ArrayLike) -> Bill:
        """Price fibre along a road of so many metres."""
        km = np.asarray(length_m, dtype=np.float64) / 1000.0
        laid = self._bill([(km * self._value("fibre_along_road"), "fibre_life")])
        return laid + self._bill([], km * self._value("fibre_opex"))

    def terminal(self, count: int) -> Bill:
        """Price the lighting of fibre at ``count`` sites."""
        one = np.full(count, self._value("fibre_terminal"))
        return self._bill([(one, "electronics_life")], self._value("fibre_terminal_opex"))

    def _value(self, name: str) -> float:
        return self.params.value(name)

    def _bill(self, items: list[tuple[Floats, str]], opex: Floats | float = 0.0) -> Bill:
        """Add up items, each bought again when its life is over, and running cost."""
        rate, years = self._value("discount_rate"), round(self._value("horizon"))
        exchange = self._value("exchange_rate")
        shape = np.broadcast_shapes(np.shape(opex), *(np.shape(amount) for amount, _ in items))
        capex, lasting = np.zeros(shape), np.zeros(shape)
        for amount, life in items:
            times = np.arange(0.0, years, max(self._value(life), 1.0))
            again = sum(present_value(1.0, rate, float(t)) for t in times)
            capex, lasting = capex + amount, lasting + amount * again
        running = np.zeros(shape) + opex
        return Bill(
            capex * exchange,
            running * exchange,
            (lasting + running * annuity_factor(rate, years)) * exchange,
        )
