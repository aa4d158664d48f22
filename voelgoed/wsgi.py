"""The application for WSGI servers; gunicorn's gevent worker has patched before it imports this."""

import gc

from voelgoed import create_app

# Nothing made below is ever freed: looking at it again and again costs a fifth of the start, and time later.
gc.disable()
app = create_app()
gc.freeze()
gc.enable()
