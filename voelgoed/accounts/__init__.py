"""Who may come in: users, memberships, sign-ins, tokens."""
