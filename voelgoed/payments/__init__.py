"""Money asked of, and given back through, one gateway."""
