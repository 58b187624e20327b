"""A program that is made to be killed: for each line (a database) it forks a writer.

The writer files evidence with its entry of the log, one transaction after the other, and
acknowledges each on standard output once it is committed.
"""

from __future__ import annotations

import os
import sys
import uuid
from itertools import count

from qamtu.service.database.engine import make_engine, make_sessions, writing
from qamtu.service.records.repository import file_many
from tests.service.made import evidence


def write(url: str) -> None:
    sessions = make_sessions(make_engine(url))
    name = uuid.uuid4().hex[:8]
    for number in count():
        record = f"{name}-{number}"
        with writing(sessions) as session:
            # more than one entry in each transaction, so that half of one would show
            (first, *_) = file_many(
                session, [evidence(f"{record}-{part}", id=f"{record}-{part}") for part in "abc"]
            )
        os.write(1, f"{first} {record}\n".encode())


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write(line.strip())
        print(f"pid {child}", flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
