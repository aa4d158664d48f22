"""Killed at every named point and let down by everybody outside: healed, the money and the tickets agree."""
