"""A warmed process answers its first reader from what it keeps."""

from __future__ import annotations

from fastapi import FastAPI
from tests.service import made
from tests.service.conftest import Service

from qamtu.service.board.warm import start_warming, warm
from qamtu.service.database.engine import writing
from qamtu.service.records.repository import file_many


def test_the_first_reader_gets_the_kept_page(service: Service, new_client) -> None:
    with writing(service.state.sessions) as session:
        file_many(session, made.everything())
    start_warming(service.app).join(60)
    pages = service.app.state.board_store.pages
    kept = dict(pages._values)
    assert len(kept) == len(service.settings.languages)
    for language in service.settings.languages:
        client = new_client(headers={"Cookie": f"language={language}", "Accept-Encoding": "gzip"})
        answer = client.get("/")
        assert answer.headers["content-language"] == language
        assert "villages-fibre" in answer.text
    assert dict(pages._values) == kept


def test_warming_fails_in_peace(service: Service) -> None:
    app: FastAPI = service.app
    with service.state.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE evidence")
    warm(app)
    assert not app.state.board_store.pages._values
