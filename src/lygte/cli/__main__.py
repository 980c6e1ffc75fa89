"""`python -m lygte.cli`, which the script `./lygte` calls."""

from .main import main

main()
