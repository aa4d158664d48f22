"""`python -m voelgoed …` is `voelgoed …`."""

from voelgoed.cli import main

if __name__ == "__main__":
    main(prog_name="voelgoed")
