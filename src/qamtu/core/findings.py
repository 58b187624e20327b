"""A suspicion is a finding: what, where, how bad, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import pandas as pd

__all__ = ["Finding", "Findings", "Severity"]


class Severity(StrEnum):
    """How bad a finding is: an error stops the run, a warning does with ``strict``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing.

    Parameters
    ----------
    id
        Stable kebab-case name of the rule, for example ``population-negative``.
    severity
        Error, warning or info.
    what
        What is wrong, with the value found.
    mend
        What the user can do about it.
    file, row, field
        Where: the file or table, the row (1-based, as a spreadsheet shows it: the header is
        row 1) and the field; each None where it does not apply.
    """

    id: str
    severity: Severity
    what: str
    mend: str
    file: str | None = None
    row: int | None = None
    field: str | None = None

    @property
    def where(self) -> str:
        """File, row and field as one readable place."""
        parts = [self.file or "", f"row {self.row}" if self.row is not None else "", self.field]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        """Render as one line."""
        place = f"{self.where}: " if self.where else ""
        return f"{self.severity.value} [{self.id}] {place}{self.what} → {self.mend}"


@dataclass(frozen=True, slots=True)
class Findings(Sequence[Finding]):
    """An ordered, immutable collection of findings."""

    items: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        """Count the findings."""
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        """Walk the findings in order."""
        return iter(self.items)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204
        """Give one finding or a slice of them."""
        return self.items[index]

    def __add__(self, other: Sequence[Finding]) -> Findings:
        """Join two collections."""
        return Findings(self.items + tuple(other))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that stop a run."""
        return tuple(f for f in self.items if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Those that stop a run only with ``strict``."""
        return tuple(f for f in self.items if f.severity is Severity.WARNING)

    def to_frame(self) -> pd.DataFrame:
        """Give the findings as a table: id, severity, what, mend, file, row, field."""
        columns = ["id", "severity", "what", "mend", "file", "row", "field"]
        rows = [asdict(f) | {"severity": f.severity.value} for f in self.items]
        return pd.DataFrame(rows, columns=columns).astype({"row": "Int64"})
