"""Every text of the radio pages is in both catalogues, whole, and nothing else is."""

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from qamtu.studies.corridors.summary import ASSUMPTIONS as CORRIDORS
from qamtu.studies.coverage.summary import ASSUMPTIONS as COVERAGE
from qamtu.studies.mobile.summary import ASSUMPTIONS as MOBILE
from qamtu.studies.radio_report.page import SCRIPTS, STYLES, page_texts
from qamtu.studies.radio_report.terms import TERMS
from qamtu.studies.report.catalogue import load_catalogue
from qamtu.studies.report.frame import read_asset

PACKAGE = "qamtu.studies.radio_report"
ROOT = files(PACKAGE)
TRANSLATED = ["ru", "kk"]
TEXT = r'"((?:[^"\\]|\\.)*)"'


def page_words() -> tuple[set[str], dict[str, str]]:
    sources = [f.read_text("utf-8") for f in ROOT.joinpath("assets", "js").iterdir()]
    sources += [f.read_text("utf-8") for f in ROOT.joinpath("templates").iterdir()]
    joined = "\n".join(sources)
    single = set(re.findall(rf"\bt\(\s*{TEXT}", joined))
    single |= {text for _, text in re.findall(rf"\b(?:ta|area)\(\s*{TEXT},\s*{TEXT}", joined)}
    plural = dict(re.findall(rf"\btn\(\s*{TEXT},\s*{TEXT}", joined))
    single |= {name for names in TERMS.values() for name in names.values()}
    return single, plural


def catalogue(language):
    with ROOT.joinpath("locale", language, "LC_MESSAGES", "radio.po").open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def english(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_pages_is_translated(language):
    single, plural = page_words()
    assert len(single) > 250
    texts = page_texts(language)
    assert sorted((single | set(plural)) - set(texts)) == []
    assert all(isinstance(texts[text], list) for text in plural)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_assumptions_are_translated(language):
    assert set(CORRIDORS + MOBILE + COVERAGE) - set(page_texts(language)) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_entry_is_stale_or_said_twice(language):
    single, plural = page_words()
    used, shared = single | set(plural), load_catalogue(language)
    for message in catalogue(language):
        if message.id:
            assert english(message) not in shared, "the plan's page says it already"
            assert english(message) in used or "text of the data" in message.auto_comments


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_alphabets_are_kept(language):
    for message in catalogue(language):
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms if message.id else ():
            wanted = english(message)
            assert set(re.findall(r"\{\w+\}", form)) == set(re.findall(r"\{\w+\}", wanted)), wanted
            words = re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", "", form))
            mixed = [w for w in words if re.search("[A-Za-z]", w) and re.search("[А-яЁёӘ-ӿ]", w)]
            assert mixed == [], form


def test_every_own_asset_is_used_and_safe_inside_a_page():
    used = {asset for scripts in SCRIPTS.values() for asset in scripts} | set(STYLES)
    for kind in ("js", "css"):
        there = {(PACKAGE, f.name) for f in ROOT.joinpath("assets", kind).iterdir()}
        assert there == {a for a in used if a[0] == PACKAGE and a[1].endswith(kind)}
    for asset in used:
        text = read_asset(asset)
        assert "</" not in text
        assert "<!--" not in text
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
