"""The cache (Redis or Valkey) as seen by those who must do without it: short waits, a breaker, news."""

from voelgoed.foundation.cache.breaker import Breaker
from voelgoed.foundation.cache.connection import connect
from voelgoed.foundation.cache.subscription import Subscription

__all__ = ["Breaker", "Subscription", "connect"]
