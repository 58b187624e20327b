import io
import json
import zipfile

import pytest

from qamtu.core.errors import InputError
from qamtu.service.uploads.content import recognise, safe_name
from qamtu.service.uploads.safe_csv import guarded, safe_csv
from qamtu.service.uploads.store import Receiving, TooLarge, stored_path


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(
                name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content
            )
    return stream.getvalue()


WORKBOOK = {"[Content_Types]_xml": "x", "xl__workbook_xml": "x"}
GOOD = [
    (b"%PDF-1.7\n", "a.pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n....", "a.exe", ".png"),
    (b"\xff\xd8\xff\xe0", "a.jpeg", ".jpg"),
    (b"II*\x00....", "a.tif", ".tif"),
    (b"PAR1....PAR1", "a", ".parquet"),
    (b"SQLite format 3\x00" + b"\0" * 52 + b"GPKG" + b"\0" * 30, "a", ".gpkg"),
    (b"\x00\x00\x00\x0d\x0a\x09OSMHeader", "a", ".pbf"),
    ("\ufeffcommitment;value\nc;1\n".encode(), "a.xlsx", ".csv"),
    (json.dumps({"type": "FeatureCollection", "features": []}).encode(), "x", ".geojson"),
    (b"[price]\nvalue = 1\n", "p.toml", ".toml"),
    (b"words", "a.txt", ".txt"),
    (packed(**WORKBOOK), "a.xlsx", ".xlsx"),
]
BAD = [
    (b"", "a.pdf", "file-empty"),
    (b"<svg xmlns='x'><script/></svg>", "a.png", "file-markup"),
    (b" \n<!doctype html>", "a.csv", "file-markup"),
    (b"\xef\xbb\xbf<html>", "a.txt", "file-markup"),
    (b"MZ\x90\x00", "a.pdf", "file-type"),
    (b"\x7fELF", "a.pdf", "file-type"),
    (b"#!/bin/sh\nrm", "a.sh", "file-type"),
    (b"SQLite format 3\x00" + b"\0" * 90, "a.gpkg", "file-type"),
    (b"PAR1....", "a.parquet", "file-type"),
    (b"a,b\x00c\n", "a.csv", "file-type"),
    (b"PK\x03\x04broken", "a.xlsx", "file-broken"),
    (packed(a="x"), "a.xlsx", "file-type"),
    (packed(**WORKBOOK, xl__vbaProject_bin="x"), "a.xlsx", "file-macros"),
    (packed(**WORKBOOK, **{"..__..__evil": "x"}), "a.xlsx", "file-paths"),
    (packed(**WORKBOOK, xl__big_xml=b"\0" * 2**24), "a.xlsx", "file-bomb"),
]


@pytest.mark.parametrize(("content", "name", "suffix"), GOOD)
def test_a_file_is_what_its_content_says(tmp_path, content, name, suffix):
    path = tmp_path / "x"
    path.write_bytes(content)
    assert recognise(path, name).suffix == suffix


@pytest.mark.parametrize(("content", "name", "rule"), BAD)
def test_what_is_not_on_the_list_is_refused(tmp_path, content, name, rule):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        recognise(path, name)
    assert caught.value.findings[0].id == rule


@pytest.mark.parametrize(("given", "suffix", "kept"), [
    ("../../etc/passwd", ".csv", "passwd.csv"),
    ("C:\\temp\\x.pdf", ".pdf", "x.pdf"),
    ("<script>alert(1)</script>.png", ".png", "script_.png"),
    ('"><img src=x onerror=1>.csv', ".csv", "___img src=x onerror=1_.csv"),
    ("report\u202egnp.exe", ".png", "reportgnp.exe.png"),
    ("a\r\nSet-Cookie: x.txt", ".txt", "aSet-Cookie_ x.txt"),
    ("...", ".pdf", "file.pdf"),
    ("Отчёт қамту.PDF", ".pdf", "Отчёт қамту.pdf"),
    ("x" * 500, ".csv", "x" * 120 + ".csv"),
])  # fmt: skip
def test_a_name_is_made_harmless(given, suffix, kept):
    assert safe_name(given, suffix) == kept


def test_a_stream_is_stopped_early_and_leaves_nothing(tmp_path):
    with pytest.raises(TooLarge), Receiving(tmp_path, 10) as coming:
        coming.feed(b"a,b\n1")
        coming.feed(b"2345678")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    with Receiving(tmp_path, 100) as coming:
        coming.feed(b"a,b\n1,2\n")
        kept = coming.keep("x.csv")
    path = stored_path(tmp_path, kept.sha256)
    assert path.read_bytes() == b"a,b\n1,2\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="SHA-256"):
        stored_path(tmp_path, "../../etc/passwd")


@pytest.mark.parametrize("evil", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\uff1dA1"])
def test_no_text_leaves_as_a_formula(evil):
    assert guarded(evil) == f"'{evil}"


def test_numbers_stay_numbers():
    assert safe_csv(["a", "b", "c"], [[-1.5, "+7", None]]).splitlines() == ["a,b,c", "-1.5,+7,"]
