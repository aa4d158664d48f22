"""Double entry: accounts, entries that balance, and the only writer."""
