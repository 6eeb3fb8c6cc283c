"""The entry point of `python -m gradwalk`."""

from gradwalk.cli.main import main

main()
