"""Tills, the people who stand at them, their shifts, and series of numbers; what is done with a shift is beside it."""
