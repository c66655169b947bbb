"""E-mail addresses: one spelling, and addresses that are nobody's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from regulars.people.letters import unified
from regulars.people.words import WORDS

EmailProblem = Literal["masked", "test", "role", "typo", "invalid"]

_FORM: Final = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)")
_PLAIN: Final = re.compile(r"[\w.+-]+@[\w.-]+")
_IN_BRACKETS: Final = re.compile(r"<([^<>]+@[^<>]+)>")
_MASK: Final = re.compile(r"[*•●×✱█]|x{4,}|\.{3,}.*@")
_SEPARATORS: Final = re.compile(r"[;,|、\s]+")
_TEST_BOXES: Final = frozenset(WORDS["email"]["nobody"])
_TEST_DOMAINS: Final = frozenset(WORDS["email"]["no_domains"])
_ROLES: Final = frozenset(WORDS["email"]["roles"])
_TYPOS: Final[dict[str, str]] = {typo: right for right, typos in WORDS["email"]["typos"].items() for typo in typos}
_GOOGLE: Final = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True)
class Email:
    """What a cell with an e-mail address says. ``address`` is in lower case, and None unless it can tell who somebody is.

    ``masked`` and ``test`` (``test@test.com``, ``noreply@…``) are no evidence of identity, nor is ``invalid``; ``role`` (``info@…``) is
    shared by an office; ``typo`` (``gmial.com``) is left as it is: who corrects it may write to a stranger.
    """

    address: str | None
    problem: EmailProblem | None

    @property
    def compared(self) -> str | None:
        """The form for comparison: without what is behind a plus, and for Google without dots, which it does not see either."""
        if self.address is None:
            return None
        box, domain = self.address.rsplit("@", 1)
        box = box.split("+", 1)[0] or box
        return f"{box.replace('.', '') or box}@gmail.com" if domain in _GOOGLE else f"{box}@{domain}"


def read_email(text: str) -> Email:
    """The first valid address of a cell.

    >>> read_email(" Ann.Lee@GMAIL.com "), read_email("test@test.com")
    (Email(address='ann.lee@gmail.com', problem=None), Email(address=None, problem='test'))
    """
    plain = unified(text).casefold().removeprefix("mailto:").strip(" .'\"")
    if not plain:
        return Email(None, None)
    if _PLAIN.fullmatch(plain):
        return _read_one(plain)
    if bracketed := _IN_BRACKETS.search(plain):
        plain = bracketed[1].strip()
    found = [_read_one(part) for part in _SEPARATORS.split(plain) if "@" in part]
    return min(found, key=lambda email: email.address is None, default=Email(None, "invalid"))


def email_problem(text: str) -> str | None:
    """The key in ``PROBLEMS`` of what is wrong with an e-mail address, or None: ``email_test``, ``email_typo`` …

    >>> email_problem("info@tea.example"), email_problem("ann@gmial.com"), email_problem("ann.example.com")
    ('email_role', 'email_typo', 'email_invalid')
    """
    problem = read_email(text).problem
    return f"email_{problem}" if problem else None


def _read_one(address: str) -> Email:
    if _MASK.search(address):
        return Email(None, "masked")
    box, _, domain = address.rpartition("@")
    if _is_nobody(box, domain):
        return Email(None, "test")
    if not _FORM.fullmatch(address) or ".." in address or box.startswith(".") or box.endswith("."):
        return Email(None, "invalid")
    if domain in _TYPOS:
        return Email(address, "typo")
    return Email(address, "role" if box in _ROLES else None)


def _is_nobody(box: str, domain: str) -> bool:
    """Whether mailbox or domain are fillers: a known one, digits only of one kind, or the same one letter on both sides."""
    site = domain.split(".", 1)[0]
    if box.rstrip("0123456789") in _TEST_BOXES or site in _TEST_DOMAINS or domain in _TEST_DOMAINS:
        return True
    return len(set(box)) == 1 and (len(box) > 2 or set(box) == set(site))
