"""`python -m playground` is the `playground` command."""

from playground.command import main

main()
