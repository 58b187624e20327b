from tests.service.plan_fixtures import sqlite_service

__all__ = ["sqlite_service"]
