"""`python -m app` is the `playground` command."""

from app.start import main

main()
