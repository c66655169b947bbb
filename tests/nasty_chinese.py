"""Nasty files from China: tills, shops, member lists and service desks, in every encoding and habit of writing numbers and days."""

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
    page,
    parquet,
    rendered,
    sold,
    xls,
    xlsx,
    zipped,
)  # fmt: skip

NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨磊", "赵敏", "周杰", "吴倩")
GOODS = ("西湖龙井50g", "普洱茶饼", "茉莉花茶", "白瓷盖碗", "紫砂壶")
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
HAN = "零一二三"


def _name(sale: Sale) -> str:
    return NAMES[sale.who] if sale.who is not None else "散客"


def _phone(sale: Sale) -> str:
    return f"1386720{4510 + sale.who}" if sale.who is not None else ""


ORDER: Column = ("订单编号=order_id", lambda s: f"DD{s.number}")
MEMBER: Column = ("会员卡号=customer_id", lambda s: f"VIP{s.who:04d}" if s.who is not None else "")
NAME: Column = ("客户姓名=customer_name", _name)
PHONE: Column = ("手机号=customer_phone", _phone)
DAY: Column = ("下单时间=ordered_at", lambda s: f"{s.at:%Y-%m-%d %H:%M:%S}")
PRODUCT: Column = ("商品名称=product_name", lambda s: GOODS[s.goods])
CODE: Column = ("商品编码=product_id", lambda s: f"69010{s.goods}")
PIECES: Column = ("数量=quantity", lambda s: s.pieces)
PRICE: Column = ("单价=unit_price", lambda s: float(s.price))
AMOUNT: Column = ("金额=amount", lambda s: float(s.amount))
STORE: Column = ("门店=store", lambda s: ("西湖店", "滨江店")[s.goods % 2])
FULL = (ORDER, MEMBER, NAME, DAY, CODE, PRODUCT, PIECES, PRICE, AMOUNT, STORE)
TOTAL = float(sum(sale.amount for sale in SALES))


def _zh(name: str, data: bytes, *tables: object, currency: str = "CNY") -> Nasty:
    return Nasty(name, data, "zh_CN", tables, currency)  # type: ignore[arg-type]


def texts() -> tuple[Nasty, ...]:
    """Texts in four encodings, with remarks above, totals below, and numbers and days as people write them."""
    titled = delimited(rendered(FULL), encoding="gb18030", before="某某茶庄销售明细\r\n导出时间：2024-06-01\r\n\r\n", after=f"合计,,,,,,,,{TOTAL:.2f},\r\n")
    guarded = (
        ("订单号=order_id", lambda s: f"`2024{s.number}"), ("会员号=customer_id", lambda s: f"`00{s.who}"), ("交易日期=ordered_at", lambda s: f"{s.at.year}年{s.at.month}月{s.at.day}日"),
        PRODUCT, PIECES, ("实收金额=amount", lambda s: f"{s.amount:,.2f}元"),
    )  # fmt: skip
    taiwan = (
        ("訂單編號=order_id", lambda s: f"TW{s.number}"), ("訂購日期=ordered_at", lambda s: f"{s.at:%Y/%m/%d}"), ("客戶編號=customer_id", lambda s: f"C{s.who}"),
        ("商品名稱=product_name", lambda s: ("高山烏龍", "東方美人", "金萱茶", "茶壺", "茶杯")[s.goods]), ("數量=quantity", lambda s: s.pieces), ("金額=amount", lambda s: f"NT${s.amount:,.2f}"),
    )  # fmt: skip
    signed = (ORDER, MEMBER, DAY, PRODUCT, PIECES, ("实付金额=amount", lambda s: f"￥{s.amount:,.2f}"))
    wide = (
        ORDER, NAME, ("下单日期=ordered_at", lambda s: f"{s.at:%Y.%m.%d}"), PRODUCT, ("数量=quantity", lambda s: str(s.pieces).translate(WIDE)),
        ("单价=unit_price", lambda s: f"{s.price}".translate(WIDE)), ("金额=amount", lambda s: f"{s.amount}".translate(WIDE)),
    )  # fmt: skip
    two = (
        ("小票号=order_id", lambda s: s.number), ("日期=ordered_at", lambda s: f"{s.at:%Y%m%d}"), ("时间=order_time", lambda s: f"{s.at:%H:%M:%S}"), MEMBER,
        PRODUCT, ("件数=quantity", lambda s: f"{HAN[s.pieces]}件"), PRICE, AMOUNT,
    )  # fmt: skip
    return (
        _zh("销售明细.csv", titled, as_sales(FULL, total_row=1)),
        _zh("收银流水.txt", delimited(rendered(guarded), encoding="gbk", by="\t"), as_sales(guarded)),
        _zh("訂單.csv", delimited(rendered(taiwan), encoding="big5"), as_sales(taiwan), currency="TWD"),
        _zh("订单 Unicode 文本.txt", delimited(rendered(signed), encoding="utf-16", by="\t"), as_sales(signed)),
        _zh("全角数字.csv", delimited(rendered(wide), encoding="utf-8-sig"), as_sales(wide)),
        _zh("小票.txt", delimited(rendered(two), by="|", before="# 收银机 03 号\n# 店长：王芳\n", end="\n"), as_sales(two)),
    )


