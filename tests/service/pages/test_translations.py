"""Every text of the service is translated: nothing missing, unfinished, left over or broken."""

import re

import pytest

from qamtu.programme.texts import msgids
from qamtu.service.pages.catalogues import DOMAINS, read_domain, translations

from .extraction import FOLDERS, literals, texts

TRANSLATED = ["ru", "kk"]


def english(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def wanted(domain):
    return {text: text for text in msgids()} if domain == "programme" else texts(domain)


def entries(language, domain):
    catalogue = read_domain(language, domain)
    return [] if catalogue is None else [message for message in catalogue if message.id]


def places(text):
    return sorted(set(re.findall(r"\{\w*\}", text)))


def test_every_folder_with_texts_has_a_domain():
    from .extraction import SERVICE

    with_templates = {path.parent.name for path in SERVICE.glob("*/templates")}
    assert with_templates <= {folder for folders in FOLDERS.values() for folder in folders}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_missing(language, domain):
    known = {
        english(message)
        for name in (domain, "pages", "programme")
        for message in entries(language, name)
    }
    assert sorted(set(wanted(domain)) - known) == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_entry_is_unfinished_or_left_over(language, domain):
    used = set(wanted(domain)) | (set() if domain == "programme" else literals(domain))
    unfinished, left = [], []
    for message in entries(language, domain):
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy or not forms or not all(forms):
            unfinished.append(english(message))
        if english(message) not in used:
            left.append(english(message))
    assert unfinished == []
    assert left == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_places_survive_translation_and_counts_have_all_forms(language, domain):
    plural_forms = {"ru": 3, "kk": 2}[language]
    for message in entries(language, domain):
        plural = not isinstance(message.id, str)
        source = message.id[1] if plural else message.id
        forms = list(message.string) if plural else [message.string]
        assert len(forms) == (plural_forms if plural else 1), source
        for form in forms:
            assert places(form) == places(source), source


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", TRANSLATED)
def test_no_word_mixes_latin_and_cyrillic_letters(language, domain):
    for message in entries(language, domain):
        for form in [message.string] if isinstance(message.string, str) else message.string:
            words = re.findall(r"[A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+", re.sub(r"\{\w+\}", "", form))
            mixed = [w for w in words if re.search("[A-Za-z]", w) and re.search("[^A-Za-z]", w)]
            assert mixed == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_russian_has_no_letters_of_kazakh(domain):
    russian = "".join(str(message.string) for message in entries("ru", domain))
    assert not set("әғқңөұүһі") & set(russian.lower())


def test_plural_forms_are_those_of_the_language():
    russian, kazakh = translations("ru"), translations("kk")
    forms = ("{n} settlement", "{n} settlements")
    said = {n: russian.ngettext(*forms, n).replace("{n} ", "") for n in (1, 2, 5, 11, 21, 104)}
    assert said == {
        1: "населённый пункт", 2: "населённых пункта", 5: "населённых пунктов",
        11: "населённых пунктов", 21: "населённый пункт", 104: "населённых пункта",
    }  # fmt: skip
    assert {kazakh.ngettext(*forms, n) for n in (1, 2, 5)} == {"{n} елді мекен"}
