"""What the tests of payments share."""

from tests.payments.processors import processors

__all__ = ["processors"]
