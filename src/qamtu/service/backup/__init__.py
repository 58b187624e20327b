"""Backup and restore: the whole service in one file that either database takes back.

A backup is a tar archive (zstd or gzip): each table as JSON lines, the files of the data folder,
and at its end a manifest with the SHA-256 of every member and the size and root of the log.
"""

from qamtu.service.backup.make import backup
from qamtu.service.backup.manifest import Manifest
from qamtu.service.backup.restore import restore

__all__ = ["Manifest", "backup", "restore"]
