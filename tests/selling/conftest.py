"""What the tests of selling share."""

from tests.payments.processors import processors

__all__ = ["processors"]
