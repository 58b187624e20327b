"""The page in a real browser: it draws, answers, speaks three languages, and asks for nothing."""

from pathlib import Path

import pytest

from qamtu.studies.output.palette import OPTION_COLOURS
from qamtu.studies.report.catalogue import load_catalogue

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"


SHARE = """(wanted) => {
  const source = document.querySelector("#canvas canvas");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [source.width, source.height];
  const pen = copy.getContext("2d");
  pen.drawImage(source, 0, 0);
  const { data } = pen.getImageData(0, 0, copy.width, copy.height);
  let hits = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (wanted.every((value, k) => Math.abs(data[i + k] - value) <= 6)) hits += 1;
  }
  return hits / (data.length / 4);
}"""


def share_of_colour(page, colour: str) -> float:
    """Share of the map's pixels that have a colour ``#rrggbb``."""
    return page.evaluate(SHARE, [int(colour[i : i + 2], 16) for i in (1, 3, 5)])


def fibre_place(made_plan) -> tuple[str, str]:
    table = made_plan.tables["settlements"]
    row = table[(table["option"] == "fibre") & (table.index > 30)].iloc[0]
    return str(row["settlement_id"]), str(row["name_ru"])


def test_the_map_draws_the_plan_in_its_colours(map_page):
    assert map_page.evaluate("document.documentElement.dataset.map") == "ready"
    map_page.wait_for_timeout(500)
    for option in ("fibre", "microwave", "leo_terminal"):
        assert share_of_colour(map_page, OPTION_COLOURS[option]) > 1e-5, option


def test_legend_and_years_filter_the_map(map_page):
    fibre = OPTION_COLOURS["fibre"]
    before = share_of_colour(map_page, fibre)
    map_page.locator("#settlement-legend input").nth(1).uncheck()
    map_page.locator("#year-slider").evaluate(
        "s => { s.value = s.min; s.dispatchEvent(new Event('input')); }"
    )
    map_page.wait_for_timeout(900)
    assert share_of_colour(map_page, fibre) < before / 2
    assert "today" in map_page.locator("#timeline output").inner_text()


def test_without_webgl_the_page_says_so_and_works(open_page):
    page = open_page()
    assert page.locator("#map-failure").is_visible()
    assert page.evaluate("document.documentElement.dataset.map") == "failed"


def test_search_finds_a_place_by_keyboard_and_its_card_opens(open_page, made_plan):
    place, name = fibre_place(made_plan)
    page = open_page()
    field = page.get_by_role("combobox", name="Search for a settlement")
    field.fill(name.replace("Коныр", "қоңыр"))
    page.wait_for_selector("#search-results li")
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    card = page.locator("#card")
    assert card.is_visible()
    assert card.locator("h3").inner_text() in {name, name.replace("Коныр-Аулие", "Qonyr-Aulie")}
    for text in ("People", "Cost of building here", "What each option would cost here"):
        assert text in card.inner_text()
    assert card.locator("table.options tr").count() == 6
    assert page.evaluate("location.hash") == f"#id={place}"
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_the_card_says_how_clear_a_radio_link_is(open_page, made_plan):
    row = int((made_plan.tables["settlements"]["option"] == "microwave").to_numpy().argmax())
    page = open_page()
    page.evaluate(f"Q.openCard({row}, {{}})")
    card = page.locator("#card").inner_text()
    assert "1.3 radii of the first Fresnel zone" in card
    assert "on terrain of 15 arc seconds" in card


def test_a_shared_link_opens_the_card(open_page, made_plan):
    place, _ = fibre_place(made_plan)
    page = open_page(f"?lang=ru#id={place}")
    assert page.locator("#card").is_visible()
    assert "Волоконная линия" in page.locator("#card").inner_text()


def test_the_way_to_the_network_is_followed_to_its_end(open_page, made_plan):
    routes = made_plan.tables["routes"]
    routes = routes[~routes["is_ring"]]
    near = dict(zip(routes["node_far"], routes["node_near"], strict=True))
    deep = max(near, key=lambda node: sum(1 for _ in climb(node, near)))
    page = open_page()
    path = page.evaluate(f"Q.pathOf({deep}).map((row) => Q.routes.node_far[row])")
    assert path == list(climb(deep, near))
    assert len(path) > 2
    end = page.evaluate(f"Q.pathEnd(Q.pathOf({deep}))")
    assert made_plan.tables["settlements"]["option"].iloc[end] == "served"


