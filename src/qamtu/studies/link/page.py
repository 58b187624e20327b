"""The page of a link: picture, verdict and tables in one file that needs no network."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qamtu.studies.link.scales import number
from qamtu.studies.link.summary import hours_a_year
from qamtu.studies.link.texts import say

__all__ = ["render_page"]

_PACKAGE: Final = "qamtu.studies.link"
_SHARED: Final = ("base.css", "tables.css")
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_BUDGET_ROWS: Final = ("free_space_db", "gas_db", "other_db", "rain_001_db")


def render_page(summary: Mapping[str, Any], pictures: Mapping[str, str], language: str) -> str:
    """Render the page of a link.

    Parameters
    ----------
    summary
        From `qamtu.studies.link.summary.link_summary`.
    pictures
        SVG documents ``wide`` and ``narrow``.
    language
        Of all words but the findings, which are in English.

    Returns
    -------
    str
        HTML.
    """
    environment = Environment(
        loader=PackageLoader(_PACKAGE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(
        t=lambda name, **values: say(language, name, **values),
        n=lambda value, digits=1: _number(value, digits, language),
        share=lambda value: _share(value, language),
        outage=lambda value: _outage(value, language),
        known=lambda model: _model(model, language),
    )
    styles = [files("qamtu.studies.report").joinpath("assets", "css", s) for s in _SHARED]
    styles.append(files(_PACKAGE).joinpath("assets", "link.css"))
    a, b = (end["names"][language] for end in summary["ends"])
    return environment.get_template("link.html.j2").render(
        language=language,
        policy=_POLICY,
        styles=[Markup(s.read_text(encoding="utf-8")) for s in styles],  # noqa: S704  # own files
        pictures={k: Markup(v) for k, v in pictures.items()},  # noqa: S704  # escaped when drawn
        title=say(language, "title", a=a, b=b),
        verdict=_verdict(summary, language),
        made=_made(summary, language),
        budget_rows=_BUDGET_ROWS,
        findings=[f for f in summary["findings"] if f["severity"] != "info"],
        s=summary,
    )


def _number(value: object, digits: int, language: str) -> str:
    return number(float(value), digits, language) if isinstance(value, int | float) else "—"


def _share(value: float, language: str) -> str:
    """Write a share as per cent with as many nines as it has, up to five decimals."""
    lacking = (1.0 - value) * 100.0
    digits = 0 if lacking <= 0 else min(5, max(1, 2 - math.floor(math.log10(lacking))))
    percent = math.floor(value * 100.0 * 10**digits + 1e-6) / 10**digits
    text = number(percent, digits, language)
    return (text.rstrip("0").rstrip(".,") if digits else text) + " %"


def _outage(availability: float, language: str) -> str:
    """Write the time out of a year in the unit that suits it."""
    hours = hours_a_year(availability)
    if hours >= 1.0:
        return say(language, "hours", n=number(hours, 0 if hours >= 10 else 1, language))
    if hours * 60.0 >= 1.0:
        return say(language, "minutes", n=number(hours * 60.0, 0, language))
    return say(language, "seconds", n=number(hours * 3600.0, 0, language))


def _model(model: str, language: str) -> str:
    return say(language, model)


def _verdict(summary: Mapping[str, Any], language: str) -> dict[str, str]:
    """The judgement in a word, a sentence and what would mend it."""
    held = summary["clearance"]
    if held["clear"] is None:
        return {"state": "unknown", "word": say(language, "unknown"),
                "text": say(language, "unknown_text"), "mend": ""}  # fmt: skip
    if held["ratio_median"] < 0.0:
        where = number(held["worst_m"] / 1000.0, 1, language)
        text = say(language, "blocked_text", n=number(held["blocked_m"], 0, language), d=where)
        return {"state": "blocked", "word": say(language, "not_clear"), "text": text,
                "mend": _mend(held, language)}  # fmt: skip
    text = say(
        language, "clear_text",
        a=number(held["ratio_median"], 2, language), b=number(held["ratio_low"], 2, language),
        k=number(held["k_median"], 2, language), kl=number(held["k_low"], 2, language),
        ra=number(held["share_median"], 1, language), rb=number(held["share_low"], 1, language),
    )  # fmt: skip
    if held["clear"]:
        return {"state": "clear", "word": say(language, "clear"), "text": text, "mend": ""}
    return {"state": "blocked", "word": say(language, "not_clear"), "text": text,
            "mend": _mend(held, language)}  # fmt: skip


def _mend(held: Mapping[str, Any], language: str) -> str:
    """Say how much higher the antennas would have to be."""
    need = number(math.ceil(held["need_m"]), 0, language)
    if held["masts_m"] is None:
        return say(language, "no_mast", n=need)
    return say(language, "raise_both", n=need, m=number(held["masts_m"], 0, language))


def _made(summary: Mapping[str, Any], language: str) -> str:
    day = dt.datetime.fromisoformat(summary["made_at"]).date()
    when = format_date(day, "long", locale=language)
    return say(language, "made", when=when, version=summary["version"])
