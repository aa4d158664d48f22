"""Tills, the people who stand at them, shifts, and series of numbers: rows only; the deeds are the box office's."""
