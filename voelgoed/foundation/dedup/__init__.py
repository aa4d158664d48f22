"""Duplicates, answered by memory, by the cache, or by the truth."""

from voelgoed.foundation.dedup.declaration import Dedup, dedup_checkable, dedup_of
from voelgoed.foundation.dedup.process import registry
from voelgoed.foundation.dedup.registry import Answer, DedupRegistry

__all__ = ["Answer", "Dedup", "DedupRegistry", "dedup_checkable", "dedup_of", "registry"]
