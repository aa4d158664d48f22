"""The supervisor's room: live, wall, refusals."""
