"""What the API takes and gives of the records: every field with its bounds and an example."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from qamtu.programme.records import Basis, Direction, EvidenceKind, EvidenceState, Grade

__all__ = [
    "BoardLineOut",
    "BoardOut",
    "ClaimIn",
    "ClaimOut",
    "CommentIn",
    "CommentOut",
    "CommitmentIn",
    "CommitmentOut",
    "ContradictionOut",
    "Decision",
    "EvidenceIn",
    "EvidenceOut",
    "Id",
    "Listed",
    "OrganisationOut",
    "Scope",
    "Versioned",
]

T = TypeVar("T")

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,159}$")]
"""Id of a record."""
Scope = Annotated[
    str, StringConstraints(pattern=r"^(country|(region|district):[A-Za-z0-9._-]{1,100})$")
]
"""What a value speaks of."""
_Line = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_ %/.²³·-]{1,64}$")]
_Text = Annotated[
    str, StringConstraints(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")
]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
_Texts = Annotated[dict[_Language, _Text], Field(max_length=20)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Day = dt.date


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CommitmentIn(_Given):
    """A promise with a number, a date and an owner."""

    area: _Word = Field(examples=["connectivity"])
    line: _Word = Field(examples=["villages"])
    kind: _Word = Field(examples=["target"], description="target, status, duty, power or aim")
    promise: _Texts = Field(min_length=1, examples=[{"en": "Fibre to 3,000 villages"}])
    definition: _Texts = Field(min_length=1, examples=[{"en": "Villages with a fibre node"}])
    numerator: _Texts = Field(default_factory=dict)
    denominator: _Texts = Field(default_factory=dict)
    note: _Texts = Field(default_factory=dict)
    metric: _Word = Field(examples=["villages_fibre"])
    unit: _Word = Field(examples=["settlements"])
    direction: Direction = Direction.UP
    baseline: _Number | None = Field(None, examples=[1000])
    baseline_on: _Day | None = Field(None, examples=["2024-01-01"])
    target: _Number | None = Field(None, examples=[3000])
    target_text: _Text = ""
    due: _Day | None = Field(None, examples=["2027-12-31"])
    owner: Id = Field(examples=["ministry"])
    scope: Scope = "country"
    tolerance: float = Field(0.05, ge=0, le=1, description="Relative difference allowed [share].")
    source: _Text = Field("", examples=["Programme of 2025, section 2"])
    withdrawn: bool = Field(default=False, description="Take the record back.")


class ClaimIn(_Given):
    """What somebody said about a commitment."""

    commitment: Id = Field(examples=["villages-fibre"])
    value: _Number | None = Field(None, examples=[1500])
    text: _Text = Field("", examples=["Half the way is done."])
    said_by: Id = Field(examples=["ministry"])
    said_on: _Day = Field(examples=["2026-02-01"])
    true_on: _Day = Field(examples=["2026-01-01"])
    scope: Scope = "country"
    grade: Grade = Grade.C
    source: _Text = ""
    withdrawn: bool = Field(default=False, description="Take the record back.")


class EvidenceIn(_Given):
    """A measure, document or statistic; it counts once it is accepted."""

    commitment: Id = Field(examples=["villages-fibre"])
    kind: EvidenceKind
    basis: Basis
    grade: Grade = Field(
        Grade.C, description="A and B are given by who decides; others file at C or D."
    )
    value: _Number | None = Field(None, examples=[1200])
    unit: _Word = Field(examples=["settlements"])
    scope: Scope = "country"
    true_on: _Day = Field(examples=["2026-01-01"])
    title: _Line = Field(min_length=1, examples=["Count of villages"])
    source: _Text = Field(min_length=1, examples=["Bureau of statistics, table 4"])
    provenance: list[_Line] = Field(default_factory=list, max_length=100)
    parameters: dict[_Line, _Line] = Field(default_factory=dict, max_length=200)
    files: dict[_Line, _Hash] = Field(default_factory=dict, max_length=100)
    filed_by: Id | None = Field(None, description="Your organisation where left out.")
    uncertainty: float | None = Field(None, ge=0, allow_inf_nan=False)
    withdrawn: bool = Field(default=False, description="Take the record back.")


class CommentIn(_Given):
    """What is said about a commitment or a piece of evidence."""

    about: Id = Field(examples=["villages-fibre"])
    text: _Text = Field(min_length=1, examples=["Which villages are counted?"])
    withdrawn: bool = Field(default=False, description="Take the comment back.")


class Decision(_Given):
    """Whether evidence counts, and at which grade."""

    state: EvidenceState = Field(examples=["accepted"])
    grade: Grade | None = Field(None, description="Unchanged where left out.")


class Versioned(BaseModel):
    """What every version of a record has."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="Id of this version.")
    record: str = Field(description="Id of the record, the same in all its versions.")
    number: int = Field(description="Count of its versions up to this one, from 1.", examples=[1])
    learned_at: AwareDatetime
    withdrawn: bool
    log_index: int = Field(description="Place of its entry in the log.")


class OrganisationOut(Versioned):
    """A version of an organisation."""

    name: dict[str, str]
    kind: str
    region: str | None


class CommitmentOut(Versioned):
    """A version of a commitment."""

    area: str
    line: str
    kind: str
    promise: dict[str, str]
    definition: dict[str, str]
    numerator: dict[str, str]
    denominator: dict[str, str]
    note: dict[str, str]
    metric: str
    unit: str
    direction: Direction
    baseline: float | None
    baseline_on: dt.date | None
    target: float | None
    target_text: str
    due: dt.date | None
    owner: str
    scope: str
    tolerance: float
    source: str


class ClaimOut(Versioned):
    """A version of a claim."""

    commitment: str
    value: float | None
    text: str
    said_by: str
    said_on: dt.date
    true_on: dt.date
    scope: str
    grade: Grade
    source: str


class EvidenceOut(Versioned):
    """A version of a piece of evidence."""

    commitment: str
    kind: EvidenceKind
    basis: Basis
    grade: Grade
    state: EvidenceState
    value: float | None
    unit: str
    scope: str
    true_on: dt.date
    title: str
    source: str
    provenance: list[str]
    parameters: dict[str, str]
    files: dict[str, str]
    filed_by: str
    uncertainty: float | None


class CommentOut(Versioned):
    """A version of a comment."""

    about: str
    author: str
    text: str


class Listed(BaseModel, Generic[T]):
    """Some of the records, the newest version first."""

    items: list[T]
    next: int | None = Field(description="Give it as ``before`` for those that follow.")


class BoardLineOut(BaseModel):
    """One commitment on the board."""

    commitment: str
    scope: str
    metric: str
    unit: str
    target: float | None
    due: dt.date | None
    value: float | None
    value_on: dt.date | None
    basis: Basis | None
    grade: Grade | None
    estimated: bool
    reported: str | None = Field(description="Record of the newest claim.")
    evidence: str | None = Field(description="Record of the best evidence.")
    kept_share: float | None
    gap: float | None
    light: str = Field(examples=["amber"])
    reason: str
    reason_values: dict[str, Any]
    forecast_on_due: float | None
    contradictions: list[str]


class ContradictionOut(BaseModel):
    """A contradiction among claims, evidence and commitments."""

    id: str
    severity: str
    commitments: list[str]
    evidence: list[str]
    values: dict[str, Any]


class BoardOut(BaseModel):
    """The board of one scope at two times."""

    true_on: dt.date
    known_at: AwareDatetime
    lines: list[BoardLineOut]
    contradictions: list[ContradictionOut]
