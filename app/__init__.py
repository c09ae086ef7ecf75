"""The server, the command line and the client of the playground.

A package imports only what stands above it in the plan of `tests/test_architecture.py`. Begin with
`server/application.py` for what is served, `live/run.py` for a page's run, `cli.py` for the commands.
"""
