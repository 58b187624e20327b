"""Exchange: records of a programme enter, files others can read leave, and the other way round.

CSV and Parquet carry everything without loss; IATI 2.03 and SDMX 2.1 carry what their readers can
understand, and `carried` says exactly what that is. Whatever is left behind is a finding.
"""

from qamtu.programme.exchange.bundle import KINDS, Bundle, Heading, Read
from qamtu.programme.exchange.carried import Format, carried
from qamtu.programme.exchange.files import (
    MEDIA,
    Written,
    join_files,
    read_files,
    split_files,
    write_files,
)

__all__ = [
    "KINDS",
    "MEDIA",
    "Bundle",
    "Format",
    "Heading",
    "Read",
    "Written",
    "carried",
    "join_files",
    "read_files",
    "split_files",
    "write_files",
]
