"""${message}."""

import sqlalchemy as sa
from alembic import op

from voelgoed.foundation.migrate import run_beside
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables, then set policies, grants, triggers and the stamp anew from the SQL beside this file."""
    ${upgrades if upgrades else "pass"}
    run_beside(__file__)


def downgrade() -> None:
    """Refuse: a backup is the way back."""
    raise RuntimeError("restore a backup instead: a ticket that was sold cannot be unsold by a downgrade")
