"""Ticketing for many organisers: sell, scan, see."""
