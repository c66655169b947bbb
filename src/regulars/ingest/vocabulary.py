"""What people write into cells: missing values, walk-in customers, totals rows, order states, kinds of entry, currencies."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from babel.core import get_global

MISSING: Final = (
    "",
    "-",
    "--",
    "---",
    "—",
    "–",
    "/",
    "\\",
    "null",
    "(null)",
    "nan",
    "none",
    "n/a",
    "#n/a",
    "nil",
    "undefined",
    "无",
    "空",
    "暂无",
    "немає",
    "відсутній",
    "нет",
)
"""Cells that say nothing, lower case."""

WALK_IN: Final = (
    "散客", "游客", "匿名", "匿名用户", "普通顾客", "零售客户", "零散客户", "非会员", "无会员", "现金客户", "临时客户", "路人", "未登记", "过路客", "散户", "零售",
    "walk-in", "walk in", "walkin", "walk-in customer", "guest", "guest customer", "guest user", "anonymous", "anon", "cash customer", "cash sale", "retail customer", "unknown", "no customer", "one-time customer", "not registered",
    "гість", "гостьовий", "анонім", "анонімний покупець", "роздрібний покупець", "роздріб", "роздрібний клієнт", "без карти", "без картки", "незареєстрований", "невідомо", "невідомий", "фізична особа", "фізособа", "розничный покупатель",
    "розница", "кінцевий споживач", "готівковий покупець", "приватна особа", "частное лицо",
)  # fmt: skip
"""Customers who are nobody in particular, lower case."""

TOTAL_WORDS: Final = (
    "合计", "总计", "小计", "本页合计", "本页小计", "累计", "汇总", "共计", "总合计", "当日合计", "本月合计", "本日合计",
    "всього", "разом", "підсумок", "усього", "проміжний підсумок", "загальний підсумок", "загалом", "итого", "всего", "підсумки",
    "total", "totals", "grand total", "subtotal", "sub total", "sub-total", "sum", "overall", "sum total", "total general", "running total",
)  # fmt: skip
TOTAL_PATTERN: Final = (
    "(" + "|".join(re.escape(w).replace(r"\ ", r"\s*") if w.isascii() else r"\s*".join(w) for w in sorted(TOTAL_WORDS, key=len, reverse=True)) + ")"
)
"""Matches the word of a totals row at the start of a lower-case cell (RE2 and Python)."""

State = Literal["stands", "refund", "cancelled", "not_a_sale"]
_NOT_SALE: Final = frozenset(
    {"pv", "cart", "fav", "view", "click", "add to cart", "addtocart", "add_to_cart", "wishlist", "impression", "page view", "page_view", "view_item", "begin_checkout", "remove_from_cart", "浏览", "加购", "加购物车", "收藏", "点击", "充值", "перегляд", "в кошик"}
)  # fmt: skip
_STANDS: Final = re.compile(
    r"partial|部分|частков|no refund|not refunded|non refund|未退|无退款|没有退款|不退|non annul|без повернен|无售后|not cancel|uncancel|не скасован|refund (?:rejected|declined)|退款关闭|退款失败|cancel(?:lation)? rejected"
)
_REFUND: Final = re.compile(
    r"退货|退款|退单|退菜|退换|红冲|冲红|负单|повернен|повернут|возврат|refund|\breturn(?:s|ed)?\b|credit note|credit memo|chargeback|reversal|сторно|storno"
)
_CANCELLED: Final = re.compile(
    r"取消|关闭|作废|撤销|撤单|无效|废单|待付款|未付款|待支付|未支付|等待买家付款|支付失败|付款失败|已拒|скасован|відмін|відмов|анульован|не оплачен|неоплачен|очікує оплат|очікується оплат|чекає оплат|отмен|аннулир|відхилен|недійсн|видален"
    r"|cancel|void|unpaid|pending payment|awaiting payment|payment pending|await(?:s|ing)? pay|not paid|failed|declined|expired|abandon|rejected|lost\b|deleted|annul|draft|closed lost|unavailable|no.show|denied|dropped"
)


@lru_cache(maxsize=5_000)
def state_of(text: str) -> State:
    """What an order state or a kind of entry means for revenue: it stands, it is a refund, it was cancelled or never paid, or it is no sale at all."""
    plain = re.sub(r"[_\-]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if plain in _NOT_SALE or plain.replace(" ", "_") in _NOT_SALE:
        return "not_a_sale"
    if _STANDS.search(plain):
        return "stands"
    if _REFUND.search(plain) or plain in {"退", "r", "ret", "rtn"}:
        return "refund"
    if _CANCELLED.search(plain):
        return "cancelled"
    return "stands"


_KNOWN_STATES: Final = re.compile(
    r"sale|sold|order|paid|complet|deliver|shipp|process|success|fulfil|purchase|buy|won\b|active|pending|open|new\b|销售|成功|完成|已付|已支付|已发货|发货|签收|收货|出库|入账|支付|消费|收入|有效|正常|零售|购买|交易"
    r"|продаж|викон|оплач|доставлен|завершен|відправлен|нов[иіе]|отриман|прийнят|в роботі|успішн|реалізац|прибуток|закрит|обробц|сплач|продано|чек"
)


def is_state(text: str) -> bool:
    """Whether a text is a known state of an order or kind of entry."""
    return state_of(text) != "stands" or _KNOWN_STATES.search(text.casefold()) is not None


CURRENCY_WORDS: Final[dict[str, str]] = {
    "¥": "CNY", "￥": "CNY", "元": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "cn¥": "CNY", "块": "CNY", "人民币元": "CNY", "万元": "CNY",
    "₴": "UAH", "грн": "UAH", "uah": "UAH", "гривня": "UAH", "гривні": "UAH", "гривень": "UAH", "гривна": "UAH",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "英镑": "GBP", "$": "USD", "us$": "USD", "usd": "USD", "美元": "USD", "dollar": "USD", "dollars": "USD", "долар": "USD", "долари": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "欧元": "EUR", "євро": "EUR", "zł": "PLN", "pln": "PLN", "злотий": "PLN", "hk$": "HKD", "hkd": "HKD", "港币": "HKD", "港元": "HKD", "nt$": "TWD", "twd": "TWD", "台币": "TWD", "r$": "BRL", "brl": "BRL",
    "jpy": "JPY", "円": "JPY", "日元": "JPY", "₩": "KRW", "krw": "KRW", "₹": "INR", "inr": "INR", "rs": "INR", "₽": "RUB", "rub": "RUB", "руб": "RUB", "a$": "AUD", "aud": "AUD", "c$": "CAD", "cad": "CAD", "s$": "SGD", "sgd": "SGD", "chf": "CHF",
    "₺": "TRY", "kč": "CZK", "czk": "CZK", "₪": "ILS", "₸": "KZT", "฿": "THB", "₫": "VND",
}  # fmt: skip
"""Signs, codes and words of money, lower case → ISO 4217."""

_SAME_SIGN: Final = {
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"},
    "¥": {"CNY", "JPY"},
    "￥": {"CNY", "JPY"},
    "rs": {"INR", "PKR", "LKR", "NPR"},
}


def shares_sign(one: str, other: str) -> bool:
    """Whether two currencies are written with the same sign."""
    return any({one, other} <= codes for codes in _SAME_SIGN.values())


def currency_code(text: str, stated: str | None = None) -> str | None:
    """The ISO code of a sign, code or word; a sign that several currencies share means the stated one if that is among them."""
    plain = text.strip().casefold().rstrip(".")
    if stated is not None and stated in _SAME_SIGN.get(plain, ()):
        return stated
    if plain in CURRENCY_WORDS:
        return CURRENCY_WORDS[plain]
    return plain.upper() if plain.upper() in get_global("all_currencies") and len(plain) == 3 else None


MONEY_SIGNS: Final = tuple(sorted((w for w in CURRENCY_WORDS if w not in {"rs", "块"} and len(w) <= 4), key=len, reverse=True))
"""Signs and short words that may stand beside a number in a cell, longest first."""

COUNT_WORDS: Final = ("件", "个", "只", "瓶", "份", "盒", "套", "支", "шт.", "шт", "pcs", "pc", "од.", "kg", "кг", "公斤", "斤")
"""Measure words that may stand behind a quantity."""
