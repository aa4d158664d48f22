"""The deeds over payments and tickets: complete a checkout, void, refund."""
