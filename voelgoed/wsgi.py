"""The application for WSGI servers; gunicorn's gevent worker has patched before it imports this."""

from voelgoed import create_app

app = create_app()
