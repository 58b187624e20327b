"""What people do who are signed in: codes, filing and deciding, keeping out, jobs that stop."""

import datetime as dt

import pyotp
import pytest

from qamtu.core.progress import Stage
from qamtu.programme.records import Evidence, EvidenceState
from qamtu.service.accounts import passwords
from qamtu.service.database.engine import reading, writing
from qamtu.service.jobs import repository as jobs
from qamtu.service.jobs.repository import JobState
from qamtu.service.log import repository as log
from qamtu.service.records import repository as records
from tests.service import made
from tests.service.people import make_account

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

PASSWORD = "seven yellow camels"
STEP = dt.timedelta(seconds=30)
NORTH = {"region": "KAZ001", "organisation": "akimat-north"}
SOUTH = {"region": "KAZ002", "organisation": "akimat-south"}
PLACE = "/commitments/villages-fibre?evidence=all"


def expect(found):
    return sync_api.expect(found)


def press(page, name):
    """Press a button that sends a form; gives what the server answered."""
    with page.expect_navigation() as sent:
        page.get_by_role("button", name=name, exact=True).click()
    return sent.value


def no_code(key, now):
    """Give a code that is none of those near now."""
    near = {pyotp.TOTP(key).at(now + step * STEP) for step in range(-4, 8)}
    return next(code for code in (f"{n:06d}" for n in range(20)) if code not in near)


def sign_in(page, login, password=PASSWORD):
    page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("Password").fill(password)
    return press(page, "Sign in")


def test_signing_in_takes_the_password_and_then_a_code(visit):
    kept = passwords.hashed(PASSWORD)
    make_account(visit.site.state, "auditor", login="saule", name="Saule", password_hash=kept)
    page = visit.open("/sign-in?next=/account", lang="en", timezone_id="Asia/Almaty")
    sign_in(page, "saule", "seven yellow horses")
    assert "Name or password is wrong." in page.get_by_role("alert").inner_text()
    sign_in(page, "saule")
    expect(page.locator("h1")).to_have_text("Account")

    press(page, "Set up")
    key = page.locator("#codes ~ .hint code").inner_text()
    now = dt.datetime.now(dt.UTC)
    page.fill("#confirm", no_code(key, now))
    press(page, "Switch on")
    expect(page.get_by_role("alert")).to_have_text("The code is wrong.")
    page.fill("#confirm", pyotp.TOTP(key).at(now))
    press(page, "Switch on")
    expect(page.locator(".account-codes li")).to_have_count(10)

    press(page, "Sign out")
    expect(page.locator("a.who")).to_have_text("Sign in")
    page.goto(f"{visit.site.url}/sign-in?next=/account")
    sign_in(page, "saule")
    expect(page.locator("h1")).to_have_text("One-time code")
    page.goto(f"{visit.site.url}/account")  # the password alone opens nothing
    assert page.locator("a.who").inner_text() == "Sign in"
    page.goto(f"{visit.site.url}/sign-in/code?next=/account")
    for refused in (no_code(key, now), pyotp.TOTP(key).at(now)):  # the second was used
        page.fill("#code", refused)
        assert press(page, "Go on").status == 422
        expect(page.get_by_role("alert")).to_have_text("The code is wrong.")
    page.fill("#code", pyotp.TOTP(key).at(now + STEP))
    press(page, "Go on")
    expect(page.locator("a.who")).to_have_text("Saule")
    expect(page.locator("#codes ~ p").first).to_have_text("On; 10 recovery codes are left.")
    press(page, "Sign out")


def file_by_form(page, title, value):
    page.select_option("#commitment", "villages-fibre")
    page.fill("#value", value)
    page.fill("#title", title)
    page.fill("#source", "the akimat's own count")
    return press(page, "File as evidence")


def test_what_an_akimat_files_and_the_ministry_accepts_is_read_by_everybody(visit):
    akimat = visit.open("/file-evidence", role="akimat", of=NORTH, lang="en")
    assert akimat.locator("#scope option").all_inner_texts() == ["Abai Region"]
    akimat.set_input_files(
        "#document",
        {"name": "count.csv", "mimeType": "text/csv", "buffer": b"village,fibre\nA,1\n"},
    )
    file_by_form(akimat, "Nodes counted in Abai", "217")
    mine = akimat.get_by_role("row", name="Nodes counted in Abai")
    assert "Waits for a decision" in mine.inner_text()
    public = visit.open(PLACE, lang="en")
    assert "Nodes counted in Abai" not in public.locator("main").inner_text()

    ministry = visit.open("/review", role="ministry", lang="en")
    card = ministry.get_by_role("region", name="Nodes counted in Abai")
    assert "217 settlements" in card.inner_text()
    assert "Akimat of North" in card.inner_text()
    card.get_by_label("Grade").select_option("B")
    press(ministry, "Accept: Nodes counted in Abai")
    expect(card).to_have_count(0)

    public = visit.open(PLACE, lang="en")
    row = public.locator(".evidence tbody tr", has_text="Nodes counted in Abai")
    assert row.locator("td.number").inner_text() == "217 settlements"
    for shown in ("Abai Region", "Akimat of North", "FIGURE.json"):
        assert shown in row.inner_text()
    assert row.locator("td").nth(2).inner_text().split()[-1] == "B"
    row.get_by_text("Files, parameters, origin").click()
    assert "count.csv" in row.inner_text()
    akimat = visit.open("/uploads", role="akimat", of=NORTH, lang="en")
    mine = akimat.get_by_role("row", name="Nodes counted in Abai")
    assert "Accepted" in mine.inner_text()
    assert mine.get_by_role("button").count() == 0  # nothing is left to take back


