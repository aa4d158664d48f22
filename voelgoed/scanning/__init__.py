"""The gate: phones, scans, what they are judged to be, and who was let in."""
