"""The first schema."""

from voelgoed.foundation.migrate import run_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, policy and trigger from the SQL beside this file."""
    run_beside(__file__)


def downgrade() -> None:
    """Refuse: a backup is the way back."""
    raise RuntimeError("restore a backup instead: a ticket that was sold cannot be unsold by a downgrade")
