"""`python -m tamiz`."""

from tamiz.cli.main import main

main()
