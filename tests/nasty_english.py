"""Nasty files in English, from Britain to Switzerland: month first and day first, every thousands sign, refunds in brackets, lists of everything."""

from __future__ import annotations

from nasty_files import (
    SALES,
    Column,
    Nasty,
    Sale,
    as_sales,
    as_table,
    cells,
    database,
    delimited,
    objects,
    ods,
    packed,
    parquet,
    rendered,
    sold,
    xls,
    xlsx,
    zipped,
)  # fmt: skip

NAMES = ("Ann Smith", "Zoë O’Neil", "Bob Brown", "José García", "Mary Jones", "Peter Falk", "Lea Müller", "Tom Hale", "Renée Dupont")
GOODS = ("Earl Grey 100g", "Kettle, steel", "Tea infuser", 'Mug "Large"', "Teapot")


def _name(sale: Sale) -> str:
    return NAMES[sale.who] if sale.who is not None else ""


ORDER: Column = ("Order No.=order_id", lambda s: s.number)
CUSTOMER: Column = ("Customer ID=customer_id", lambda s: f"C{s.who:03d}" if s.who is not None else "")
NAME: Column = ("Customer name=customer_name", _name)
DAY: Column = ("Order date=ordered_at", lambda s: f"{s.at:%Y-%m-%d %H:%M}")
CODE: Column = ("SKU=product_id", lambda s: f"T-{s.goods}")
PRODUCT: Column = ("Product=product_name", lambda s: GOODS[s.goods])
PIECES: Column = ("Qty=quantity", lambda s: s.pieces)
PRICE: Column = ("Unit price=unit_price", lambda s: f"{s.price:.2f}")
AMOUNT: Column = ("Total=amount", lambda s: f"{s.amount:.2f}")
FULL = (ORDER, CUSTOMER, NAME, DAY, CODE, PRODUCT, PIECES, PRICE, AMOUNT)
TOTAL = sum(sale.amount for sale in SALES)


def _en(name: str, data: bytes, *tables: object, currency: str = "GBP") -> Nasty:
    return Nasty(name, data, "en", tables, currency)  # type: ignore[arg-type]


def texts() -> tuple[Nasty, ...]:
    """Texts: Windows letters, month first, every sign for thousands, notes of several lines, pages of a printed report."""
    american = (("Invoice #=order_id", lambda s: f"INV-{s.number}"), ("Date=ordered_at", lambda s: f"{s.at.month}/{s.at.day}/{s.at.year} {s.at:%I:%M %p}"), NAME, PRODUCT, PIECES, ("Amount=amount", lambda s: f"${s.amount:,.2f}"))  # fmt: skip
    german = (ORDER, ("Order date=ordered_at", lambda s: f"{s.at:%d.%m.%Y}"), CUSTOMER, PRODUCT, PIECES, ("Total (EUR)=amount", lambda s: f"{s.amount:,.2f}".translate(str.maketrans(",.", ".,"))))  # fmt: skip
    swiss = (
        ORDER,
        ("Order date=ordered_at", lambda s: f"{s.at:%d/%m/%Y}"),
        CUSTOMER,
        PRODUCT,
        PIECES,
        ("Total CHF=amount", lambda s: f"{s.amount:,.2f}".replace(",", "’")),
    )
    pounds = (ORDER, ("Order date=ordered_at", lambda s: f"{s.at:%d-%b-%Y}"), NAME, PRODUCT, PIECES, ("Total=amount", lambda s: f"£{s.amount:,.2f}"))
    noted = (*FULL, ("Comment", lambda s: f'leave at the\n"back" door; ring {s.number}, twice'))
    worded = (ORDER, ("Purchased on=ordered_at", lambda s: f"{s.at:%B} {s.at.day}, {s.at.year}"), CUSTOMER, PRODUCT, PIECES, PRICE, AMOUNT)
    back = [sale for sale in SALES if sale.number % 9 == 0]
    bracketed = (
        ("Receipt=order_id", lambda s: s.number), DAY, CUSTOMER, CODE, ("Quantity=quantity", lambda s: -s.pieces if s in back else s.pieces),
        ("Net amount=amount", lambda s: f"({s.amount:,.2f})" if s in back else f"{s.amount:,.2f}"),
    )  # fmt: skip
    strangers = sold(stranger=3)
    epoch = (("order_id=order_id", lambda s: s.number), ("customer_id=customer_id", lambda s: float(17850 + s.who)), ("created=ordered_at", lambda s: (s.at - s.at.replace(1899, 12, 30, 0, 0)).days), ("total=amount", lambda s: f"{s.amount}"))  # fmt: skip
    head, *rows = rendered(FULL)
    printed = [head, *(line for i, row in enumerate(rows, 1) for line in ([row] if i % 12 else [row, head]))]
    return (
        _en(
            "invoices us.csv",
            delimited(
                rendered(american), before="Sales by Customer Detail\r\nJanuary - April 2024\r\n\r\n", after=f'TOTAL,,,,,"${TOTAL:,.2f}"\r\n', encoding="cp1252"
            ),
            as_sales(american, total_row=1),
            currency="USD",
        ),
        _en("for excel.csv", delimited(rendered(german), by=";", before="sep=;\r\n", encoding="cp1252"), as_sales(german), currency="EUR"),
        _en("swiss.tsv", delimited(rendered(swiss), by="\t"), as_sales(swiss), currency="CHF"),
        _en("pounds.csv", delimited(rendered(pounds), encoding="cp1252"), as_sales(pounds)),
        _en("notes.csv", delimited(rendered(noted), quoting=1, end="\n"), as_sales(noted)),
        _en("months.txt", delimited(rendered(worded), by="|", encoding="utf-16-le"), as_sales(worded)),
        _en("brackets.csv", delimited(rendered(bracketed)), as_sales(bracketed, back=2 * sum(s.amount for s in back))),  # type: ignore[arg-type]
        _en("walk-ins.csv", delimited(rendered(FULL, strangers), end="\r"), as_sales(FULL, strangers)),
        _en("pandas.csv.gz", packed(delimited(rendered(epoch))), as_sales(epoch)),
        _en("printed report.csv", delimited(printed), as_sales(FULL, header_repeated=3)),
    )


