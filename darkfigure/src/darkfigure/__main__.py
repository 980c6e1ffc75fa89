"""``python -m darkfigure`` is the command ``darkfigure``."""

import sys

from darkfigure.cli import main

if __name__ == "__main__":
    sys.exit(main())
