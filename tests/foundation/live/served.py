"""The application as the server's process of these tests loads it."""

from tests.foundation.live.rooms import register
from voelgoed import create_app

app = create_app()
register()