def climb(node, near):
    while node in near:
        yield int(node)
        node = near[node]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_text_changes_with_the_language(open_page, language):
    page = open_page()
    page.evaluate("Q.openCard(40, {})")
    page.click(f"[data-language={language}]")
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h1").inner_text() in {
        "План выдуманной страны",
        "Ойдан шығарылған елдің жоспары",
    }
    shown = page.evaluate("""() => {
      const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("[lang=en], noscript")) texts.push(walk.currentNode.textContent.trim());
      }
      return texts;
    }""")
    english = {t for t, other in load_catalogue(language).items() if other != t and "{" not in t}
    assert [text for text in shown if text in english] == []
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.documentElement.lang") == "en"  # ?lang= goes before memory


def test_the_language_is_remembered(open_page, report_file):
    page = open_page("")
    page.click("[data-language=kk]")
    page.goto(report_file.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.documentElement.lang") == "kk"


def test_numbers_are_written_as_the_language_does(open_page):
    page = open_page()
    written = {
        code: page.evaluate(
            f"Q.setLanguage('{code}') || [Q.number(1234567.5, 1), Q.money(8.125e11), Q.share(0.1234)]"
        )
        for code in ("en", "ru", "kk")
    }
    plain = {
        code: [text.replace("\xa0", " ").replace("\u202f", " ") for text in texts]
        for code, texts in written.items()
    }
    assert plain["en"] == ["1,234,567.5", "₸813 bn", "12.3%"]
    assert plain["ru"] == plain["kk"] == ["1 234 567,5", "813 млрд ₸", "12,3 %"]


def test_plural_forms_follow_the_count(open_page):
    page = open_page("?lang=ru")
    call = "Q.tn('Fibre reaches {n} more settlement.', 'Fibre reaches {n} more settlements.', %d)"
    ends = {n: page.evaluate(call % n).split()[-2:] for n in (1, 3, 5, 21)}
    assert ends[1] == ends[21] == ["населённый", "пункт."]
    assert ends[3] == ["населённых", "пункта."]
    assert ends[5] == ["населённых", "пунктов."]


def test_tables_sort_filter_and_turn_pages(open_page):
    page = open_page()

    def column(place):
        return page.locator(f"#settlement-rows tbody tr > :nth-child({place})").all_inner_texts()

    people = [int(text.lstrip("≈").replace(",", "")) for text in column(4)]
    assert people == sorted(people, reverse=True)
    assert len(people) == 25
    page.click("#settlement-rows [data-sort=population]")
    people = [int(text.lstrip("≈").replace(",", "")) for text in column(4)]
    assert people == sorted(people)
    assert page.locator("#settlement-rows th[aria-sort=ascending]").count() == 1
    first = column(1)
    page.get_by_role("button", name="Next page").click()
    assert not set(first) & set(column(1))
    page.select_option("[data-filter=option]", "geo")
    assert set(column(5)) == {"Geostationary satellite"}
    page.fill("#settlement-table [data-filter=text]", "нет такого места")
    assert column(1) == []


def test_csv_from_the_page_is_whole_and_safe(open_page, made_plan):
    page = open_page("?lang=kk")
    page.select_option("[data-filter=option]", "")
    with page.expect_download() as download:
        page.locator("#settlement-table button.quiet").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert len(text.strip().split("\n")) == len(made_plan.tables["settlements"]) + 1
    assert "'=HYPERLINK" in text
    assert "\n=" not in text


def test_hostile_names_run_nothing(open_page):
    page = open_page("?lang=kk")
    page.evaluate("Q.openCard(20, {})")
    assert page.locator("#card h3").inner_text().startswith("</script>")
    assert page.locator("#card img").count() == 0


@pytest.mark.parametrize("width", [360, 800, 1440])
def test_nothing_is_wider_than_the_screen(open_page, width):
    page = open_page("?lang=ru", width=width, height=740)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_of_wcag_a_and_aa(open_page, scheme):
    page = open_page("?lang=kk", color_scheme=scheme, bypass_csp=True)
    page.evaluate(
        "Q.openCard(40, {}); document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })"
    )
    told = [
        (
            v["id"],
            [
                n["html"][:200] + " " + str(n["any"][:1] and n["any"][0]["message"])
                for n in v["nodes"][:3]
            ],
        )
        for v in found["violations"]
    ]
    assert told == []


def test_a_bare_plan_opens_without_its_missing_sections(open_page, made_plan, tmp_path):
    from qamtu.studies.report import write_report

    path = write_report(tmp_path / "bare.html", made_plan.tables, {}, made_plan.regions)
    page = open_page("?lang=en", path=path)
    assert page.locator("#risks").is_hidden()
    assert page.locator("#proof").is_hidden()
    assert page.locator("#targets").is_hidden()
    assert page.locator("#settlement-rows tbody tr").count() == 25
