"""Imports every module of tables, so that the metadata of the base is whole: one line each."""

from __future__ import annotations

from sqlalchemy import MetaData

from qamtu.service.accounts import tables as _accounts  # noqa: F401
from qamtu.service.database.base import Base
from qamtu.service.jobs import tables as _jobs  # noqa: F401
from qamtu.service.log import tables as _log  # noqa: F401
from qamtu.service.plans import tables as _plans  # noqa: F401
from qamtu.service.records import tables as _records  # noqa: F401
from qamtu.service.reports import tables as _reports  # noqa: F401
from qamtu.service.uploads import tables as _uploads  # noqa: F401

__all__ = ["METADATA"]

METADATA: MetaData = Base.metadata
"""All tables of the service."""
