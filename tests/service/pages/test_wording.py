"""What was said is shown in the reader's language, and numbers are not broken between lines."""

from qamtu.service.pages.country import country
from qamtu.service.pages.environment import speaker


def test_a_claim_of_the_country_is_known_in_each_language():
    said = country("kz").wording("The Digital Code is submitted to the Head of State")
    assert speaker("ru").name(said) == "Цифровой кодекс внесён Главе государства"
    assert speaker("ru").spoken(said) == "ru"


def test_what_nobody_translated_is_shown_as_it_was_said():
    said = country("kz").wording("Half is done.")
    assert speaker("kk").name(said) == "Half is done."
    assert speaker("kk").spoken(said) == "en"


def test_a_number_is_not_broken():
    shown = speaker("ru").name({"ru": "до 400 000 домохозяйств и 2,5 млн человек"})
    assert shown == "до 400\N{NO-BREAK SPACE}000 домохозяйств и 2,5\N{NO-BREAK SPACE}млн человек"
