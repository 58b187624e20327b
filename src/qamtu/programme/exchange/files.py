"""The door of the exchange: a bundle as files of a format, and files of any format as a bundle."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.exchange.bundle import Bundle, Heading, Read
from qamtu.programme.exchange.carried import Format, carried
from qamtu.programme.exchange.iati_read import read_iati
from qamtu.programme.exchange.iati_write import write_iati
from qamtu.programme.exchange.sdmx_data import (
    read_sdmx_csv,
    read_sdmx_ml,
    write_sdmx_csv,
    write_sdmx_ml,
)
from qamtu.programme.exchange.sdmx_structure import make_structure, write_structure
from qamtu.programme.exchange.tabular import read_tables, write_csv, write_parquet

__all__ = ["MEDIA", "Written", "join_files", "read_files", "split_files", "write_files"]

STRUCTURE: Final = "structure.xml"
_FILES_AT_MOST: Final = 64
_BYTES_AT_MOST: Final = 256 * 2**20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP archive can name

MEDIA: Final = {
    ".xml": "application/xml",
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
}
"""Media type by ending of a file."""


@dataclass(frozen=True, slots=True)
class Written:
    """Files by name, and what the format could not carry."""

    files: Mapping[str, bytes]
    findings: Findings


def write_files(bundle: Bundle, form: Format, heading: Heading, made_at: dt.datetime) -> Written:
    """Write a bundle.

    Parameters
    ----------
    bundle
        The records.
    form
        The format.
    heading
        What IATI asks of who publishes.
    made_at
        Moment in the headers of IATI and SDMX (UTC, aware).

    Returns
    -------
    written
        The files, the same bytes for the same arguments, and findings about what is left behind.
    """
    kept = carried(bundle, form)
    now = made_at.astimezone(dt.UTC)
    match form:
        case Format.CSV:
            files = write_csv(kept.bundle)
        case Format.PARQUET:
            files = write_parquet(kept.bundle)
        case Format.IATI:
            files = {"iati-activities.xml": write_iati(kept.bundle, heading, now)}
        case Format.SDMX_CSV | Format.SDMX_ML:
            files = _sdmx(bundle, kept.bundle, form, now)
    return Written(files, kept.findings)


def read_files(files: Mapping[str, bytes]) -> Read:
    """Read files of any of the formats; what a file is shows in its first bytes.

    Raises nothing: what cannot be read is a finding.
    """
    tables: dict[str, bytes] = {}
    reads: list[Read] = []
    for name, content in sorted(files.items()):
        head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
        if head.startswith(b"STRUCTURE"):
            reads.append(read_sdmx_csv(content, name))
        elif head.startswith(b"<"):
            if name.rpartition("/")[2] != STRUCTURE:
                ours = b"iati-activities" in head
                reads.append((read_iati if ours else read_sdmx_ml)(content, name))
        else:
            tables[name.rpartition("/")[2]] = content
    if tables or not reads:
        reads.append(read_tables(tables))
    return Read(_joined(reads), Findings(tuple(one for read in reads for one in read.findings)))


def join_files(files: Mapping[str, bytes]) -> bytes:
    """Put files into one ZIP archive, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def split_files(content: bytes, file: str) -> tuple[dict[str, bytes], Findings]:
    """Take the files out of a ZIP archive; one that would grow beyond measure is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            size = sum(one.file_size for one in entries)
            if len(entries) > _FILES_AT_MOST or size > _BYTES_AT_MOST:
                return {}, _refused(
                    file,
                    f"it holds {len(entries)} files of {size} bytes",
                    f"give at most {_FILES_AT_MOST} files of {_BYTES_AT_MOST} bytes together",
                )
            return {one.filename: archive.read(one) for one in entries}, Findings()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        return {}, _refused(file, f"it cannot be opened: {error}", "write the archive again")


def _sdmx(bundle: Bundle, kept: Bundle, form: Format, now: dt.datetime) -> dict[str, bytes]:
    commitments = carried(
        Bundle(commitments=bundle.commitments), Format.IATI
    ).bundle.commitments  # their texts in characters of XML
    named = Bundle(commitments=commitments, claims=kept.claims, evidence=kept.evidence)
    structure = make_structure(named)
    files = {STRUCTURE: write_structure(structure, now)}
    if form is Format.SDMX_CSV:
        return files | {"data.csv": write_sdmx_csv(kept, commitments, structure)}
    return files | {"data.xml": write_sdmx_ml(kept, commitments, structure, now)}


def _joined(reads: list[Read]) -> Bundle:
    return Bundle(
        organisations=tuple(one for read in reads for one in read.bundle.organisations),
        commitments=tuple(one for read in reads for one in read.bundle.commitments),
        claims=tuple(one for read in reads for one in read.bundle.claims),
        evidence=tuple(one for read in reads for one in read.bundle.evidence),
        comments=tuple(one for read in reads for one in read.bundle.comments),
    )


def _refused(file: str, what: str, mend: str) -> Findings:
    return Findings((Finding("exchange-archive-refused", Severity.ERROR, what, mend, file),))
