from qamtu.service.database.engine import writing
from qamtu.service.jobs import repository
from qamtu.service.jobs.folders import folder_of
from qamtu.service.jobs.repository import JobState

from .making import QUICK, ask, look


def csrf(client, path):
    text = client.get(path).text
    return text.split('name="csrf_token" value="')[1].split('"')[0]


def finish(state, job):
    with writing(state.sessions) as session:
        claimed = repository.claim(session, job, "w")
        repository.end(session, claimed, JobState.DONE)
    out = folder_of(state.settings.data, job).out
    out.mkdir(parents=True)
    (out / "summary.json").write_text("{}")
    (out / "report.html").write_text("<script>1</script>")


def test_a_job_is_started_from_its_form_and_shown_with_its_parameters(as_role, service):
    client = as_role("ministry", organisation="ministry")
    assert client.get("/jobs").status_code == 200
    for kind in ("plan", "mobile", "corridors", "coverage"):
        assert client.get(f"/jobs/start/{kind}").status_code == 200
    token = csrf(client, "/jobs/start/plan")
    answer = client.post(
        "/jobs/start/plan",
        data={"csrf_token": token, "years": "7", "budget": "1 000,5", "line_of_sight": "yes"},
    )
    assert answer.status_code == 303, answer.text
    job = look(service.state, answer.headers["location"].rpartition("/")[2])
    assert (job.request["years"], job.request["budget"]) == (7, 1000.5)
    assert job.request["line_of_sight"] is True
    assert job.request["sensitivity"] is False
    shown = client.get(answer.headers["location"], headers={"accept-language": "en"}).text
    assert "every 2s" in shown
    assert "Cancel the job" in shown


def test_a_form_with_wrong_values_says_them_all_and_starts_nothing(as_role):
    client = as_role("ministry", organisation="ministry")
    token = csrf(client, "/jobs/start/plan")
    answer = client.post(
        "/jobs/start/plan",
        data={"csrf_token": token, "years": "many", "first_year": "3", "people_share": "99"},
    )
    assert answer.status_code == 422
    for field in ("years", "first_year", "people_share"):
        assert f'id="wrong-{field}"' in answer.text
    assert client.get("/api/v1/jobs").json()["jobs"] == []


REFUSED = [
    {"out": "/etc"}, {"pack": "/etc"}, {"scheduler": "tcp://127.0.0.1:1"}, {"overwrite": True},
    {"settlements": "/etc/passwd"}, {"settlements": "0" * 32}, {"terrain": ["../../x"]},
    {"budget": "NaN"}, {"region": "a\x00b"}, {"seed": 1e300}, {"years": 99},
]  # fmt: skip


def test_the_api_takes_no_path_no_scheduler_and_nothing_unknown(as_role):
    client = as_role("ministry", organisation="ministry")
    headers = {"x-csrf-token": csrf(client, "/jobs/start/plan")}
    for request in REFUSED:
        asked = {"kind": "plan", "request": request}
        answer = client.post("/api/v1/jobs", json=asked, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/api/v1/jobs", json={"kind": "shell"}, headers=headers).status_code == 404


def test_results_are_downloads_and_the_report_runs_in_a_sandbox(as_role, service):
    client = as_role("ministry", organisation="ministry")
    job = ask(service.state, request=QUICK)
    finish(service.state, job)
    page = client.get(f"/jobs/{job}", headers={"accept-language": "en"}).text
    assert "summary.json" in page
    assert "Approve the results" in page
    report = client.get(f"/jobs/{job}/report")
    policy = report.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    plain = client.get(f"/jobs/{job}/files/report.html")
    assert plain.headers["content-disposition"].startswith("attachment")
    assert client.get(f"/api/v1/jobs/{job}/files/summary.json").json() == {}
    for name in ("../log.txt", "..%2flog.txt", "%2e%2e/log.txt", "/etc/passwd", "none"):
        assert client.get(f"/jobs/{job}/files/{name}").status_code == 404


def test_results_that_are_no_plan_are_refused_at_approval(as_role, service):
    client = as_role("ministry", organisation="ministry")
    job = ask(service.state, request=QUICK)
    headers = {"x-csrf-token": csrf(client, "/jobs/start/plan")}
    assert client.post(f"/api/v1/jobs/{job}/approve", headers=headers).status_code == 409
    finish(service.state, job)
    assert client.post(f"/api/v1/jobs/{job}/approve", headers=headers).status_code in {404, 422}
    assert look(service.state, job).approved_at is None


def test_who_may_see_and_stop_a_job(as_role, client, service):
    job = ask(service.state, request={**QUICK, "region": "KAZ001"})
    other = as_role("akimat", region="KAZ002")
    own = as_role("akimat", region="KAZ001")
    assert client.get(f"/jobs/{job}").status_code in {303, 401}
    assert client.get("/api/v1/jobs").status_code == 401
    assert other.get(f"/jobs/{job}").status_code == 404
    assert other.get("/api/v1/jobs").json()["jobs"] == []
    headers = {"x-csrf-token": csrf(other, "/jobs/start/plan")}
    assert other.post(f"/api/v1/jobs/{job}/cancel", headers=headers).status_code == 404
    for region in (None, "KAZ001"):
        asked = {"kind": "plan", "request": {"region": region}}
        assert other.post("/api/v1/jobs", json=asked, headers=headers).status_code == 403
    assert len(own.get("/api/v1/jobs").json()["jobs"]) == 1
    headers = {"x-csrf-token": csrf(own, "/jobs/start/plan")}
    assert own.post(f"/api/v1/jobs/{job}/approve", headers=headers).status_code == 403
    stopped = own.post(f"/api/v1/jobs/{job}/cancel", headers=headers)
    assert stopped.json()["state"] == "cancelled"
    assert own.post(f"/api/v1/jobs/{job}/cancel", headers=headers).status_code == 409
    assert own.post(f"/api/v1/jobs/{job}/resume", headers=headers).json()["state"] == "queued"


def test_events_and_pages_of_the_list_go_on_from_where_one_was(as_role, service):
    client = as_role("auditor")
    jobs = [ask(service.state) for _ in range(3)]
    first = client.get("/api/v1/jobs?limit=2").json()
    rest = client.get("/api/v1/jobs", params={"limit": 2, "before": first["next"]}).json()
    assert [one["id"] for one in first["jobs"] + rest["jobs"]] == jobs[::-1]
    assert rest["next"] is None
    assert client.get("/api/v1/jobs?before=yesterday").status_code == 422
    assert client.get(f"/api/v1/jobs/{jobs[0]}/events").json()["stages"] == []
    assert client.get(f"/jobs/{jobs[0]}/progress").headers.get("hx-refresh") is None
