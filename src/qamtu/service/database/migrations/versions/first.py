"""The first form of the database: all tables."""

from __future__ import annotations

from alembic import op

from qamtu.service.database.models import METADATA

revision = "first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    """Take the step back."""
    METADATA.drop_all(op.get_bind())
