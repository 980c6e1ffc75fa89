"""One request on standard input, one answer on standard output."""

import json
import sys

from .apart import answer

json.dump(answer(json.load(sys.stdin)), sys.stdout)
