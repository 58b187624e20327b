"""What a file is, by its content: a closed list of types, everything else is refused.

Signatures: ISO 32000 (PDF), RFC 2083 (PNG), ITU-T T.81 (JPEG), TIFF 6.0 and BigTIFF, OGC 12-128r17
(GeoPackage: SQLite with application id ``GPKG``), Apache Parquet (``PAR1`` at both ends), APPNOTE
(ZIP), OpenStreetMap PBF (a blob header named ``OSMHeader``), RFC 7946 (GeoJSON).
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity

__all__ = ["TYPES", "ContentType", "recognise", "safe_name"]


@dataclass(frozen=True, slots=True)
class ContentType:
    """A type of file that is taken.

    Parameters
    ----------
    suffix, media_type
        Ending of its name and its media type.
    shown
        Whether a browser may show it in a sandbox; all others are only downloaded.
    """

    suffix: str
    media_type: str
    shown: bool = False


_ALL = (
    ContentType(".pdf", "application/pdf"),
    ContentType(".png", "image/png", shown=True),
    ContentType(".jpg", "image/jpeg", shown=True),
    ContentType(".csv", "text/csv"),
    ContentType(".txt", "text/plain", shown=True),
    ContentType(".toml", "application/toml"),
    ContentType(".geojson", "application/geo+json"),
    ContentType(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ContentType(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ContentType(".gpkg", "application/geopackage+sqlite3"),
    ContentType(".parquet", "application/vnd.apache.parquet"),
    ContentType(".tif", "image/tiff"),
    ContentType(".pbf", "application/vnd.openstreetmap.data+pbf"),
)
TYPES: Final = {one.suffix: one for one in _ALL}
"""Types that are taken, by their ending."""

_STARTS: Final = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"II+\x00", ".tif"),
    (b"MM\x00+", ".tif"),
)
_GEOPACKAGE: Final = (b"GPKG", b"GP10", b"GP11")
_MOST_PARTS: Final = 5_000
_MOST_UNPACKED: Final = 512 * 2**20
_MOST_RATIO: Final = 200.0
_MOST_JSON: Final = 256 * 2**20
_LONGEST_NAME: Final = 120


def recognise(path: Path, name: str) -> ContentType:
    """Tell what a file is.

    Parameters
    ----------
    path
        The file.
    name
        What its sender calls it; it only decides between kinds of plain text.

    Raises
    ------
    InputError
        If it is empty, of no type that is taken, or a packed file that is a danger.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise _refused("file-empty", name, "the file is empty", "choose another file")
    for start, suffix in _STARTS:
        if head.startswith(start):
            return TYPES[suffix]
    if head.startswith(b"PK\x03\x04"):
        return TYPES[_packed(path, name)]
    if head.startswith(b"SQLite format 3\x00") and head[68:72] in _GEOPACKAGE:
        return TYPES[".gpkg"]
    if head.startswith(b"PAR1") and _tail(path, 4) == b"PAR1":
        return TYPES[".parquet"]
    if head[:2] == b"\x00\x00" and b"\x0a\x09OSMHeader" in head[4:24]:
        return TYPES[".pbf"]
    return TYPES[_text(path, name)]


def safe_name(name: str, suffix: str) -> str:
    """Make a name that can be shown and stored: no folders, no tricks, with an ending that fits.

    Parameters
    ----------
    name
        As the sender gave it.
    suffix
        Ending of the content's type.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        "_" if mark in "<>:\"|?*&'`$%#;" else mark
        for mark in last
        if unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    plain = " ".join(plain.split()).strip(". ") or "file"
    same = {".jpg": (".jpg", ".jpeg"), ".tif": (".tif", ".tiff"), ".geojson": (".geojson",)}
    for ending in same.get(suffix, (suffix,)):
        if plain.lower().endswith(ending):
            plain = plain[: -len(ending)]
            break
    stem = plain[:_LONGEST_NAME].strip(". ") or "file"
    return f"{stem}{suffix}"


def _packed(path: Path, name: str) -> str:
    """Tell what a ZIP file is by its parts, without unpacking it."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _refused("file-broken", name, "the packed file cannot be read",
                       "save it again") from error  # fmt: skip
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > _MOST_PARTS
        or unpacked > _MOST_UNPACKED
        or unpacked > _MOST_RATIO * max(path.stat().st_size, 1)
    ):
        raise _refused("file-bomb", name, "the file unpacks to far more than it is",
                       "save it without what is empty")  # fmt: skip
    names = {part.filename for part in parts}
    if any(one.startswith("/") or ".." in one.split("/") or "\\" in one for one in names):
        raise _refused("file-paths", name, "the file has parts that lead out of it",
                       "save it again")  # fmt: skip
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise _refused("file-macros", name, "the file has macros", "save it without them")
    if "[Content_Types].xml" in names:
        for part, suffix in (("xl/workbook.xml", ".xlsx"), ("word/document.xml", ".docx")):
            if part in names:
                return suffix
    raise _unknown(name)


def _text(path: Path, name: str) -> str:
    ending = Path(name).suffix.lower()
    try:
        first = _decoded_head(path)
    except UnicodeDecodeError as error:
        raise _unknown(name) from error
    start = first.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        raise _refused("file-markup", name, "HTML, SVG and XML are not taken",
                       "send a PDF or a picture")  # fmt: skip
    if start.startswith("{") and _is_geojson(path):
        return ".geojson"
    if ending == ".toml" and _is_toml(path):
        return ".toml"
    if ending == ".txt":
        return ".txt"
    if any(mark in first.partition("\n")[0] for mark in ",;\t"):
        return ".csv"
    raise _unknown(name)


def _decoded_head(path: Path) -> str:
    """Give the beginning of a text; the whole must be UTF-8 without control characters.

    Raises
    ------
    UnicodeDecodeError
        If it is not.
    """
    first = ""
    with path.open(encoding="utf-8", newline="") as stream:
        while block := stream.read(2**20):
            first = first or block[:65_536]
            if "\x00" in block or any(mark in block for mark in "\x01\x02\x03\x04\x05\x06\x08\x1b"):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "control characters")
    return first


def _is_geojson(path: Path) -> bool:
    if path.stat().st_size > _MOST_JSON:
        return False
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("type") in {"FeatureCollection", "Feature"}


def _is_toml(path: Path) -> bool:
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _tail(path: Path, count: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(-count, 2)
        return stream.read(count)


def _unknown(name: str) -> InputError:
    endings = ", ".join(one.lstrip(".").upper() for one in TYPES)
    return _refused("file-type", name, "the content is of no type that is taken", f"send {endings}")


def _refused(rule: str, name: str, what: str, mend: str) -> InputError:
    shown = safe_name(name, Path(name).suffix[:12])
    return InputError(
        f"{what}; {mend}", [Finding(rule, Severity.ERROR, what, mend, shown, None, None)]
    )
