"""`python -m app` is the `playground` command."""

from app.cli import main

main()