def workbooks() -> tuple[Nasty, ...]:
    """Workbooks and tables of programs: hidden sheets, lists beside orders, the old format, ids that became fractions."""
    typed = (ORDER, CUSTOMER, ("Order date=ordered_at", lambda s: s.at), PRODUCT, PIECES, ("Price=unit_price", lambda s: float(s.price)), ("Total=amount", lambda s: float(s.amount)))  # fmt: skip
    book = {"Read me": [["Exported by the till"], ["Do not edit"]], "Sales": [[], ["Sales 2024"], [], *rendered(typed), [], ["Grand total", *[None] * 5, float(TOTAL)]], "Customers": cells(PEOPLE), "old": rendered(typed)[:5]}  # fmt: skip
    floats = (("InvoiceNo=order_id", lambda s: str(s.number)), ("CustomerID=customer_id", lambda s: float(17850 + s.who)), ("InvoiceDate=ordered_at", lambda s: s.at), ("StockCode=product_id", lambda s: f"T{s.goods}"), ("Quantity=quantity", lambda s: s.pieces), ("UnitPrice=unit_price", lambda s: float(s.price)))  # fmt: skip
    months = {f"export/{month:02}/orders.csv": delimited(rendered(FULL, [s for s in SALES if s.at.month == month])) for month in (1, 2, 3, 4)}
    parts = tuple(as_sales(FULL, [s for s in SALES if s.at.month == int(name[7:9])], sheet=name) for name in months)
    return (
        _en("till.xlsx", xlsx(book, hidden=["old"]), as_sales(typed, sheet="Sales", total_row=1), as_table("customers", PEOPLE, sheet="Customers")),
        _en("retail.parquet", parquet(rendered(floats)), as_sales(floats)),
        _en("legacy.xls", xls({"Orders": [["Orders"], *rendered(typed)]}), as_sales(typed, sheet="Orders")),
        _en("office.ods", ods({"Orders": rendered(typed)}), as_sales(typed, sheet="Orders")),
        _en("year.zip", zipped(months | {"__MACOSX/._orders.csv": b"\0\5\x16\7", "export/logo.png": b"\x89PNG"}), *parts),
        _en("shop.db", database({"orders": rendered(FULL)}), as_sales(FULL, sheet="orders")),
    )


