"""What the API gives of plans."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict

__all__ = ["FindingOut", "MeasureOut", "PlanOut", "PlansOut", "SettlementOut", "SettlementsOut"]


class FindingOut(BaseModel):
    """What was odd when a plan was registered."""

    model_config = ConfigDict(extra="ignore")

    id: str
    severity: str
    what: str
    mend: str


class PlanOut(BaseModel):
    """A registered plan."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    line: str
    title: str
    pack: str
    region: str | None
    made_at: dt.datetime
    version: str
    files: dict[str, str]
    findings: list[FindingOut]
    registered_at: dt.datetime
    published: bool
    published_at: dt.datetime | None


class PlansOut(BaseModel):
    """Plans, the newest published first."""

    plans: list[PlanOut]


class MeasureOut(BaseModel):
    """One value of a plan: of a metric, a scope and a day."""

    metric: str
    value: float
    unit: str
    scope: str
    date: dt.date
    basis: str


class SettlementOut(BaseModel):
    """A settlement in a plan, in brief."""

    settlement_id: str
    name_kk: str | None = None
    name_ru: str | None = None
    name_en: str | None = None
    kind: str
    region_id: str
    lat_deg: float
    lon_deg: float
    population: int
    population_source: str | None
    households: int
    option: str
    adequate: bool
    year: int | None
    speed_down_mbps: float | None


class SettlementsOut(BaseModel):
    """Some settlements of a search, and how many there are."""

    settlements: list[SettlementOut]
    total: int
