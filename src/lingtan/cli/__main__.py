"""`python -m lingtan.cli …` is `lingtan …`."""

from lingtan.cli import main

main()