PEOPLE = """
Customer ID=customer_id|First name=given_name|Last name=family_name|Email=customer_email|Phone=customer_phone|Date of birth=birth_on|Member since=joined_on|Postal address=address|City=city|Country=country
C000|Ann|Smith|ANN@Example.com|+44 20 7946 0018|25/12/1990|15/01/2023|1 High St|Leeds|UK
C001|Zoë|O’Neil|zoe@example.com||01/02/1985|16/01/2023|2 Low Rd|York|UK
C002|Bob|Brown|bob@example.com|020 7946 0958||17/01/2023||Hull|UK
"""
PRODUCTS = """
SKU=product_id|Product name=product_name|Category=category|Brand=brand|Cost price=unit_cost
T-0|Earl Grey 100g|Tea|Ashby|£3.10
T-1|"Kettle, steel"|Kitchen||£1,020.00
T-2|Tea infuser|Kitchen|Ashby|£0.95
"""
PAYMENTS = """
Transaction ID=payment_id|Order ID=order_id|Paid on=paid_at|Payment method=payment_method|Amount=amount|Currency=currency
tx_1|1001|2024-01-03 09:06|card|12.50|GBP
tx_2|1002|2024-01-16 10:13|cash|199.80|GBP
tx_3|1002|2024-01-19 12:00|card|-20.00|GBP
"""
CAMPAIGNS = """
Campaign ID=campaign_id|Campaign=campaign_name|Channel=channel|Start date=started_on|End date=ended_on|Budget=budget
1|Spring|e-mail|March 1, 2024|March 31, 2024|£5,000.00
2|Launch|Meta|April 15, 2024||£2,500.00
"""
TOUCHES = """
Message ID=touch_id|Contact email=customer_email/target|Sent at=happened_at|Subject=message|Status=kind|Campaign=campaign_id/campaign_name
m1|ann@example.com|2024-03-05 10:00|Spring is here|opened|Spring
m2|zoe@example.com|2024-03-15 10:00|Spring is here|clicked|Spring
m3|bob@example.com|2024-03-18 10:00|Spring is here|bounced|Spring
"""
SURVEYS = """
Response ID=response_id|Customer ID=customer_id|Question=question|Score=score|Comment=answer|Submitted at=answered_at
1|C000|How likely are you to recommend us?|9|quick|2024-03-05 10:00
2|C001|How likely are you to recommend us?|3|"slow, and rude"|2024-03-15 11:00
3|C002|How likely are you to recommend us?|10||2024-03-18 12:00
"""
ACTIVITIES = """
Activity ID=activity_id|Type=kind|Date=happened_at|Owner=owner|Account ID=customer_id|Deal ID=deal_id|Outcome=result|Duration (min)=minutes|Notes=note
1|Call|2024-03-05 10:00|Ann|A-1|D-1|interested|12|asked for a price
2|Meeting|2024-03-15 14:00|Bob|A-2|D-2|no show|0|
3|Call|2024-03-18 09:30|Ann|A-1|D-1|ordered|5|
"""
STAGES = """
Deal ID=deal_id|Stage=stage|Entered stage at=entered_at|Left stage at=left_at|Owner=owner
D-1|Qualified|2024-03-01 09:00|2024-03-05 10:00|Ann
D-1|Proposal|2024-03-05 10:00||Ann
D-2|Qualified|2024-03-15 14:00|2024-03-16 09:00|Bob
"""
DEALS = """
Opportunity ID=deal_id|Opportunity name=name|Account ID=customer_id|Stage=stage|Created date=created_at|Close date=closed_at/expected_on|Amount=amount|Probability (%)=probability|Owner=owner
O-1|Office tea|A-1|Closed Won|2024-02-01|2024-03-15|$12,500.00|100%|Ann
O-2|Kettles|A-2|Closed Lost|2024-02-03|2024-03-16|$48,000.00|0%|Bob
O-3|Mugs|A-1|Negotiation|2024-02-18|2024-06-30|$7,250.50|60%|Ann
"""
SUBSCRIPTIONS = """
Subscription ID=subscription_id|Customer ID=customer_id|Plan=plan|Start date=started_on|Renews on=ends_on|Cancelled on=cancelled_on|Status=status|Monthly price=price
s1|C000|Gold|2024-01-05|2024-07-05||active|£9.99
s2|C001|Silver|2024-01-15|2024-03-15|2024-03-01|cancelled|£4.99
"""
RIVALS = """
Date=observed_on|Competitor=competitor|SKU=product_id|Competitor price=price|Currency=currency|Promotion=promotion
2024-03-05|Tea & Co|T-0|11.90|GBP|
2024-03-15|Tea & Co|T-1|1,299.00|GBP|spring
2024-03-18|Leaf|T-0|13.20|GBP|
"""
HOLIDAYS = """
Date=day_on|Holiday=name|Store=store|Type=kind
2024-03-29|Good Friday|all|holiday
2024-04-15|Reopening|Leeds|opening
"""


def lists() -> tuple[Nasty, ...]:
    """Lists of people and goods, payments, and what happened beside the orders."""
    return (
        _en("people.csv", delimited(cells(PEOPLE), encoding="cp1252"), as_table("customers", PEOPLE)),
        _en("goods.csv", delimited(cells(PRODUCTS), by=";", encoding="cp1252"), as_table("products", PRODUCTS)),
        _en("payments.jsonl", objects(cells(PAYMENTS), lines=True), as_table("payments", PAYMENTS)),
        _en("campaigns.xlsx", xlsx({"Campaigns": cells(CAMPAIGNS)}), as_table("campaigns", CAMPAIGNS, sheet="Campaigns")),
        _en("e-mail log.csv", delimited(cells(TOUCHES)), as_table("touches", TOUCHES)),
        _en("survey.csv", delimited(cells(SURVEYS), encoding="utf-16"), as_table("surveys", SURVEYS)),
        _en("activities.json", objects(cells(ACTIVITIES)), as_table("activities", ACTIVITIES)),
        _en("stages.csv", delimited(cells(STAGES)), as_table("deal_stages", STAGES)),
        _en("pipeline.csv", delimited(cells(DEALS), before="Opportunities\n\n"), as_table("deals", DEALS), currency="USD"),
        _en("subscriptions.csv.gz", packed(delimited(cells(SUBSCRIPTIONS))), as_table("subscriptions", SUBSCRIPTIONS)),
        _en("rivals.xls", xls({"Prices": cells(RIVALS)}), as_table("competitor_prices", RIVALS, sheet="Prices")),
        _en("calendar.ods", ods({"Calendar": cells(HOLIDAYS)}), as_table("calendar", HOLIDAYS, sheet="Calendar")),
    )


ENGLISH = (*texts(), *workbooks(), *lists())
