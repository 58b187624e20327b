"""Money over time: discounting, annuities and levelled prices."""

from __future__ import annotations

from qamtu.core.errors import InputError

__all__ = ["annuity_factor", "present_value", "repriced"]


def annuity_factor(rate: float, years: int) -> float:
    """Give the present value [years] of 1 a year paid at the end of each of ``years`` years.

    ``(1 − (1 + r)⁻ⁿ) / r``; at ``r = 0`` it is ``n``. Source: Brealey, Myers & Allen,
    *Principles of Corporate Finance*, annuity formula.

    Parameters
    ----------
    rate
        Discount rate [1/year], above −1.
    years
        Number of payments, 0 or more.

    Raises
    ------
    InputError
        If the rate or the number of years is out of range.
    """
    if rate <= -1 or years < 0:
        msg = f"a discount rate above -1 and 0 or more years are needed, not {rate} and {years}"
        raise InputError(msg)
    if rate == 0:
        return float(years)
    return (1.0 - float((1.0 + rate) ** -years)) / rate


def present_value(amount: float, rate: float, year: float) -> float:
    """Discount an amount paid ``year`` years from now: ``amount / (1 + r)^year``."""
    return amount / float((1.0 + rate) ** year)


def repriced(amount: float, *, exchange: float, inflation: float = 1.0) -> float:
    """Carry an amount into another currency and price year.

    Parameters
    ----------
    amount
        In the foreign currency, at its own price year.
    exchange
        Units of the home currency for one foreign unit, in the target price year.
    inflation
        Factor of the foreign price level from its price year to the target year [1].
    """
    return amount * inflation * exchange
