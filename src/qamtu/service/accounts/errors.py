"""What accounts and policies raise when somebody may not."""

from __future__ import annotations

from qamtu.core.errors import InputError, QamtuError

__all__ = ["Forbidden", "FormRefused", "Refused", "TooManyAttempts"]


class Forbidden(QamtuError):
    """The policies say no.

    Parameters
    ----------
    message
        What was asked, in one sentence.
    signed_in
        Whether somebody was signed in: 403 where true, 401 (a page: the sign-in page) where not.
    """

    def __init__(self, message: str, *, signed_in: bool) -> None:
        super().__init__(message)
        self.signed_in = signed_in


class FormRefused(Forbidden):
    """An unsafe request did not show that it comes from a page of this service."""

    def __init__(self, message: str) -> None:
        super().__init__(message, signed_in=True)


class Refused(InputError):
    """What a person typed cannot be taken.

    Parameters
    ----------
    message
        Sentence in English: the msgid under which its translations are found.
    values
        Numbers and names in the sentence.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.msgid = message
        self.values = values


class TooManyAttempts(Refused):
    """Too many failed attempts; ``wait_s`` says for how long nothing is tried [s]."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("Too many attempts. Try again in {seconds} seconds.", seconds=wait_s)
        self.wait_s = wait_s
