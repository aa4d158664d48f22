"""The figures, each beside its ceiling in the same run. `python -m benchmarks` prints them; nothing here is a test."""
