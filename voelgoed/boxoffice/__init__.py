"""Selling at the till, in the browser."""
