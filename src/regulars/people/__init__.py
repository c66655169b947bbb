"""Who somebody is, as far as a cell tells: names, phones, e-mail and postal addresses in one form, and values that say nothing.

Pure functions over texts in Chinese, Ukrainian and English; the word lists lie beside them. ``PROBLEMS`` has the words for what is
wrong with a value; what is no evidence of identity (masked, default, test) comes back as None, never as a form to compare.
"""

from __future__ import annotations

from regulars.people.addresses import normal_address
from regulars.people.cyrillic import transliterate_uk
from regulars.people.defaults import PROBLEMS, birth_problem, id_problem, name_problem, too_common
from regulars.people.emails import Email, email_problem, read_email
from regulars.people.names import Name, latin_name, normal_name, split_name
from regulars.people.phones import Phone, phone_problem, phone_region, read_phone, read_phones

__all__ = [
    "PROBLEMS",
    "Email",
    "Name",
    "Phone",
    "birth_problem",
    "email_problem",
    "id_problem",
    "latin_name",
    "name_problem",
    "normal_address",
    "normal_name",
    "phone_problem",
    "phone_region",
    "read_email",
    "read_phone",
    "read_phones",
    "split_name",
    "too_common",
    "transliterate_uk",
]
