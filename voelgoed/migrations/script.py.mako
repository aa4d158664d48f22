"""${message}"""

from alembic import op
import sqlalchemy as sa

from voelgoed.foundation.migrate import run_beside
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    run_beside(__file__)


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: a ticket that was sold cannot be unsold by a downgrade")
