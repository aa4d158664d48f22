"""RQ entry points: one module a queue, nothing but the way in."""
