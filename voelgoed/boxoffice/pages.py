"""The blueprint of the box office, to which the modules beside this one add their pages."""

from __future__ import annotations

from voelgoed.foundation.web import Pages

pages = Pages("boxoffice", __name__)
