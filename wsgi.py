"""The WSGI application for a process manager: `gunicorn wsgi:app`."""

from voelgoed.wsgi import app

__all__ = ["app"]
