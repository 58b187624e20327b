"""Pages of administration: accounts, invitations, sessions, policies, log, settings, storage."""
