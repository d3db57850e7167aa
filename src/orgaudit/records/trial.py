"""Old binary workbooks are opened on trial first, in a process of its own: what makes the reader abort ends that process only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LONGEST = 30  #: seconds that opening may take
MOST_MEMORY = 3 << 29  #: bytes that it may take, where the system can hold it to that

_TRIAL = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))
except (ImportError, ValueError, OSError):
    pass
from python_calamine import CalamineWorkbook
try:
    CalamineWorkbook.from_path(sys.argv[1])
except BaseException:
    pass
print("ended")
"""


def can_be_opened(path: Path) -> bool:
    """Whether the reader comes to an end with a file, well or with an error: not, if it aborts or takes too long.

    A length written in a broken file makes it ask for any amount of memory, and where that is refused it aborts.
    """
    try:
        trial = subprocess.run(
            [sys.executable, "-c", _TRIAL, str(path)], capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return trial.stdout.strip() == b"ended"
