"""``python -m regulars``."""

from regulars.surfaces.cli import main

main()
