"""Writes the step from the newest form of the database to the tables of the program.

For developers: ``python -m qamtu.service.database.revise NAME "What changes"`` after a change of
tables; then read the step, format it and run the tests on both databases.
"""

from __future__ import annotations

import sys

from alembic import command

from qamtu.service.database.engine import make_engine
from qamtu.service.database.migrate import configuration

__all__ = ["revise"]


def revise(name: str, message: str) -> None:
    """Write ``migrations/versions/NAME.py``: what a database in memory lacks after all steps."""
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        config = configuration(connection)
        command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=name)
    engine.dispose()


if __name__ == "__main__":
    revise(*sys.argv[1:])
