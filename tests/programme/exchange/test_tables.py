"""Bad tables give every finding with file, row, field and remedy; formulas are defused."""

from tests.programme.exchange.samples import BUNDLE, LEARNED

from qamtu.programme.exchange import Format, Heading, read_files, split_files, write_files

HEADING = Heading("KZ", "KZ-GOV")


def test_every_error_is_named_at_once() -> None:
    text = (
        "id,record,learned_at,about,author,colour\r\n"
        "1,1,2026-01-01T00:00:00,x,me,red\r\n"
        "2,,2026-01-01T00:00:00+00:00,x,me,red\r\n"
        "2,2\r\n"
    )
    read = read_files({"comments.csv": text.encode()})
    found = {(one.id, one.row, one.field) for one in read.findings}
    assert found >= {
        ("exchange-column-missing", None, "text"),
        ("exchange-column-unknown", 1, "colour"),
        ("exchange-value-invalid", 2, "learned_at"),
        ("exchange-value-missing", 3, "record"),
        ("exchange-row-ragged", 4, None),
    }
    assert all(one.file == "comments.csv" and one.mend for one in read.findings)
    assert not read.bundle.comments


def test_values_outside_the_contract_are_refused() -> None:
    files = dict(write_files(BUNDLE, Format.CSV, HEADING, LEARNED).files)
    text = files["evidence.csv"].decode()
    files["evidence.csv"] = (
        text.replace(",observed,", ",guessed,").replace("0.991", "inf").replace('[""run""]', "{")
    ).encode()
    fields = [one.field for one in read_files(files).findings.errors]
    assert {"basis", "value", "provenance"} <= set(fields)


def test_an_id_twice_is_found() -> None:
    files = dict(write_files(BUNDLE, Format.CSV, HEADING, LEARNED).files)
    head, row, *_ = files["claims.csv"].decode().split("\r\n")
    files["claims.csv"] = f"{head}\r\n{row}\r\n{row}\r\n".encode()
    assert [one.id for one in read_files(files).findings] == ["exchange-id-twice"]


def test_no_cell_is_a_formula() -> None:
    files = write_files(BUNDLE, Format.CSV, HEADING, LEARNED).files
    assert b",'=HYPER" in files["comments.csv"]


def test_unknown_and_broken_files_are_named() -> None:
    read = read_files({"notes.txt": b"x", "claims.parquet": b"no", "claims.csv": b"\xff\xfe"})
    assert [one.id for one in read.findings] == [
        "exchange-file-unreadable",
        "exchange-file-unreadable",
        "exchange-file-unknown",
    ]


def test_sdmx_of_another_structure_is_refused() -> None:
    for name, content in {
        "a.csv": b"STRUCTURE,STRUCTURE_ID,ACTION,X\r\ndataflow,B:C(1.0),I,2\r\n",
        "b.csv": b"STRUCTURE\r\n",
        "c.xml": b"<a/>",
    }.items():
        read = read_files({name: content})
        assert read.findings.errors
        assert all(one.file == name for one in read.findings)


def test_an_archive_that_is_none_is_refused() -> None:
    files, findings = split_files(b"PK nonsense", "a.zip")
    assert (files, [one.id for one in findings]) == ({}, ["exchange-archive-refused"])