def workbooks() -> tuple[Nasty, ...]:
    """Workbooks: merged and double headers, subtotals, hidden and further sheets, days as Excel counts them, LibreOffice, the old format."""
    merged = (ORDER, NAME, PHONE, ("下单时间=ordered_at", lambda s: s.at), PRODUCT, PIECES, PRICE, AMOUNT)
    head, *rows = rendered(merged)
    group = ["订单信息", None, None, None, "商品信息", None, None, None]
    book = {
        "销售报表": [["2024 年上半年销售报表", *[None] * 7], group, head, *rows, ["总计", *[None] * 6, TOTAL]],
        "说明": [["本表由系统自动生成"]],
        "草稿": [["a", "b"], [1, 2]],
    }
    months = {f"{month}月": [head, *(row for row in rows if row[3].month == month)] for month in (1, 2, 3, 4)}  # type: ignore[attr-defined]
    by_month = tuple(as_sales(merged, [s for s in SALES if s.at.month == month], sheet=f"{month}月") for month in (1, 2, 3, 4))
    serial = (
        ("单号=order_id", lambda s: float(s.number)), ("客户编号=customer_id", lambda s: float(17850 + s.who)), ("销售日期=ordered_at", lambda s: (s.at - SALES[0].at.replace(1899, 12, 30, 0, 0)).days),
        PRODUCT, PIECES, AMOUNT,
    )  # fmt: skip
    gaps = [[*row[:3], None, *row[3:6], None, *row[6:], None] for row in rendered(FULL)]
    subtotals: list[list[object]] = [rendered(FULL)[0]]
    for i, row in enumerate(rendered(FULL)[1:], 1):
        subtotals += [row] if i % 12 else [row, ["小计", *[None] * 7, 1.0, None]]
    back = [sale for sale in SALES if sale.number % 9 == 0]
    returned = (
        ORDER,
        MEMBER,
        ("退款时间=ordered_at", lambda s: f"{s.at:%Y-%m-%d} 20:00"),
        PRODUCT,
        ("退货数量=quantity", lambda s: s.pieces),
        ("退款金额=amount", lambda s: float(s.amount)),
    )
    two = {"订单": rendered(FULL), "退款单": rendered(returned, back)}
    return (
        _zh("上半年报表.xlsx", xlsx(book, merged=["A1:H1", "A2:D2", "E2:H2"], hidden=["草稿"]), as_sales(merged, sheet="销售报表", total_row=1)),
        _zh("按月.xlsx", xlsx(months), *by_month),
        _zh("旧系统导出.xls", xls({"Sheet1": rendered(serial), "Sheet2": []}), as_sales(serial, sheet="Sheet1")),
        _zh("空列.ods", ods({"明细": gaps}), as_sales(FULL, sheet="明细")),
        _zh("分店小计.xlsx", xlsx({"小计": subtotals}), as_sales(FULL, sheet="小计", total_row=3)),
        _zh("含退款.xlsx", xlsx(two), as_sales(FULL, sheet="订单"), as_sales(returned, [], sheet="退款单", back=sum(s.amount for s in back), more=len(back))),  # type: ignore[arg-type]
        _zh("网店订单.xls", page(rendered(FULL), encoding="gb2312", title="网店订单导出"), as_sales(FULL)),
    )


