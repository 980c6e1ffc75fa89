"""The tests import their neighbours by name, wherever pytest was started; small matrices are not worth threads."""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "src")]
