"""The report says what the board says, in three languages, and nothing planned as achieved."""

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from babel.messages.extract import extract
from tests.studies.session_report.made import COUNTRY, DAY, EVIDENCE, HOSTILE, board, map_data

from qamtu.core.errors import InputError, MissingInput
from qamtu.studies import session_report
from qamtu.studies.session_report import LANGUAGES, Proofs, figure_name, make_report
from qamtu.studies.session_report.labels import LABELS
from qamtu.studies.session_report.print_out import render_pages
from qamtu.studies.session_report.region_map import draw_map
from qamtu.studies.session_report.words import COUNTED, Words, read_catalogue


def made(language: str = "en", **more):
    given = {"country": COUNTRY, "made_on": DAY, "map_data": map_data()} | more
    return make_report(board(), language=language, **given)


@pytest.fixture(scope="module")
def reports():
    return {language: made(language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def document(reports):
    return json.loads(reports["en"].json)


def said(document, commitment):
    (line,) = [one for one in document["lines"] if one["commitment"] == commitment]
    return [one["text"] for one in line["sentences"]]


def test_each_state_has_its_sentence(document) -> None:
    assert "Shown by evidence: 2,001\u00a0settlements (January\u00a031,\u00a02026)." in said(
        document, "seen"
    )
    assert any(one.startswith("Estimated: 1,234") for one in said(document, "reckoned"))
    assert any(one.startswith("Planned, not achieved: 3,210") for one in said(document, "planned"))
    assert any("no evidence shows it" in one for one in said(document, "said"))
    assert any(one.startswith("Said in words only") for one in said(document, "words"))
    assert "Nothing was said, and no evidence shows it." in said(document, "nothing")


def test_the_areas_stand_in_the_order_of_the_programme(document) -> None:
    order = ["connectivity", "security", "economy", "govtech", "ai", "programme"]
    assert [area["id"] for area in document["areas"]] == order


def test_a_planned_value_is_never_the_value(document) -> None:
    (line,) = [one for one in document["lines"] if one["commitment"] == "planned"]
    assert line["value"] is None
    assert line["light"] == "grey"
    assert "planned" in {one["promise"].split()[-1] for one in document["unsupported"]}
    assert document["map"]["title"].endswith("(planned, not achieved)")


def test_every_figure_of_evidence_has_a_note(document) -> None:
    numbers = {one["number"]: one for one in document["notes"]}
    for line in document["lines"]:
        for sentence in line["sentences"]:
            if sentence["text"].startswith(("Shown", "Estimated", "Planned,", "Said:")):
                assert sentence["notes"]
            assert set(sentence["notes"]) <= set(numbers)
    records = {one["record"] for one in numbers.values() if one["kind"] == "evidence"}
    assert records == {"e2", "e3", "e5"}


def test_without_a_log_the_report_says_that_nothing_is_proven(document) -> None:
    assert document["proof"]["sentences"][0].startswith("No proof exists")
    assert all(one["figure"] is None for one in document["notes"])


def test_a_figure_is_named_and_written() -> None:
    proof = {"evidence": {"index": 41}, "head": {"size": 99}}
    report = made(proofs=Proofs({"e2": json.dumps(proof).encode()}, "key-1"))
    found = json.loads(report.json)
    (note,) = [one for one in found["notes"] if one["record"] == "e2"]
    assert (note["log_index"], note["log_size"]) == (41, 99)
    assert note["figure"] in report.named()
    assert json.loads(report.named()[note["figure"]]) == proof
    assert any("key-1" in one for one in found["proof"]["sentences"])


def test_the_same_inputs_give_the_same_bytes(reports) -> None:
    assert made("kk").named() == reports["kk"].named()


def test_the_print_is_tagged_and_in_its_language(reports) -> None:
    for language, report in reports.items():
        assert report.pdf.startswith(b"%PDF-1.7")
        assert b"/MarkInfo" in report.pdf
        assert b"pdfuaid" in report.pdf
        assert f"/Lang ({language})".encode() in report.pdf or b"/Lang" in report.pdf
    assert len(render_pages(json.loads(reports["kk"].json), ppi=20)) >= 5


def test_hostile_texts_are_set_as_they_are_written(reports) -> None:
    for report in reports.values():
        page = report.html.decode()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert json.loads(report.json)["notes"]
        assert HOSTILE in json.loads(report.json)["definitions"][6]["promise"]


class Page(HTMLParser):
    """Collects ids, references and requests of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.heads: list[int] = []

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if re.fullmatch("h[1-6]", tag):
            self.heads.append(int(tag[1]))
        assert "src" not in found
        assert "style" not in found
        assert tag not in {"script", "link", "img", "iframe"}


def test_the_page_asks_for_nothing_and_every_reference_leads_somewhere(reports) -> None:
    for report in reports.values():
        page = Page()
        page.feed(report.html.decode())
        assert len(page.ids) == len(set(page.ids))
        assert {one[1:] for one in page.links if one.startswith("#")} <= set(page.ids)
        assert all(
            after - before <= 1 for before, after in zip(page.heads, page.heads[1:], strict=False)
        )


def test_changes_since_the_last_report_are_said(tmp_path, reports) -> None:
    (tmp_path / "report.json").write_bytes(reports["ru"].json)
    assert json.loads(made(previous=tmp_path).json)["differences"]["rows"] == []
    fewer = [one for one in EVIDENCE if one.record != "e3"]
    report = make_report(
        board(tuple(fewer)), language="en", country=COUNTRY, made_on=DAY, previous=tmp_path
    )
    (row,) = json.loads(report.json)["differences"]["rows"]
    assert row["promise"] == "Promise reckoned"
    assert "1,234" in row["before"]
    assert row["now"] == "grey"


def test_a_last_report_that_is_none_is_refused(tmp_path) -> None:
    with pytest.raises(MissingInput):
        made(previous=tmp_path)
    for text in ("{}", "[1]", '{"format": "qamtu-session-report/1", "true_on": "x", "lines": []}'):
        (tmp_path / "report.json").write_text(text)
        with pytest.raises(InputError, match="report-previous-unreadable"):
            made(previous=tmp_path)


@pytest.mark.parametrize(
    ("language", "value", "unit", "expected"),
    [
        ("ru", 1, "settlements", "1 населённый пункт"),
        ("ru", 3, "settlements", "3 населённых пункта"),
        ("ru", 3000, "settlements", "3 000 населённых пунктов"),
        ("ru", 75e6, "USD", "75 миллионов долларов США"),
        ("ru", 2e12, "KZT", "2 триллиона тенге"),
        ("ru", 0.934, "share", "93,4 %"),
        ("kk", 3000, "settlements", "3 000 елді мекен"),
        ("kk", 2.5e6, "people", "2 500 000 адам"),
        ("kk", 1e9, "USD", "1 миллиард АҚШ доллары"),
        ("en", 1, "settlements", "1 settlement"),
        ("en", 1.5e9, "USD", "1.5 billion US dollars"),
        ("en", 0.99, "share", "99%"),
        ("en", 12.5, "Mbit/s", "12.5 Mbit/s"),
    ],
)  # fmt: skip
def test_quantities_take_the_plural_of_their_number(language, value, unit, expected) -> None:
    assert " ".join(Words(language).quantity(value, unit).split()) == expected


def test_a_day_that_ends_with_a_dot_ends_the_sentence() -> None:
    assert Words("ru").t("Said: {value} ({day}).", value="1", day="5") == "Заявлено: 1 (5)."
    text = Words("ru").t(
        "Compared with the report that speaks of: {day}.", day=Words("ru").day(DAY)
    )
    assert text.endswith("г.")
    assert not text.endswith("..")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_text_is_translated(language) -> None:
    catalogue = read_catalogue(language)
    for text in texts():
        message = catalogue.get(text)
        assert message, f"not translated to {language}: {text}"
        assert message.string
        places = set(re.findall(r"\{\w+\}", text))
        assert places == set(re.findall(r"\{\w+\}", str(message.string)))
    for one, _ in COUNTED.values():
        assert all(catalogue.get(one).string)


def texts() -> set[str]:
    from pathlib import Path

    found = set(LABELS.values())
    for path in Path(session_report.__file__).parent.glob("*.py"):
        with path.open("rb") as stream:
            for _, text, _, _ in extract("python", stream, keywords={"t": None}):
                found.add(text)
    return found


def test_names_of_figures_are_safe_and_differ() -> None:
    names = {figure_name(one) for one in ("a/b", "a-b", "../a", "", "ә" * 300)}
    assert len(names) == 5
    assert all(
        re.fullmatch(r"[A-Za-z0-9._-]+\.json", one) and not one.startswith(".") for one in names
    )


def test_the_report_of_an_empty_board_is_made() -> None:
    from qamtu.programme.board import Board

    empty = Board((), (), DAY, dt.datetime(2026, 6, 2, tzinfo=dt.UTC))
    assert make_report(empty, language="kk", country=COUNTRY, made_on=DAY).pdf


def test_the_numbers_of_the_map_can_be_counted_again() -> None:
    words = Words("en")
    data = replace(map_data(), plan="ab" * 32, table="cd" * 32)
    source = draw_map(data, words)["source"]
    assert "ab" * 32 in source
    assert "cd" * 32 in source
    assert draw_map(map_data(), words)["source"] == ""


def test_what_is_late_is_not_called_impossible(document) -> None:
    assert document["overdue"]
    assert {one["severity"] for one in document["overdue"]} == {"to explain"}
