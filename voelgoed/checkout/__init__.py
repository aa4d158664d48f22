"""One sale, from the first line to paid or abandoned, and what it holds meanwhile."""
