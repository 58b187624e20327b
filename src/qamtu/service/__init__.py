"""The service: accounts, records, jobs, pages and the API around the programme.

A resource is a folder: ``tables.py`` (its SQL tables), ``repository.py`` (all its SQL),
``schemas.py`` (what the API takes and gives), ``endpoints.py`` (parse, call, return).
"""
