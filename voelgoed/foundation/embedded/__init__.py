"""The PostgreSQL and Valkey that come as wheels, and the supervisor behind `voelgoed up`."""

from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.valkey import Valkey

__all__ = ["Postgres", "StartError", "Valkey"]
