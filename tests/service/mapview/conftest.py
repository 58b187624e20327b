"""Fixtures of the pages of plans."""

from tests.service.plan_fixtures import kept_client, kept_service, sqlite_client, sqlite_service

__all__ = ["kept_client", "kept_service", "sqlite_client", "sqlite_service"]
