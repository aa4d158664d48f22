"""Fixtures of the figures."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    """An event that is on: Grounds with Lawn and Circle inside."""
    return put_on(app, personas.home)
