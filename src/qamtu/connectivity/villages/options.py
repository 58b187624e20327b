"""What each option costs and gives in each settlement, before any network is drawn.

All amounts are in the pack's currency. The net present value of an option is its capital,
renewed at the end of each life within the horizon, plus its running cost as an annuity:

    npv = Σ_e capex_e · Σ_{k < H/L_e} (1 + r)^(−k·L_e)  +  opex · (1 − (1 + r)^−H) / r

with discount rate ``r``, horizon ``H`` and equipment life ``L_e`` (no residual value is
credited). Source: equivalent-annual-cost method, Brealey, Myers & Allen, *Principles of
Corporate Finance*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.money import annuity_factor, present_value
from qamtu.core.params import Params

__all__ = ["OPTIONS", "RADIO", "STANDALONE", "Economy", "Option", "economy_of", "price_options"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OPTIONS: Final = (
    "fibre", "microwave", "fixed_wireless", "leo_gateway", "leo_terminal", "geo",
)  # fmt: skip
RADIO: Final = ("microwave", "fixed_wireless")
STANDALONE: Final = ("leo_gateway", "leo_terminal", "geo")


@dataclass(frozen=True, slots=True)
class Economy:
    """The terms on which amounts of different years are compared.

    Parameters
    ----------
    rate
        Real discount rate [1/year].
    years
        Horizon [year].
    exchange
        Pack currency for one USD.
    """

    rate: float
    years: int
    exchange: float

    @property
    def annuity(self) -> float:
        """Present value of 1 a year over the horizon."""
        return annuity_factor(self.rate, self.years)

    def renewals(self, life: float) -> float:
        """Present value of buying for 1 now and again whenever ``life`` [year] is over."""
        times = np.arange(0.0, self.years, max(life, 1.0))
        return float(sum(present_value(1.0, self.rate, float(t)) for t in times))


@dataclass(frozen=True, slots=True)
class Option:
    """One option in every settlement; arrays of one value a settlement.

    Parameters
    ----------
    name
        One of `OPTIONS`.
    capex
        First investment [currency], route excluded.
    opex_per_year
        Running cost [currency/year].
    npv
        Net present cost over the horizon [currency].
    feasible
        Whether its capacity carries the settlement's busy hour.
    speed_down_mbps
        Fastest product [Mbit/s].
    latency_ms
        Latency [ms].
    """

    name: str
    capex: Floats
    opex_per_year: Floats
    npv: Floats
    feasible: Flags
    speed_down_mbps: float
    latency_ms: float


def economy_of(params: Params) -> Economy:
    """Read the economy out of the parameters (rate, horizon, exchange rate)."""
    return Economy(
        rate=params.value("discount_rate"),
        years=round(params.value("horizon")),
        exchange=params.value("exchange_rate"),
    )


@dataclass(frozen=True, slots=True)
class _Bill:
    """Positions of one option: what is bought, how long it lives, what it costs a year."""

    items: tuple[tuple[Floats | float, float], ...]
    opex: Floats | float
    demand: Floats
    limit_mbps: float = np.inf


def price_options(households: NDArray[np.int64], params: Params) -> dict[str, Option]:
    """Price every option in every settlement.

    Parameters
    ----------
    households
        Households of each settlement, shape (s,).
    params
        The line's parameters, amounts in USD, with ``exchange_rate``.

    Returns
    -------
    dict
        An `Option` for each of `OPTIONS`. O(s) time and memory.
    """
    homes = households.astype(np.float64)
    subscribers = np.ceil(homes * params.value("take_up"))
    demand = subscribers * params.value("busy_hour_demand")
    economy = economy_of(params)
    bills = {
        "fibre": _fibre(homes, subscribers, demand, params),
        "microwave": _microwave(subscribers, demand, params),
        "fixed_wireless": _fixed_wireless(subscribers, demand, params),
        "leo_gateway": _leo_gateway(subscribers, demand, params),
        "leo_terminal": _terminals("leo", subscribers, demand, params),
        "geo": _terminals("geo", subscribers, demand, params),
    }
    quality = {
        "fibre": "fibre",
        "microwave": "wireless",
        "fixed_wireless": "wireless",
        "leo_gateway": "wireless",
        "leo_terminal": "leo",
        "geo": "geo",
    }
    extra_ms = {"leo_gateway": params.value("leo_latency")}
    return {
        name: _price(name, bill, economy, params, quality[name], extra_ms.get(name, 0.0))
        for name, bill in bills.items()
    }


def _price(
    name: str, bill: _Bill, economy: Economy, params: Params, quality: str, extra_ms: float
) -> Option:
    zero = np.zeros_like(bill.demand)
    capex = sum((zero + amount for amount, _ in bill.items), start=zero) * economy.exchange
    renewed = sum((zero + amount * economy.renewals(life) for amount, life in bill.items), zero)
    opex = (zero + bill.opex) * economy.exchange
    return Option(
        name=name,
        capex=capex,
        opex_per_year=opex,
        npv=renewed * economy.exchange + opex * economy.annuity,
        feasible=bill.demand <= bill.limit_mbps,
        speed_down_mbps=params.value(f"{quality}_speed_down"),
        latency_ms=params.value(f"{quality}_latency") + extra_ms,
    )


def _fibre(homes: Floats, subscribers: Floats, demand: Floats, params: Params) -> _Bill:
    value = params.value
    life = value("fibre_equipment_life")
    return _Bill(
        items=(
            (value("fibre_cabinet"), life),
            (homes * value("fibre_pass_home"), value("horizon")),
            (subscribers * value("fibre_connect_home"), life),
        ),
        opex=value("fibre_settlement_opex")
        + subscribers * value("fibre_home_opex")
        + demand * value("transit_price"),
        demand=demand,
    )


def _fixed_wireless(subscribers: Floats, demand: Floats, params: Params) -> _Bill:
    value = params.value
    return _Bill(
        items=(
            (value("wireless_base_station"), value("radio_life")),
            (subscribers * value("wireless_terminal"), value("radio_life")),
        ),
        opex=value("wireless_site_opex")
        + subscribers * value("wireless_home_opex")
        + demand * value("transit_price"),
        demand=demand,
        limit_mbps=1000.0 * value("wireless_site_capacity"),
    )


def _microwave(subscribers: Floats, demand: Floats, params: Params) -> _Bill:
    value = params.value
    local = _fixed_wireless(subscribers, demand, params)
    return _Bill(
        items=(
            *local.items,
            (value("mast"), value("mast_life")),
            (value("microwave_link"), value("radio_life")),
        ),
        opex=local.opex + value("microwave_opex"),
        demand=demand,
        limit_mbps=min(local.limit_mbps, 1000.0 * value("microwave_capacity")),
    )


def _leo_gateway(subscribers: Floats, demand: Floats, params: Params) -> _Bill:
    value = params.value
    return _Bill(
        items=(
            (value("leo_gateway"), value("radio_life")),
            (subscribers * value("wireless_terminal"), value("radio_life")),
        ),
        opex=value("wireless_site_opex")
        + subscribers * value("wireless_home_opex")
        + demand * value("leo_gateway_capacity_price"),
        demand=demand,
        limit_mbps=1000.0 * value("leo_cell_capacity"),
    )


def _terminals(kind: str, subscribers: Floats, demand: Floats, params: Params) -> _Bill:
    value = params.value
    limit = 1000.0 * value("leo_cell_capacity") if kind == "leo" else np.inf
    return _Bill(
        items=((subscribers * value(f"{kind}_terminal"), value(f"{kind}_terminal_life")),),
        opex=subscribers * value(f"{kind}_subscription"),
        demand=demand,
        limit_mbps=limit,
    )
