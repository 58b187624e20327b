"""Accounts: who signs in, by what, for how long, and what is kept about them.

Local accounts (password and one-time codes), people vouched for by OpenID Connect providers, API
tokens, invitations. What they may do is the business of `qamtu.service.policies`.
"""