def others() -> tuple[Nasty, ...]:
    """Refunds by their status, walk-ins, a zip with names of a Chinese Windows, a database."""
    strangers = sold(stranger=4)
    walk_ins = (ORDER, ("客户=customer_name", _name), PHONE, DAY, PRODUCT, PIECES, AMOUNT, ("支付方式=payment_method", lambda s: "微信"))
    stated = (ORDER, NAME, PHONE, DAY, PRODUCT, PIECES, AMOUNT, ("订单状态=status", lambda s: "已退款" if s.number % 9 == 0 else "交易成功"))
    back = sum(sale.amount for sale in SALES if sale.number % 9 == 0)
    half = {f"{shop}.csv": delimited(rendered(FULL, [s for s in SALES if s.goods % 2 == i]), encoding="gbk") for i, shop in enumerate(("西湖店", "滨江店"))}
    parts = tuple(as_sales(FULL, [s for s in SALES if s.goods % 2 == i], sheet=name) for i, name in enumerate(half))
    return (
        _zh("散客.csv", delimited(rendered(walk_ins, strangers), encoding="gb18030", by=";"), as_sales(walk_ins, strangers)),
        _zh("订单状态.json", objects(rendered(stated)), as_sales(stated, back=back)),  # type: ignore[arg-type]
        _zh("两家店.zip", zipped(half, names="gbk"), *parts),
        _zh("pos.db", database({"销售": rendered(FULL)}), as_sales(FULL, sheet="销售")),
    )


