"""A board with every state of a commitment, made of few records."""

import datetime as dt

import geopandas as gpd
from shapely.geometry import box

from qamtu.programme.board import Board, assemble
from qamtu.programme.records import (
    Basis,
    Claim,
    Commitment,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)
from qamtu.studies.session_report import Country, MapData

DAY = dt.date(2026, 6, 1)
KNOWN = dt.datetime(2026, 6, 2, tzinfo=dt.UTC)
LEARNED = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
HOSTILE = '#panic("x") $a$ *b* _c_ [d] @e <script>alert(1)</script> \\ "q" {{ 7 }} // z'
ORGANISATIONS = (
    Organisation(
        "ministry", {"en": "Ministry", "ru": "Министерство", "kk": "Министрлік"}, "ministry"
    ),
)
COUNTRY = Country("XX", {"en": "Madeland", "ru": "Мейдленд", "kk": "Мейдленд"}, ORGANISATIONS)


def commitment(record: str, area: str = "connectivity", **fields: object) -> Commitment:
    given = {
        "id": f"{record}/1", "record": record, "learned_at": LEARNED, "area": area, "line": "x",
        "kind": "target", "promise": {"en": f"Promise {record}", "ru": f"Обещание {record}",
        "kk": f"Уәде {record}"}, "definition": {"en": "What counts"}, "metric": record,
        "unit": "settlements", "target": 3000.0, "owner": "ministry",
    }  # fmt: skip
    return Commitment(**(given | fields))


def evidence(
    record: str, about: str, basis: Basis, value: float, on: str, **fields: object
) -> Evidence:
    given = {
        "id": f"{record}/1", "record": record, "learned_at": LEARNED, "commitment": about,
        "kind": EvidenceKind.MEASURE, "basis": basis, "grade": Grade.A,
        "state": EvidenceState.ACCEPTED, "value": value, "unit": "settlements",
        "true_on": dt.date.fromisoformat(on), "title": f"Evidence {record}", "source": "run 1",
        "parameters": {"speed": "100"}, "files": {"a.csv": "ab" * 32}, "filed_by": "ministry",
        "provenance": ("run 1",),
    }  # fmt: skip
    return Evidence(**(given | fields))


COMMITMENTS = (
    commitment("seen", due=dt.date(2027, 12, 31), baseline=100.0, baseline_on=dt.date(2024, 1, 1)),
    commitment("reckoned"),
    commitment("planned", due=dt.date(2030, 12, 31)),
    commitment("said", "security", unit="share", target=0.91),
    commitment("words", "ai", kind="aim", target=None, target_text="signed"),
    commitment("late", "economy", due=dt.date(2026, 1, 1), unit="USD", target=75e6),
    commitment("hostile", "govtech", promise={"en": HOSTILE, "ru": HOSTILE, "kk": HOSTILE}),
    commitment("nothing", "programme", kind="aim", target=None),
)


def claim(record: str, value: float | None, text: str) -> Claim:
    return Claim(
        id=f"c-{record}", record=f"c-{record}", learned_at=LEARNED, commitment=record, value=value,
        text=text, said_by="ministry", said_on=DAY, true_on=DAY, source="speech",
    )  # fmt: skip


CLAIMS = (claim("said", 0.905, "90.5 %"), claim("words", None, HOSTILE))
EVIDENCE = (
    evidence("e1", "seen", Basis.OBSERVED, 900.0, "2024-12-31"),
    evidence("e2", "seen", Basis.OBSERVED, 2001.0, "2026-01-31", title=HOSTILE),
    evidence("e3", "reckoned", Basis.ESTIMATED, 1234.0, "2026-01-31"),
    evidence("e4", "planned", Basis.PLANNED, 3100.0, "2028-12-31"),
    evidence("e5", "planned", Basis.PLANNED, 3210.0, "2030-12-31"),
)


def board(evidence: tuple[Evidence, ...] = EVIDENCE) -> Board:
    return assemble(
        COMMITMENTS, CLAIMS, evidence, true_on=DAY, known_at=KNOWN, organisations=ORGANISATIONS
    )


def map_data() -> MapData:
    regions = gpd.GeoDataFrame(
        {
            "region_id": ["A", "B", "C"],
            "name_en": ["Ay", "Bee", HOSTILE],
            "name_ru": ["А", "Б", "В"],
            "name_kk": ["А", "Б", "В"],
        },
        geometry=[box(0, 50, 5, 55), box(5, 50, 10, 55), box(10, 50, 15, 55)],
        crs="EPSG:4326",
    )
    return MapData(
        regions, {"A": 10.0, "B": 20.0}, "settlements", {"en": "Settlements"}, planned=True
    )
