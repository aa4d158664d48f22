"""The right to enter: tickets, passes, signed codes."""