def forge(page, path, **fields):
    """Send a form that no page offers, with the right token, as the browser sends its own."""
    token = page.locator("input[name=csrf_token]").first.input_value()
    with page.expect_navigation() as sent:
        page.evaluate(
            """([path, fields]) => {
              const form = Object.assign(document.createElement("form"), { method: "post", action: path });
              for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement("input"), { name, value }));
              document.body.append(form);
              form.submit();
            }""",
            [path, {"csrf_token": token, **fields}],
        )
    return sent.value


def test_the_akimat_of_another_region_changes_nothing(visit):
    state = visit.site.state
    filed = made.evidence(
        "abai-waits", state=EvidenceState.FILED, scope="region:KAZ001", value=40.0,
        filed_by="akimat-north", title="Waits in Abai",
    )  # fmt: skip
    with writing(state.sessions) as session:
        records.file_evidence(session, filed)
    page = visit.open("/uploads", role="akimat", of=SOUTH, lang="en")
    assert "Waits in Abai" not in page.locator("main").inner_text()
    with reading(state.sessions) as session:
        before = log.size(session), records.find(session, Evidence, "abai-waits")

    def refused(answer):
        assert answer.status == 403
        assert page.locator("h1").inner_text() == "You may not see or do this"
        assert "comes from" not in page.locator("main").inner_text()  # not for want of its token

    refused(page.goto(f"{visit.site.url}/review"))
    for path, fields in (
        ("/evidence/abai-waits/withdraw", {}),
        ("/review/abai-waits", {"decision": "accept", "grade": "A"}),
    ):
        page.goto(f"{visit.site.url}/uploads")
        refused(forge(page, path, **fields))
    page.goto(f"{visit.site.url}/file-evidence")
    assert page.locator("#scope option").all_inner_texts() == ["Akmola Region"]
    page.locator("#scope option").evaluate("(option) => { option.value = 'region:KAZ001'; }")
    refused(file_by_form(page, "Foreign count", "999"))

    with reading(state.sessions) as session:
        assert (log.size(session), records.find(session, Evidence, "abai-waits")) == before
    public = visit.open(PLACE, lang="en")
    assert "Foreign count" not in public.locator("main").inner_text()


def start_plan(visit):
    """Start a plan from its form; gives the page of the job and its id."""
    page = visit.open("/jobs", role="ministry", lang="en")
    page.locator("a[href='/jobs/start/plan']").click()
    page.fill("#years", "7")
    press(page, "Start the job")
    return page, page.url.rpartition("/")[2]


def test_a_job_that_waits_is_cancelled_and_can_go_on(visit):
    page, _ = start_plan(visit)
    expect(page.get_by_role("status")).to_have_text("Waiting")
    facts = page.locator(".facts").inner_text()
    assert "Years of construction\n7" in facts
    press(page, "Cancel the job")
    expect(page.get_by_role("status")).to_have_text("Cancelled")
    assert page.get_by_role("progressbar").count() == 0
    press(page, "Go on with the job")
    expect(page.get_by_role("status")).to_have_text("Waiting")
    press(page, "Cancel the job")
    expect(page.get_by_role("status")).to_have_text("Cancelled")


def test_a_job_at_work_shows_how_far_it_is_and_stops_when_its_worker_hears(visit):
    page, job = start_plan(visit)
    state = visit.site.state
    page.evaluate("window.kept = true")
    with writing(state.sessions) as session:
        taken = jobs.claim(session, job, "worker-1")
        jobs.beat(session, taken, Stage("phasing", 0.4), [Stage("targets", None, "12 of 12")])
    expect(page.get_by_role("status")).to_have_text("Running phasing")
    assert float(page.get_by_role("progressbar").get_attribute("value")) == 0.4
    assert "12 of 12" in page.get_by_role("row", name="targets").inner_text()
    assert page.evaluate("window.kept") is True  # in place, without loading the page
    press(page, "Cancel the job")
    expect(page.get_by_role("status")).to_contain_text("Being cancelled")
    with writing(state.sessions) as session:
        assert jobs.beat(session, taken, None) is JobState.CANCELLING
        jobs.end(session, taken, JobState.CANCELLED)
    expect(page.get_by_role("button", name="Go on with the job")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Cancelled")
