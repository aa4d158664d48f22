"""Reads only: the trail as a page."""
