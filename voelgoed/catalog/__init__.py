"""What is put on, where, and what may be sold for it."""
