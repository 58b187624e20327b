"""The errors qamtu raises, drawn as a tree, each with the exit code of the command line.

::

    QamtuError                 1   something went wrong that is not a bug
    ├── InputError             2   findings about what the user gave (all of them at once)
    │   └── MissingInput       3   a file or table that is not there
    ├── OutputExists           4   would overwrite, and nobody asked for it
    ├── Infeasible             5   no answer can meet what is asked; says the nearest that can
    ├── StorageFailure         6   the disk is full or refuses to be written
    └── Interrupted          130   stopped by the user; says what was kept
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from qamtu.core.findings import Finding, Severity

__all__ = [
    "Infeasible",
    "InputError",
    "Interrupted",
    "MissingInput",
    "OutputExists",
    "QamtuError",
    "StorageFailure",
    "raise_errors",
]


class QamtuError(Exception):
    """Base of all errors that qamtu raises on purpose."""

    exit_code: ClassVar[int] = 1


class InputError(QamtuError):
    """Something the user gave cannot be used.

    Parameters
    ----------
    message
        One sentence: what is wrong.
    findings
        Every finding, not only the first; each names file, row, field and remedy.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, findings: Iterable[Finding] = ()) -> None:
        super().__init__(message)
        self.findings: tuple[Finding, ...] = tuple(findings)

    def __str__(self) -> str:
        """Give the sentence and, below it, one line a finding."""
        return "\n".join([super().__str__(), *(str(finding) for finding in self.findings)])


class MissingInput(InputError):
    """A file, folder or table that was named is not there."""

    exit_code: ClassVar[int] = 3


class OutputExists(QamtuError):
    """Writing would replace something that the user did not ask to replace."""

    exit_code: ClassVar[int] = 4


class Infeasible(InputError):
    """No answer meets what was asked; the findings say the nearest that can be met."""

    exit_code: ClassVar[int] = 5


class StorageFailure(QamtuError):
    """The disk is full or cannot be written; nothing half-written is left."""

    exit_code: ClassVar[int] = 6


class Interrupted(QamtuError):
    """The user stopped the run; the message says what was kept."""

    exit_code: ClassVar[int] = 130


def raise_errors(findings: Sequence[Finding], message: str, *, strict: bool = False) -> None:
    """Raise all errors among the findings at once; with ``strict`` a warning counts as one.

    Raises
    ------
    InputError
        If there is an error, carrying every finding that counts as one.
    """
    counted = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    found = [replace(f, severity=Severity.ERROR) for f in findings if f.severity in counted]
    if found:
        raise InputError(message, found)