MEMBERS = """
会员编号=customer_id|姓名=customer_name|性别=gender|手机号码=customer_phone|生日=birth_on|会员等级=customer_group|注册日期=joined_on|所在城市=city
`0001|张伟|男|'13867204511|1990年1月1日|金卡|2023年2月1日|杭州
`0002|王芳|女|138****4512|1985年12月30日|银卡|2023年3月15日|上海
`0003|李娜|女|+86 138-6720-4513||普通|2023年3月16日|杭州
`0004|刘洋|男|13800000000|1900年1月1日|普通|2023年4月1日|
"""
PRODUCTS = """
商品编码=product_id|商品名称=product_name|商品分类=category|品牌=brand|进货价=unit_cost
690100|西湖龙井50g|绿茶|狮峰|６．５０
690101|普洱茶饼|黑茶|大益|¥ 700.00
690102|茉莉花茶|花茶||2.1
690103|白瓷盖碗|茶具||45元
"""
PAYMENTS = """
支付流水号=payment_id|订单编号=order_id|支付时间=paid_at|支付方式=payment_method|支付金额=amount
P1|DD1001|2024-01-03 09:06:00|微信|12.50
P2|DD1002|2024-01-06 10:13:00|支付宝|199.80
P3|DD1003|2024-01-19 11:20:00|微信|4140.00
"""
TICKETS = """
工单号=ticket_id|客户手机=customer_phone|投诉类型=kind|投诉内容=text|提交时间=opened_at|处理完成时间=closed_at|处理人=agent|状态=status
G1|13867204511|物流|"没收到|2024/3/5 10:00|2024/3/6 9:00|小王|已解决
G2|13867204512|质量|茶饼有异味，要求退款|2024/3/15 11:20||小李|处理中
G3|13867204511|咨询|怎么保存|2024/3/18 8:05|2024/3/18 8:30|小王|已解决
"""
SPEND = """
日期=spent_on|渠道=channel|推广计划=campaign_id/campaign_name|消耗(元)=amount|曝光量=impressions|点击数=clicks|点击率
2024年3月1日|小红书|春茶|1.2万|12.5万|3,400|2.72%
2024年3月2日|小红书|春茶|￥9,800|102,000|2,900|2.84%
2024年3月13日|抖音|开春|5 600.00|88 000|1 950|2.22%
合计|||27400|||
"""
STOCK = """
盘点日期=counted_on|仓库=store|商品编码=product_id|库存数量=on_hand|在途数量=on_order
2024-03-31|总仓|690100|120|0
2024-03-31|总仓|690101|8|20
2024-03-31|西湖店|690100|15|0
"""
BALANCES = """
流水号=entry_id|会员卡号=customer_id/card_id|交易时间=happened_at|交易类型=kind|变动金额=amount|赠送金额=bonus|卡内余额=balance
1|VIP0001|2024-03-05 10:00|充值|1000|100|1100
2|VIP0001|2024-03-15 12:30|消费|-88.5|0|1011.5
3|VIP0002|2024-03-18 09:00|充值|500|0|500
"""
REVIEWS = """
评价编号=review_id|订单号=order_id|商品名称=product_id/product_name|评分=score|评价内容=text|评价时间=written_at|商家回复=reply
1|DD1001|西湖龙井50g|5星|茶很香，会回购|2024-03-05 10:00:00|谢谢
2|DD1002|紫砂壶|2星|包装破了|2024-03-16 20:15:00|
3|DD1003|普洱茶饼|4星||2024-03-18 08:00:00|
"""
CONSENTS = """
会员编号=customer_id|授权用途=purpose|渠道=channel|授权时间=given_at|是否同意=granted
0001|营销短信|短信|2024-03-05 10:00|是
0002|营销短信|短信|2024-03-16 10:00|否
0003|个性化推荐|App|2024-03-18 10:00|是
"""
EVENTS = """
用户ID=customer_id|设备号=visitor_id|事件时间=happened_at|事件名称=kind|页面=page|渠道=channel
U1|a8f3|2024-03-05T10:02:11|浏览|/product/690100|小程序
U1|a8f3|2024-03-05T10:03:00|加购|/cart|小程序
|b771|2024-03-16T09:00:00|浏览|/home|App
"""


def lists() -> tuple[Nasty, ...]:
    """Lists of members and goods, payments, and what happened beside the orders."""
    return (
        _zh("会员.csv", delimited(cells(MEMBERS), encoding="gbk"), as_table("customers", MEMBERS)),
        _zh("商品资料.xlsx", xlsx({"商品": [["商品资料表"], [], *cells(PRODUCTS)]}), as_table("products", PRODUCTS, sheet="商品")),
        _zh("支付流水.jsonl", objects(cells(PAYMENTS), lines=True), as_table("payments", PAYMENTS)),
        _zh("工单.csv", delimited(cells(TICKETS), encoding="gb18030", by=";"), as_table("tickets", TICKETS)),
        _zh("投放数据.csv", delimited(cells(SPEND), encoding="utf-8-sig"), as_table("spend", SPEND, total_row=1)),
        _zh("库存.parquet", parquet(cells(STOCK)), as_table("stock", STOCK)),
        _zh("储值流水.xls", xls({"储值": cells(BALANCES)}), as_table("stored_value", BALANCES, sheet="储值")),
        _zh("评价.csv.gz", packed(delimited(cells(REVIEWS))), as_table("reviews", REVIEWS)),
        _zh("授权.ods", ods({"授权": cells(CONSENTS)}), as_table("consents", CONSENTS, sheet="授权")),
        _zh("行为日志.json", objects(cells(EVENTS)), as_table("events", EVENTS)),
    )


CHINESE = (*texts(), *workbooks(), *others(), *lists())
