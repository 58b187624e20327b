"""Every text of the page is in both catalogues, whole, and nothing else is."""

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from qamtu.studies.assumptions import ASSUMPTIONS, UNSEEN
from qamtu.studies.report.catalogue import (
    LANGUAGES,
    country_names,
    currency_symbols,
    load_catalogue,
)
from qamtu.studies.report.page import SCRIPTS
from qamtu.studies.report.terms import TERMS

ROOT = files("qamtu.studies.report")
TRANSLATED = [language for language in LANGUAGES if language != "en"]
TEXT = r'"((?:[^"\\]|\\.)*)"'


def page_texts() -> tuple[set[str], dict[str, str]]:
    sources = [ROOT.joinpath("assets", "js", name).read_text("utf-8") for name in SCRIPTS]
    sources += [file.read_text("utf-8") for file in ROOT.joinpath("templates").iterdir()]
    joined = "\n".join(sources)
    single = set(re.findall(rf"\bt\(\s*{TEXT}", joined))
    single |= {text for _, text in re.findall(rf"\bta\(\s*{TEXT},\s*{TEXT}", joined)}
    plural = dict(re.findall(rf"\btn\(\s*{TEXT},\s*{TEXT}", joined))
    single |= {name for names in TERMS.values() for name in names.values()}
    return single, plural


def catalogue(language):
    with ROOT.joinpath("locale", language, "LC_MESSAGES", "report.po").open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_page_is_translated(language):
    single, plural = page_texts()
    assert len(single) > 150
    texts = load_catalogue(language)
    assert sorted((single | set(plural)) - set(texts)) == []
    assert all(isinstance(texts[text], list) for text in plural)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_assumptions_are_translated(language):
    assert [text for text in (*ASSUMPTIONS, UNSEEN) if text not in load_catalogue(language)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_entry_is_left_that_the_page_does_not_use(language):
    single, plural = page_texts()
    stale = [
        message.id
        for message in catalogue(language)
        if message.id
        and "text of the data" not in message.auto_comments
        and (message.id if isinstance(message.id, str) else message.id[0])
        not in single | set(plural)
    ]
    assert stale == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language):
    for message in catalogue(language):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[1]
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms:
            assert placeholders(form) == placeholders(english), english


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_word_mixes_latin_and_cyrillic_letters(language):
    for text in load_catalogue(language).values():
        for form in [text] if isinstance(text, str) else text:
            words = re.findall(r"[A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+", re.sub(r"\{\w+\}", "", form))
            mixed = [w for w in words if re.search("[A-Za-z]", w) and re.search("[^A-Za-z]", w)]
            assert mixed == []


def test_kazakh_is_written_with_its_own_letters_and_russian_without():
    kazakh = "".join(str(text) for text in load_catalogue("kk").values())
    russian = "".join(str(text) for text in load_catalogue("ru").values())
    assert set("әғқңөұүі") <= set(kazakh.lower())
    assert not set("әғқңөұүһі") & set(russian.lower())


def test_russian_has_three_plural_forms_and_kazakh_two():
    assert catalogue("ru").num_plurals == 3
    assert catalogue("kk").num_plurals == 2


def test_countries_and_currencies_come_from_the_cldr():
    assert country_names("kz") == {"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"}
    assert country_names("made") == {}
    assert currency_symbols("KZT") == {"en": "₸", "ru": "₸", "kk": "₸"}
