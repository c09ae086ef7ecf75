"""What a command shows in the terminal: tables, progress bars, completion, exit codes.

It may import arguments, client, runs. Begin with `run_display.py`.
"""
