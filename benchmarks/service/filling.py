"""Fill a data folder: the pack's programme, a plan, and made evidence that says it is made."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from qamtu.country.pack import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.load import from_tables
from qamtu.programme.records import Basis, Commitment, Evidence, EvidenceKind, EvidenceState, Grade
from qamtu.service.database.engine import make_engine, make_sessions, writing
from qamtu.service.database.migrate import migrate
from qamtu.service.plans.repository import register
from qamtu.service.records.repository import file_many
from qamtu.service.settings import Settings
from qamtu.service.state import State

FIRST_DAY = dt.date(2024, 1, 1)
DAYS = 1000
BATCH = 5000


def fill(settings: Settings, records: int, plan: Path | None, seed: int) -> int:
    """Migrate, file the programme and made evidence, register a plan; gives how many commitments."""
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database)
    migrate(engine)
    state = State(settings=settings, engine=engine, sessions=make_sessions(engine))
    pack = load_pack(settings.pack)
    programme = from_tables(*read_programme(pack))
    scopes = ["country", *(f"region:{one}" for one in pack.tables["regions"]["region_id"])]
    with writing(state.sessions) as session:
        file_many(session, [*programme.organisations, *programme.commitments, *programme.claims])
    made = _evidence(list(programme.commitments), scopes, records, random.Random(seed))
    for start in range(0, records, BATCH):
        with writing(state.sessions) as session:
            file_many(session, made[start : start + BATCH])
    if plan is not None:
        with writing(state.sessions) as session:
            register(state, session, plan, by="benchmark")
    engine.dispose()
    return len(programme.commitments)


def _evidence(
    commitments: list[Commitment], scopes: list[str], records: int, chance: random.Random
) -> list[Evidence]:
    learned = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    grades, made = list(Grade), []
    for number in range(records):
        commitment = commitments[number % len(commitments)]
        day = chance.randrange(DAYS)
        goal = commitment.target or 100.0
        share = min(1.0, day / DAYS * chance.uniform(0.8, 1.1))
        value = share if commitment.unit == "share" else round(goal * share)
        planned = number % 10 == 0
        made.append(
            Evidence(
                id=f"made-{number}",
                record=f"made-{number}",
                learned_at=learned + dt.timedelta(milliseconds=number),
                commitment=commitment.record,
                kind=EvidenceKind.MEASURE if planned else EvidenceKind.STATISTIC,
                basis=Basis.PLANNED
                if planned
                else (Basis.ESTIMATED if number % 3 else Basis.OBSERVED),
                grade=grades[chance.randrange(4)],
                state=EvidenceState.ACCEPTED if number % 50 else EvidenceState.FILED,
                value=value,
                unit=commitment.unit,
                scope=scopes[chance.randrange(len(scopes))],
                true_on=FIRST_DAY + dt.timedelta(days=day + (1200 if planned else 0)),
                title=f"Made record {number} of the benchmark",
                source="made by benchmarks.service",
                provenance=("made",),
                files={"made.csv": f"{number:064x}"},
                filed_by=commitment.owner,
            )
        )
    return made
