"""Secrets and card data: typed, made and shown once in a whole run, then looked for wherever anything is kept."""
