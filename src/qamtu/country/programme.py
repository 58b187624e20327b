"""The programme's tables of a pack, read by contract: commitments, organisations, claims, ratios.

They are tables only: the records are made by `qamtu.programme.load`, which knows no country.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pandas as pd

from qamtu.core.errors import raise_errors
from qamtu.core.fields import Intent
from qamtu.core.findings import Finding
from qamtu.country.checks_programme import check_programme
from qamtu.country.pack import Pack
from qamtu.country.tables import contract_of, table_kind

__all__ = ["PROGRAMME_TABLES", "ProgrammeTables", "read_programme"]

PROGRAMME_TABLES: Final = ("commitments", "organisations", "claims", "ratios")


class ProgrammeTables(NamedTuple):
    """The tables of a programme; each has every column of its contract, maybe no row."""

    commitments: pd.DataFrame
    organisations: pd.DataFrame
    claims: pd.DataFrame
    ratios: pd.DataFrame


def read_programme(pack: Pack) -> ProgrammeTables:
    """Give the programme's tables of a pack; a pack without commitments has empty ones.

    Parameters
    ----------
    pack
        A pack that ships or a user's own.

    Raises
    ------
    InputError
        If a table breaks its contract or names what is not there, with every finding: file,
        row, field and how to mend it.
    """
    read: dict[str, pd.DataFrame] = {}
    found: list[Finding] = []
    for name in PROGRAMME_TABLES:
        shape = table_kind(name).shape
        given = pack.tables.get(name)
        table = _empty(name) if given is None else pd.DataFrame(given)
        read[name], findings = contract_of(name).validate(table, shape, name)
        found += findings
    raise_errors(found, f"the programme of {pack.title} cannot be read")
    raise_errors(
        check_programme({**pack.tables, **read}), f"the programme of {pack.title} cannot be used"
    )
    return ProgrammeTables(*(read[name] for name in PROGRAMME_TABLES))


def _empty(name: str) -> pd.DataFrame:
    fields = contract_of(name).of_shape(table_kind(name).shape, Intent.REQUIRED, Intent.OPTIONAL)
    return pd.DataFrame({field.name: pd.Series(dtype="object") for field in fields})
