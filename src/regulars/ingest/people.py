"""One customer, one key: phone numbers in international form, whatever way they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import phonenumbers

_REGION_OF_CURRENCY: Final = {
    "CNY": "CN",
    "UAH": "UA",
    "USD": "US",
    "GBP": "GB",
    "PLN": "PL",
    "BRL": "BR",
    "CAD": "CA",
    "AUD": "AU",
    "HKD": "HK",
    "TWD": "TW",
    "JPY": "JP",
    "INR": "IN",
    "TRY": "TR",
}
_REGION_OF_LANGUAGE: Final = {"zh_CN": "CN", "uk": "UA"}
_TRIED: Final = ("CN", "UA", "US", "GB")
_ENOUGH: Final = 300


def phone_region(phones: Sequence[str], *, language: str | None, currency: str | None) -> str | None:
    """The region whose rules make most of the numbers valid: first what currency and language suggest, then the usual ones."""
    hints = [_REGION_OF_CURRENCY.get(currency or ""), _REGION_OF_LANGUAGE.get(language or "")]
    regions = list(dict.fromkeys(region for region in (*hints, *_TRIED) if region))
    sample = [phone for phone in phones[:_ENOUGH] if not phone.startswith("+")]
    valid = {region: sum(international(phone, region) is not None for phone in sample) for region in regions}
    best = max(regions, key=lambda region: valid[region])
    return best if sample and valid[best] * 2 >= len(sample) else next(iter(hints), None)


def international(text: str, region: str | None) -> str | None:
    """The number in international form (E.164), or None if it is not valid: ``138 0013 8000`` in CN is ``+8613800138000``."""
    if region == "CN" and len(text) == 11 and text.isascii() and text.isdecimal() and text[0] == "1" and text[1] in "3456789":
        return f"+86{text}"
    for attempt in (text, f"+{text}") if text[:1].isdecimal() and len(text) > 10 else (text,):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def internationals(phones: Iterable[str], *, language: str | None, currency: str | None) -> dict[str, str]:
    """Phone as written → international form, for those that are valid."""
    written = sorted(set(phones))
    region = phone_region(written, language=language, currency=currency)
    found = ((phone, international(phone, region)) for phone in written)
    return {phone: number for phone, number in found if number is not None}
