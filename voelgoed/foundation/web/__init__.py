"""The web: views return values, the boundary authorises, renders and commits."""

from voelgoed.foundation.web.answer import Answer, File, Json, Later, Page, Redirect, Stream
from voelgoed.foundation.web.api import Api
from voelgoed.foundation.web.blueprint import DoorPages, Pages
from voelgoed.foundation.web.form import Form, blank, read
from voelgoed.foundation.web.identity import PUBLIC, SELF, SIGNED_IN, Identity, identity
from voelgoed.foundation.web.navigation import place
from voelgoed.foundation.web.problem import Problem

__all__ = [
    "PUBLIC", "SELF", "SIGNED_IN", "Answer", "Api", "DoorPages", "File", "Form", "Identity", "Json", "Later", "Page",
    "Pages", "Problem", "Redirect", "Stream", "blank", "identity", "place", "read",
]  # fmt: skip
