"""Exports of CRMs, shops, service desks and advertising accounts as companies really have them: made up, but with true headers and habits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

D = Decimal


@dataclass(frozen=True, slots=True)
class Export:
    """One file: its name, its rows (the first holds the headers), the table it is, columns by field, values of fields from the first row on."""

    table: str
    name: str
    text: str
    fields: dict[str, str]
    values: dict[str, list[Any]]
    rejected: dict[str, int] = field(default_factory=dict)
    language: str = "en"

    @property
    def rows(self) -> list[list[str]]:
        return [[cell.strip() for cell in line.split("|")] for line in self.text.strip().splitlines()]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day(text: str) -> date:
    return date.fromisoformat(text)


EXPORTS = (
    Export(
        "events",
        "浏览记录导出",
        """
        用户ID|访客ID|事件时间|事件类型|页面|搜索词|停留时长(秒)|流量来源
        U1001|a8f3|2024-03-05 10:02:11|浏览|/product/6901||35|小红书
        |b771|2024-03-05 10:05:40|搜索|/search|龙井茶|8|自然搜索
        U1002|c002|2024年3月5日 11:20|加购|/cart||120|微信
        U1001|a8f3|2024/3/6 9:00|浏览|/home||3|微信
        合计||||||166|
        """,
        {"customer_id": "用户ID", "visitor_id": "访客ID", "happened_at": "事件时间", "kind": "事件类型", "search_term": "搜索词"},
        {
            "happened_at": [moment("2024-03-05 10:02:11"), moment("2024-03-05 10:05:40"), moment("2024-03-05 11:20")],
            "customer_id": ["U1001", None, "U1002"],
            "seconds": [35, 8, 120],
        },
        {"total_row": 1},
        "zh_CN",
    ),
    Export(
        "events",
        "відвідування сайту",
        """
        Дата події|Час доби|Подія|Сторінка|ID відвідувача|Телефон|Тривалість візиту
        05.03.2024|14:30|перегляд|/chai|v1|067 111 22 03|00:03:25
        06.03.2024|9:05|візит у магазин||v2|+380671112204|
        16.03.2024|10:00|пошук|/search|v1|0671112203|00:00:10
        """,
        {"happened_at": "Дата події", "happened_time": "Час доби", "kind": "Подія", "customer_phone": "Телефон"},
        {
            "happened_at": [moment("2024-03-05 14:30"), moment("2024-03-06 09:05")],
            "customer_id": ["+380671112203", "+380671112204", "+380671112203"],
            "seconds": [205, None, 10],
        },
        language="uk",
    ),
    Export(
        "events",
        "clickstream-2024-03",
        """
        event_id|user_id|session_id|event_name|event_timestamp|page_location|utm_campaign
        1|c1|s1|page_view|2024-03-05T10:00:00Z|/a|spring
        2|c1|s1|add_to_cart|2024-03-05T10:01:00Z|/a|spring
        3||s2|page_view|2024-03-05T10:02:00Z|/b|
        4|c2|s3|view_item|not a date|/b|
        """,
        {"event_id": "event_id", "customer_id": "user_id", "session_id": "session_id", "kind": "event_name", "campaign": "utm_campaign"},
        {"event_id": ["1", "2", "3"], "kind": ["page_view", "add_to_cart", "page_view"], "happened_at": [moment("2024-03-05 12:00")]},
        {"date_unreadable": 1},
    ),
    Export(
        "touches",
        "短信发送记录",
        """
        消息ID|接收手机号|发送时间|发送状态|短信内容|活动名称
        1|13867204511|2024-03-08 10:00|成功|女神节九折|三八节
        2|13867204522|2024-03-08 10:00|失败|女神节九折|三八节
        3|13867204533|2024-03-08 10:01|成功|女神节九折|三八节
        """,
        {"touch_id": "消息ID", "happened_at": "发送时间", "kind": "发送状态", "message": "短信内容", "campaign_name": "活动名称"},
        {"customer_id": ["+8613867204511"], "target": ["13867204511"], "campaign_id": ["三八节"], "happened_at": [moment("2024-03-08 10:00")]},
        language="zh_CN",
    ),
    Export(
        "touches",
        "розсилка березень",
        """
        Email отримувача|Дата відправки|Тема листа|Статус доставки|Назва розсилки
        Olena@Example.com|05.03.2024 09:00|Весняні знижки|відкрито|Весна
        ivan@example.com|15.03.2024 09:00|Весняні знижки|надіслано|Весна
        """,
        {"customer_email": "Email отримувача", "happened_at": "Дата відправки", "message": "Тема листа", "kind": "Статус доставки"},
        {"customer_id": ["olena@example.com", "ivan@example.com"], "campaign_id": ["Весна", "Весна"], "kind": ["відкрито", "надіслано"]},
        language="uk",
    ),
    Export(
        "touches",
        "email log",
        """
        Message ID|Customer ID|Recipient email|Sent at|Email status|Template name|Campaign ID|Variant
        m1|c1|a@example.com|2024-03-05 10:00|opened|spring_a|7|A
        m2|c2|b@example.com|2024-03-05 10:00|clicked|spring_b|7|B
        m3|c3|c@example.com||sent|spring_b|7|B
        """,
        {"touch_id": "Message ID", "customer_id": "Customer ID", "happened_at": "Sent at", "kind": "Email status", "arm": "Variant"},
        {"touch_id": ["m1", "m2"], "campaign_id": ["7", "7"], "arm": ["A", "B"], "target": ["a@example.com"]},
        {"date_missing": 1},
    ),
    Export(
        "campaigns",
        "营销活动列表",
        """
        活动编号|活动名称|投放渠道|活动开始日期|活动结束日期|预算(元)|目标人群
        A01|三八女神节|短信|2024-03-01|2024-03-08|1.5万|沉睡会员
        A02|春茶上新|公众号|2024-04-01|2024-04-20|8,000|老客
        """,
        {"campaign_id": "活动编号", "campaign_name": "活动名称", "budget": "预算(元)", "started_on": "活动开始日期", "ended_on": "活动结束日期"},
        {
            "started_on": [day("2024-03-01")],
            "ended_on": [day("2024-03-08")],
            "budget": [D(15000), D(8000)],
            "currency": ["CNY"],
            "audience": ["沉睡会员", "老客"],
        },
        language="zh_CN",
    ),
    Export(
        "campaigns",
        "План акцій",
        """
        Назва кампанії|Канал|Дата початку|Дата завершення|Бюджет кампанії|Цільова аудиторія
        Весна|Viber|01.03.2024|31.03.2024|12 500,00|усі
        Великдень|e-mail|15.04.2024|05.05.2030|8 000,50|постійні
        """,
        {"campaign_name": "Назва кампанії", "started_on": "Дата початку", "ended_on": "Дата завершення", "budget": "Бюджет кампанії"},
        {"campaign_id": ["Весна", "Великдень"], "budget": [D("12500"), D("8000.5")], "ended_on": [day("2024-03-31"), day("2030-05-05")]},
        language="uk",
    ),
    Export(
        "campaigns",
        "campaigns",
        """
        Campaign ID|Campaign name|Start date|End date|Budget|Objective|Channel
        1|Spring|2024-03-01|2024-03-31|$5,000.00|Reactivation|E-mail
        2|Launch|2024-04-01||$2,500.00|Awareness|Meta
        """,
        {"campaign_id": "Campaign ID", "started_on": "Start date", "budget": "Budget", "goal": "Objective", "channel": "Channel"},
        {"budget": [D(5000), D(2500)], "currency": ["USD"], "ended_on": [day("2024-03-31"), None]},
    ),
    Export(
        "spend",
        "推广数据",
        """
        日期|推广渠道|计划名称|花费(元)|展现量|点击量|转化数
        2024-03-01|巨量千川|春茶A|1,234.50|45,678|890|12
        2024-03-02|巨量千川|春茶A|￥980.00|40,002|810|9
        2024-03-01|小红书|种草1|500|1.2万|300|
        合计|||2714.5|||
        """,
        {"spent_on": "日期", "channel": "推广渠道", "campaign_id": "计划名称", "amount": "花费(元)", "impressions": "展现量", "clicks": "点击量"},
        {
            "spent_on": [day("2024-03-01"), day("2024-03-02")],
            "amount": [D("1234.5"), D("980"), D("500")],
            "impressions": [45678, 40002, 12000],
            "currency": ["CNY"],
        },
        {"total_row": 1},
        "zh_CN",
    ),
    Export(
        "spend",
        "Витрати на рекламу",
        """
        День|Рекламний кабінет|Кампанія|Витрати, грн|Покази|Кліки|Конверсії
        01.03.2024|Meta|Весна|1 250,40|20 100|310|7
        02.03.2024|Google|Бренд|640,00|5 400|220|11
        13.03.2024|Google|Бренд|немає|5 400|220|11
        """,
        {"spent_on": "День", "channel": "Рекламний кабінет", "campaign_name": "Кампанія", "amount": "Витрати, грн", "clicks": "Кліки"},
        {"amount": [D("1250.4"), D("640")], "campaign_id": ["Весна", "Бренд"], "currency": ["UAH", "UAH"], "conversions": [D(7), D(11)]},
        {"amount_missing": 1},
        "uk",
    ),
    Export(
        "spend",
        "ad report",
        """
        Reporting starts|Campaign name|Platform|Amount spent (USD)|Impressions|Link clicks|Results
        2024-03-01|Spring|Facebook|120.55|10234|320|14
        2024-03-02|Spring|Instagram|88.10|8001|150|3
        2024-03-03|Spring|Instagram|x|8001|150|3
        """,
        {"spent_on": "Reporting starts", "campaign_name": "Campaign name", "amount": "Amount spent (USD)", "impressions": "Impressions"},
        {"amount": [D("120.55"), D("88.1")], "clicks": [320, 150], "currency": ["USD", "USD"], "conversions": [D(14), D(3)]},
        {"number_unreadable": 1},
    ),
    Export(
        "tickets",
        "客服工单",
        """
        工单编号|客户手机|工单类型|标题|创建时间|首次响应时间|关闭时间|优先级|工单状态|客服|满意度
        T240301|138 6720 4511|退换货|茶叶受潮|2024-03-01 09:12:00|2024-03-01 09:20:00|2024-03-02 10:00:00|高|已关闭|小王|5
        T240302|13867204522|物流|还没到货|2024-03-02 11:00|2024-03-02 11:30||中|处理中|小李|
        T240303|13867204511|咨询|怎么泡|2024年3月3日 8点05分|||低|待处理|小王|好评
        """,
        {"ticket_id": "工单编号", "customer_phone": "客户手机", "kind": "工单类型", "opened_at": "创建时间", "first_reply_at": "首次响应时间", "agent": "客服"},
        {
            "opened_at": [moment("2024-03-01 09:12"), moment("2024-03-02 11:00"), moment("2024-03-03 08:05")],
            "customer_id": ["+8613867204511", "+8613867204522", "+8613867204511"],
            "closed_at": [moment("2024-03-02 10:00"), None, None],
            "satisfaction": [D(5), None, None],
        },
        language="zh_CN",
    ),
    Export(
        "tickets",
        "Звернення клієнтів",
        """
        № звернення|Дата звернення|ПІБ клієнта|Телефон|Тема звернення|Причина|Перша відповідь|Дата закриття|Оператор|Оцінка клієнта
        1|05.03.2024 10:15|Олена Шевченко|0671112203|Розбита чашка|пакування|05.03.2024 11:00|06.03.2024|Марія|5
        2|15.03.2024 12:00|Іван Петренко|0671112204|Не доїхало|Нова Пошта|||Марія|4
        3|немає|Іван Петренко|0671112204|Не доїхало|Нова Пошта|||Марія|4
        """,
        {"ticket_id": "№ звернення", "opened_at": "Дата звернення", "subject": "Тема звернення", "cause": "Причина", "agent": "Оператор"},
        {
            "opened_at": [moment("2024-03-05 10:15"), moment("2024-03-15 12:00"), None],
            "closed_at": [moment("2024-03-06"), None],
            "customer_id": ["+380671112203"],
        },
        language="uk",
    ),
    Export(
        "tickets",
        "support",
        """
        Case Number|Account ID|Subject|Status|Priority|Date/Time Opened|Date/Time Closed|Case Owner|Case Origin|Order Number
        00001|A-1|Wrong size|Closed|High|3/15/2024 9:00 AM|3/16/2024 5:00 PM|Ann|Email|1001
        00002|A-2|Where is my parcel|New|Low|3/17/2024 1:30 PM||Bob|Phone|1002
        """,
        {"ticket_id": "Case Number", "customer_id": "Account ID", "opened_at": "Date/Time Opened", "closed_at": "Date/Time Closed", "agent": "Case Owner"},
        {"opened_at": [moment("2024-03-15 09:00"), moment("2024-03-17 13:30")], "order_id": ["1001", "1002"], "channel": ["Email", "Phone"]},
    ),
    Export(
        "surveys",
        "问卷结果",
        """
        答卷编号|会员号|问卷名称|提交答卷时间|推荐意愿|意见建议
        1|VIP1|门店满意度|2024-03-05 10:00|9|服务很好
        2|VIP2|门店满意度|2024-03-05 11:00|6|排队久
        3|VIP3|门店满意度|2024-03-06 11:00||
        """,
        {"response_id": "答卷编号", "customer_id": "会员号", "survey": "问卷名称", "score": "推荐意愿", "answer": "意见建议", "answered_at": "提交答卷时间"},
        {"score": [D(9), D(6)], "answer": ["服务很好", "排队久"], "answered_at": [moment("2024-03-05 10:00")]},
        {"needed_missing": 1},
        "zh_CN",
    ),
    Export(
        "surveys",
        "NPS опитування",
        """
        Номер анкети|Телефон|Дата відповіді|NPS|Коментар клієнта
        1|0671112203|05.03.2024|10|Люблю вас
        2|0671112204|25.03.2024|3|Довго чекав
        """,
        {"response_id": "Номер анкети", "customer_phone": "Телефон", "answered_at": "Дата відповіді", "score": "NPS", "answer": "Коментар клієнта"},
        {"score": [D(10), D(3)], "answered_at": [moment("2024-03-05"), moment("2024-03-25")], "customer_id": ["+380671112203"]},
        language="uk",
    ),
    Export(
        "surveys",
        "survey responses",
        """
        Response ID|Email|Survey name|Question|Answered at|Score|Verbatim
        r1|Ann@Example.com|NPS Q1|How likely are you to recommend us?|2024-03-05 10:00|9|great tea
        r2|bob@example.com|NPS Q1|How likely are you to recommend us?|2024-03-05 11:00|8/10|ok
        """,
        {"response_id": "Response ID", "customer_email": "Email", "question": "Question", "score": "Score", "answer": "Verbatim"},
        {"score": [D(9), D(8)], "customer_id": ["ann@example.com", "bob@example.com"], "survey": ["NPS Q1", "NPS Q1"]},
    ),
    Export(
        "reviews",
        "商品评价",
        """
        评价ID|订单编号|商品名称|买家昵称|评价时间|星级|评价内容|商家回复
        1|2024001|龙井|小明|2024-03-05 20:11|5星|很香|谢谢
        2|2024002|普洱|小红|2024-03-06 21:00|★★★|一般|
        3|2024003|龙井|小刚|2024-03-07 08:00|4|还行|
        """,
        {"review_id": "评价ID", "order_id": "订单编号", "product_name": "商品名称", "written_at": "评价时间", "score": "星级", "text": "评价内容"},
        {"score": [D(5), D(3), D(4)], "product_id": ["龙井", "普洱", "龙井"], "text": ["很香", "一般", "还行"], "written_at": [moment("2024-03-05 20:11")]},
        language="zh_CN",
    ),
    Export(
        "reviews",
        "відгуки",
        """
        Дата відгуку|Товар|Оцінка|Текст відгуку|Ім'я клієнта|Відповідь магазину
        05.03.2024|Чай зелений|5|Смачний|Олена|Дякуємо
        25.03.2024|Чай чорний|2 з 5|Гіркий|Іван|
        """,
        {"written_at": "Дата відгуку", "score": "Оцінка", "text": "Текст відгуку", "reply": "Відповідь магазину"},
        {"score": [D(5), D(2)], "text": ["Смачний", "Гіркий"], "written_at": [moment("2024-03-05"), moment("2024-03-25")]},
        language="uk",
    ),
    Export(
        "reviews",
        "reviews",
        """
        Review ID|Product ID|Customer email|Rating|Review title|Review|Review date
        1|SKU-1|a@example.com|5|Lovely|Best tea ever|2024-03-05
        2|SKU-2|b@example.com|1|Bad|Stale|2024-03-06
        3|SKU-2|c@example.com||||2024-03-06
        """,
        {"review_id": "Review ID", "product_id": "Product ID", "score": "Rating", "title": "Review title", "text": "Review"},
        {"score": [D(5), D(1)], "customer_id": ["a@example.com", "b@example.com"], "title": ["Lovely", "Bad"]},
        {"needed_missing": 1},
    ),
    Export(
        "consents",
        "营销授权记录",
        """
        会员号|授权用途|授权渠道|是否同意|授权时间|协议版本
        V1|营销短信|短信|是|2024-03-01 10:00|v2
        V2|营销短信|短信|否|2024-03-02 10:00|v2
        V3|营销短信|短信|也许|2024-03-02 10:00|v2
        """,
        {"customer_id": "会员号", "purpose": "授权用途", "granted": "是否同意", "given_at": "授权时间", "text_version": "协议版本"},
        {"granted": [True, False], "given_at": [moment("2024-03-01 10:00")]},
        {"answer_unreadable": 1},
        "zh_CN",
    ),
    Export(
        "consents",
        "Згоди",
        """
        Код клієнта|Мета обробки|Канал|Згода надана|Дата згоди|Діє до
        K1|розсилка|Viber|так|05.03.2024|05.03.2026
        K2|розсилка|e-mail|ні|25.03.2024|
        |розсилка|e-mail|так|25.03.2024|
        """,
        {"customer_id": "Код клієнта", "purpose": "Мета обробки", "granted": "Згода надана", "given_at": "Дата згоди", "expires_on": "Діє до"},
        {"granted": [True, False], "expires_on": [day("2026-03-05"), None]},
        {"customer_missing": 1},
        "uk",
    ),
    Export(
        "consents",
        "consents",
        """
        Email|Purpose|Channel|Consent status|Consent date|Policy version|Consent source
        Ann@example.com|newsletter|email|opted in|2024-03-05|2023-01|checkout form
        bob@example.com|newsletter|email|unsubscribed|2024-03-09|2023-01|footer link
        """,
        {"customer_email": "Email", "purpose": "Purpose", "granted": "Consent status", "given_at": "Consent date", "proof": "Consent source"},
        {"customer_id": ["ann@example.com", "bob@example.com"], "granted": [True, False]},
    ),
    Export(
        "leads",
        "线索",
        """
        线索ID|姓名|手机|公司|线索来源|线索创建时间|线索状态|负责人|意向产品
        L1|张伟|13867204511|天翼茶行|抖音|2024-03-01 10:00|跟进中|李娜|龙井礼盒
        L2|王芳|13867204522||转介绍|2024-03-02 10:00|已转化|李娜|普洱
        |||||||李娜|
        """,
        {"lead_id": "线索ID", "name": "姓名", "phone": "手机", "source": "线索来源", "created_at": "线索创建时间", "owner": "负责人"},
        {"name": ["张伟", "王芳"], "phone": ["13867204511", "13867204522"], "created_at": [moment("2024-03-01 10:00")], "interest": ["龙井礼盒", "普洱"]},
        {"needed_missing": 1},
        "zh_CN",
    ),
    Export(
        "leads",
        "Ліди",
        """
        ID ліда|Ім'я|Телефон|Джерело|Дата створення|Статус ліда|Відповідальний
        1|Олена|0671112203|Instagram|05.03.2024 10:00|новий|Марія
        2|Іван|0671112204|сайт|25.03.2024 12:00|в роботі|Петро
        """,
        {"lead_id": "ID ліда", "source": "Джерело", "created_at": "Дата створення", "status": "Статус ліда", "owner": "Відповідальний"},
        {"lead_id": ["1", "2"], "source": ["Instagram", "сайт"], "created_at": [moment("2024-03-05 10:00"), moment("2024-03-25 12:00")]},
        language="uk",
    ),
    Export(
        "leads",
        "leads",
        """
        Lead ID|First Name|Last Name|Company|Email|Phone|Lead Source|Lead Status|Created Date|Lead Owner
        00Q1|Ann|Smith|Acme|ann@example.com|+44 20 7946 0958|Web|Open|3/15/2024|Bob
        00Q2|Tom|Brown|Beta|tom@example.com||Referral|Qualified|3/16/2024|Bob
        """,
        {"lead_id": "Lead ID", "given_name": "First Name", "family_name": "Last Name", "source": "Lead Source", "created_at": "Created Date"},
        {"name": ["Ann Smith", "Tom Brown"], "email": ["ann@example.com", "tom@example.com"], "created_at": [moment("2024-03-15")], "owner": ["Bob", "Bob"]},
    ),
    Export(
        "deals",
        "商机列表",
        """
        商机编号|商机名称|客户名称|销售阶段|预计成交日期|商机金额|赢率|负责人|输单原因|创建时间
        O1|年会礼品|天翼茶行|赢单|2024-03-10|12万|100%|李娜||2024-01-05
        O2|中秋礼盒|云海酒店|报价|2024-09-01|35,000.00|40%|李娜||2024-02-05
        O3|员工福利|星河科技|输单|2024-02-28|20000|0|王芳|价格高|2024-01-15
        """,
        {
            "deal_id": "商机编号",
            "name": "商机名称",
            "customer_name": "客户名称",
            "stage": "销售阶段",
            "amount": "商机金额",
            "probability": "赢率",
            "reason": "输单原因",
        },
        {"amount": [D(120000), D(35000), D(20000)], "won": [True, None, False], "probability": [D(1), D("0.4"), D(0)], "customer_id": ["天翼茶行", "云海酒店"]},
        language="zh_CN",
    ),
    Export(
        "deals",
        "Угоди",
        """
        ID угоди|Назва угоди|Компанія|Стадія|Сума угоди|Дата створення|Дата закриття|Відповідальний|Причина відмови
        1|Чай для офісу|ТОВ Зоря|Успішно реалізовано|12 500,00 грн|05.01.2024|01.02.2024|Марія|
        2|Подарунки|ПП Лан|Програно|8 000,00 грн|15.01.2024|20.02.2024|Марія|ціна
        3|Кава|ТОВ Мрія|Переговори|5 000,00 грн|25.01.2024||Петро|
        """,
        {"deal_id": "ID угоди", "name": "Назва угоди", "stage": "Стадія", "amount": "Сума угоди", "closed_at": "Дата закриття", "reason": "Причина відмови"},
        {
            "won": [True, False, None],
            "amount": [D(12500), D(8000), D(5000)],
            "currency": ["UAH"] * 3,
            "closed_at": [moment("2024-02-01"), moment("2024-02-20"), None],
        },
        language="uk",
    ),
    Export(
        "deals",
        "opportunities",
        """
        Opportunity ID|Opportunity Name|Account Name|Stage|Amount|Close Date|Created Date|Probability (%)|Opportunity Owner|Loss Reason
        006A|Tea for office|Acme|Closed Won|$12,000.00|2024-03-31|2024-01-05|100|Ann|
        006B|Gifts|Beta|Closed Lost|$4,000.00|2024-02-28|2024-01-09|0|Ann|Price
        006C|Coffee|Gamma|Negotiation|$9,000.00|2024-06-30|2024-02-01|60|Bob|
        """,
        {"deal_id": "Opportunity ID", "name": "Opportunity Name", "stage": "Stage", "amount": "Amount", "closed_at": "Close Date"},
        {"won": [True, False, None], "probability": [D(1), D(0), D("0.6")], "customer_id": ["Acme", "Beta", "Gamma"], "currency": ["USD"] * 3},
    ),
    Export(
        "deal_stages",
        "商机阶段变更记录",
        """
        商机编号|变更后阶段|进入时间|离开时间|变更人
        O1|初步接触|2024-01-05 10:00|2024-01-10 10:00|李娜
        O1|报价|2024-01-10 10:00||李娜
        O2|初步接触|2024-02-05 10:00||王芳
        """,
        {"deal_id": "商机编号", "stage": "变更后阶段", "entered_at": "进入时间", "left_at": "离开时间", "owner": "变更人"},
        {"stage": ["初步接触", "报价", "初步接触"], "entered_at": [moment("2024-01-05 10:00")], "left_at": [moment("2024-01-10 10:00"), None]},
        language="zh_CN",
    ),
    Export(
        "deal_stages",
        "Історія угод",
        """
        ID угоди|Новий етап|Дата зміни етапу|Хто змінив
        1|Переговори|05.01.2024 10:00|Марія
        1|Рахунок|15.01.2024 10:00|Марія
        2||25.01.2024 10:00|Петро
        """,
        {"deal_id": "ID угоди", "stage": "Новий етап", "entered_at": "Дата зміни етапу", "owner": "Хто змінив"},
        {"stage": ["Переговори", "Рахунок"], "entered_at": [moment("2024-01-05 10:00"), moment("2024-01-15 10:00")]},
        {"needed_missing": 1},
        "uk",
    ),
    Export(
        "deal_stages",
        "deal stage history",
        """
        Deal ID|To stage|Entered stage at|Exited stage at|Changed by
        1|Qualified|2024-01-05 10:00|2024-01-12 09:00|Ann
        1|Proposal|2024-01-12 09:00||Ann
        """,
        {"deal_id": "Deal ID", "stage": "To stage", "entered_at": "Entered stage at", "left_at": "Exited stage at"},
        {"stage": ["Qualified", "Proposal"], "left_at": [moment("2024-01-12 09:00"), None]},
    ),
    Export(
        "activities",
        "跟进记录",
        """
        客户名称|跟进时间|跟进方式|跟进人|跟进内容|关联商机|通话时长(秒)
        天翼茶行|2024-03-01 10:00|电话|李娜|确认年会礼品数量|O1|180
        云海酒店|2024-03-02 14:00|拜访|李娜|看样品|O2|
        """,
        {"customer_name": "客户名称", "happened_at": "跟进时间", "kind": "跟进方式", "owner": "跟进人", "note": "跟进内容", "deal_id": "关联商机"},
        {"customer_id": ["天翼茶行", "云海酒店"], "minutes": [D(3), None], "happened_at": [moment("2024-03-01 10:00")]},
        language="zh_CN",
    ),
    Export(
        "activities",
        "Дзвінки менеджерів",
        """
        Дата дзвінка|Менеджер|Телефон|Тип дзвінка|Результат дзвінка|Тривалість дзвінка|Нотатки
        05.03.2024 10:00|Марія|0671112203|вихідний|домовились|00:03:30|передзвонити
        25.03.2024 11:00|Петро|0671112204|вхідний|не відповів|00:00:00|
        """,
        {"happened_at": "Дата дзвінка", "owner": "Менеджер", "kind": "Тип дзвінка", "result": "Результат дзвінка", "minutes": "Тривалість дзвінка"},
        {"minutes": [D("3.5"), D(0)], "owner": ["Марія", "Петро"], "customer_id": ["+380671112203", "+380671112204"]},
        language="uk",
    ),
    Export(
        "activities",
        "call log",
        """
        Activity ID|Activity type|Activity date|Account ID|Related deal|Activity owner|Call outcome|Duration (min)|Notes
        1|Call|2024-03-05 10:00|A-1|D-1|Ann|Connected|12.5|Wants a quote
        2|Meeting|2024-03-06 10:00|A-2|D-2|Bob|Held|45|
        3|Call||A-2|D-2|Bob|No answer|1|
        """,
        {"activity_id": "Activity ID", "kind": "Activity type", "happened_at": "Activity date", "deal_id": "Related deal", "result": "Call outcome"},
        {"minutes": [D("12.5"), D(45)], "note": ["Wants a quote", None], "customer_id": ["A-1", "A-2"]},
        {"date_missing": 1},
    ),
    Export(
        "subscriptions",
        "会员卡台账",
        """
        合同编号|会员姓名|手机号|卡种|开卡日期|到期日期|会员卡状态|卡费|退卡日期
        HT001|张伟|13867204511|年卡|2024-01-01|2024-12-31|正常|1,980|
        HT002|王芳|13867204522|季卡|2024-03-01|2024-05-31|已退卡|680|2024-04-02
        """,
        {"subscription_id": "合同编号", "plan": "卡种", "started_on": "开卡日期", "ends_on": "到期日期", "price": "卡费", "cancelled_on": "退卡日期"},
        {"plan": ["年卡", "季卡"], "price": [D(1980), D(680)], "cancelled_on": [None, day("2024-04-02")], "customer_id": ["+8613867204511"]},
        language="zh_CN",
    ),
    Export(
        "subscriptions",
        "Абонементи",
        """
        № абонемента|Код клієнта|Тариф|Дата активації|Діє до|Абонплата|Стан абонемента
        A1|K1|Безліміт|05.01.2024|05.01.2025|450,00|активний
        A2|K2|Ранковий|25.02.2024|25.08.2024|300,00|призупинений
        """,
        {"subscription_id": "№ абонемента", "customer_id": "Код клієнта", "plan": "Тариф", "started_on": "Дата активації", "ends_on": "Діє до"},
        {"started_on": [day("2024-01-05"), day("2024-02-25")], "price": [D(450), D(300)], "status": ["активний", "призупинений"]},
        language="uk",
    ),
    Export(
        "subscriptions",
        "subscriptions",
        """
        Subscription ID|Customer ID|Plan|Start date|Current period end|Canceled at|Status|MRR|Billing period
        sub_1|cus_1|Gold|2024-01-05|2025-01-05||active|$49.00|month
        sub_2|cus_2|Basic|2024-02-01|2024-03-01|2024-02-20|canceled|$19.00|month
        """,
        {"subscription_id": "Subscription ID", "customer_id": "Customer ID", "plan": "Plan", "started_on": "Start date", "ends_on": "Current period end"},
        {"price": [D(49), D(19)], "currency": ["USD", "USD"], "cancelled_on": [None, day("2024-02-20")], "period": ["month", "month"]},
    ),
    Export(
        "stored_value",
        "储值卡流水",
        """
        流水号|会员卡号|变动时间|变动类型|变动金额|赠送金额|余额|门店
        1|C001|2024-03-01 10:00|充值|500|50|550|南门店
        2|C001|2024-03-05 18:30|消费|88.5||461.5|南门店
        3|C002|2024-03-06 12:00|充值|1000|150|1150|北门店
        """,
        {"entry_id": "流水号", "happened_at": "变动时间", "kind": "变动类型", "amount": "变动金额", "bonus": "赠送金额", "balance": "余额"},
        {
            "customer_id": ["C001", "C001", "C002"],
            "amount": [D(500), D("-88.5"), D(1000)],
            "bonus": [D(50), None, D(150)],
            "balance": [D(550), D("461.5"), D(1150)],
        },
        language="zh_CN",
    ),
    Export(
        "stored_value",
        "Рух по картках",
        """
        Номер операції|Номер картки|Дата операції|Тип операції|Поповнення|Списано|Залишок на картці
        1|777|05.03.2024 10:00|поповнення|500,00||500,00
        2|777|15.03.2024 12:00|оплата||120,50|379,50
        """,
        {"entry_id": "Номер операції", "happened_at": "Дата операції", "money_in": "Поповнення", "money_out": "Списано", "balance": "Залишок на картці"},
        {"amount": [D(500), D("-120.5")], "balance": [D(500), D("379.5")], "happened_at": [moment("2024-03-05 10:00")]},
        language="uk",
    ),
    Export(
        "stored_value",
        "gift card movements",
        """
        Movement ID|Gift card number|Customer email|Movement date|Movement type|Movement amount|Balance after
        1|G-1|a@example.com|2024-03-05|Load|$100.00|$100.00
        2|G-1|a@example.com|2024-03-09|Redeemed|$30.00|$70.00
        3|G-1|a@example.com|2030-03-09|Redeemed|$30.00|$70.00
        """,
        {"entry_id": "Movement ID", "card_id": "Gift card number", "happened_at": "Movement date", "kind": "Movement type", "amount": "Movement amount"},
        {"amount": [D(100), D(-30)], "balance": [D(100), D(70)], "currency": ["USD", "USD"], "customer_id": ["a@example.com"]},
        {"date_impossible": 1},
    ),
    Export(
        "invoices",
        "应收账款明细",
        """
        应收单号|客户名称|开票日期|到期日|应收金额|已收金额|核销状态
        YS001|天翼茶行|2024-01-05|2024-02-05|12,000.00|12,000.00|已核销
        YS002|云海酒店|2024-02-10|2024-03-10|8,500.00|3,000.00|部分核销
        合计||||20,500.00|15,000.00|
        """,
        {"invoice_id": "应收单号", "customer_name": "客户名称", "issued_on": "开票日期", "due_on": "到期日", "amount": "应收金额", "paid": "已收金额"},
        {"amount": [D(12000), D(8500)], "paid": [D(12000), D(3000)], "due_on": [day("2024-02-05"), day("2024-03-10")]},
        {"total_row": 1},
        "zh_CN",
    ),
    Export(
        "invoices",
        "Дебіторська заборгованість",
        """
        № рахунку|Контрагент|Дата рахунку|Термін оплати|Сума рахунку|Оплачено|Статус оплати
        15|ТОВ Зоря|05.01.2024|05.02.2024|12 000,00|12 000,00|сплачено
        16|ПП Лан|15.02.2024|15.03.2024|8 500,50|0,00|прострочено
        """,
        {"invoice_id": "№ рахунку", "issued_on": "Дата рахунку", "due_on": "Термін оплати", "amount": "Сума рахунку", "paid": "Оплачено"},
        {"amount": [D(12000), D("8500.5")], "paid": [D(12000), D(0)], "customer_id": ["ТОВ Зоря", "ПП Лан"], "status": ["сплачено", "прострочено"]},
        language="uk",
    ),
    Export(
        "invoices",
        "open invoices",
        """
        Invoice Number|Customer|Invoice Date|Due Date|Invoice Amount|Amount Paid|Invoice Status
        INV-1|Acme|15/01/2024|14/02/2024|£1,200.00|£1,200.00|Paid
        INV-2|Beta|20/02/2024|21/03/2024|£850.00|£0.00|Overdue
        """,
        {"invoice_id": "Invoice Number", "issued_on": "Invoice Date", "due_on": "Due Date", "amount": "Invoice Amount", "paid": "Amount Paid"},
        {"amount": [D(1200), D(850)], "due_on": [day("2024-02-14"), day("2024-03-21")], "currency": ["GBP", "GBP"]},
    ),
    Export(
        "stock",
        "库存盘点表",
        """
        盘点日期|仓库|商品编码|商品名称|库存数量|锁定库存|在途数量|供应商
        2024-03-31|南门仓|6901|龙井|120|5|60|西湖茶厂
        2024-03-31|南门仓|6902|普洱|35||0|云南茶厂
        2024-03-31|南门仓|合计||155|||
        """,
        {"counted_on": "盘点日期", "store": "仓库", "product_id": "商品编码", "on_hand": "库存数量", "reserved": "锁定库存", "on_order": "在途数量"},
        {"on_hand": [D(120), D(35)], "reserved": [D(5), None], "store": ["南门仓", "南门仓"], "counted_on": [day("2024-03-31")]},
        language="zh_CN",
    ),
    Export(
        "stock",
        "Залишки на складах",
        """
        Товар|Склад|Залишок, шт|Резерв|Очікується|Станом на
        Чай зелений|Київ|120|4|60|31.03.2024
        Чай чорний|Львів|-3||0|31.03.2024
        Кава|Львів|немає||0|31.03.2024
        """,
        {"product_name": "Товар", "store": "Склад", "on_hand": "Залишок, шт", "reserved": "Резерв", "counted_on": "Станом на"},
        {"product_id": ["Чай зелений", "Чай чорний"], "on_hand": [D(120), D(-3)], "store": ["Київ", "Львів"]},
        {"needed_missing": 1},
        "uk",
    ),
    Export(
        "stock",
        "inventory",
        """
        SKU|Product name|Warehouse|Quantity on hand|Reserved|On order|Lead time (days)|Supplier|Snapshot date
        A-1|Green tea|Main|1,200|20|500|14|Tea Farm|2024-03-31
        A-2|Black tea|Main|80|0|0|21|Tea Farm|2024-03-31
        """,
        {"product_id": "SKU", "on_hand": "Quantity on hand", "lead_days": "Lead time (days)", "supplier": "Supplier", "counted_on": "Snapshot date"},
        {"on_hand": [D(1200), D(80)], "lead_days": [14, 21], "product_id": ["A-1", "A-2"]},
    ),
    Export(
        "competitor_prices",
        "竞品价格监测",
        """
        采集日期|竞品店铺|商品名称|竞品价格|促销信息
        2024-03-01|茗香旗舰店|龙井250g|¥128.00|满200减20
        2024-03-01|绿野茶庄|龙井250g|¥119.00|
        """,
        {"observed_on": "采集日期", "competitor": "竞品店铺", "product_name": "商品名称", "price": "竞品价格", "promotion": "促销信息"},
        {"price": [D(128), D(119)], "competitor": ["茗香旗舰店", "绿野茶庄"], "product_id": ["龙井250g", "龙井250g"], "currency": ["CNY", "CNY"]},
        language="zh_CN",
    ),
    Export(
        "competitor_prices",
        "Моніторинг цін конкурентів",
        """
        Дата перевірки|Конкурент|Товар|Ціна конкурента|Акція
        05.03.2024|Чайний Дім|Чай зелений 100 г|129,90 грн|-10%
        25.03.2024|Все для чаю|Чай зелений 100 г|135,00 грн|
        """,
        {"observed_on": "Дата перевірки", "competitor": "Конкурент", "price": "Ціна конкурента", "promotion": "Акція"},
        {"price": [D("129.9"), D(135)], "observed_on": [day("2024-03-05"), day("2024-03-25")], "currency": ["UAH", "UAH"]},
        language="uk",
    ),
    Export(
        "competitor_prices",
        "price watch",
        """
        Date checked|Competitor|SKU|Competitor price|Promotion|Competitor site
        2024-03-05|TeaHouse|A-1|$12.90|none|teahouse.example
        2024-03-05|Leafy|A-1|$11.50|2 for 1|leafy.example
        2024-03-05||A-1|$11.50|2 for 1|
        """,
        {"observed_on": "Date checked", "competitor": "Competitor", "product_id": "SKU", "price": "Competitor price"},
        {"price": [D("12.9"), D("11.5")], "competitor": ["TeaHouse", "Leafy"]},
        {"needed_missing": 1},
    ),
    Export(
        "calendar",
        "节假日与大促日历",
        """
        日期|节日名称|日期类型|结束日期
        2024-02-10|春节|法定节假日|2024-02-17
        2024-03-08|女神节|大促|
        2030-10-01|国庆节|法定节假日|2030-10-07
        """,
        {"day_on": "日期", "name": "节日名称", "kind": "日期类型", "until_on": "结束日期"},
        {"day_on": [day("2024-02-10"), day("2024-03-08"), day("2030-10-01")], "until_on": [day("2024-02-17"), None], "name": ["春节", "女神节", "国庆节"]},
        language="zh_CN",
    ),
    Export(
        "calendar",
        "Календар подій магазину",
        """
        Дата|Подія|Тип дня|Магазин|Годин без світла
        05.03.2024|відключення|блекаут|Центр|4,5
        25.03.2024|відкриття|відкриття|Північ|
        """,
        {"day_on": "Дата", "name": "Подія", "kind": "Тип дня", "store": "Магазин", "hours_lost": "Годин без світла"},
        {"hours_lost": [D("4.5"), None], "store": ["Центр", "Північ"], "day_on": [day("2024-03-05"), day("2024-03-25")]},
        language="uk",
    ),
    Export(
        "calendar",
        "holiday calendar",
        """
        Date|Holiday|Holiday type|Region
        2024-12-25|Christmas|public|UK
        2024-12-26|Boxing Day|public|UK
        |New Year|public|UK
        """,
        {"day_on": "Date", "name": "Holiday", "kind": "Holiday type", "region": "Region"},
        {"name": ["Christmas", "Boxing Day"], "day_on": [day("2024-12-25"), day("2024-12-26")]},
        {"date_missing": 1},
    ),
    Export(
        "statements",
        "银行流水",
        """
        记账日期|交易流水号|借方发生额|贷方发生额|余额|对方户名|摘要
        2024-03-01|A1||12,000.00|52,000.00|天翼茶行|货款
        2024-03-02|A2|3,500.00||48,500.00|西湖茶厂|采购款
        2024-03-03|A3|15.00||48,485.00||手续费
        """,
        {"booked_at": "记账日期", "statement_id": "交易流水号", "money_in": "贷方发生额", "money_out": "借方发生额", "party": "对方户名", "note": "摘要"},
        {"amount": [D(12000), D(-3500), D(-15)], "party": ["天翼茶行", "西湖茶厂", None]},
        language="zh_CN",
    ),
    Export(
        "statements",
        "Виписка банку",
        """
        Дата проведення|Номер документа|Дебет|Кредит|Контрагент|Призначення платежу
        05.03.2024|101||12 000,00|ТОВ Зоря|Оплата за чай згідно рахунку 15
        15.03.2024|102|3 500,50||ПП Постач|За товар
        """,
        {"booked_at": "Дата проведення", "money_in": "Кредит", "money_out": "Дебет", "party": "Контрагент", "note": "Призначення платежу"},
        {
            "amount": [D(12000), D("-3500.5")],
            "booked_at": [moment("2024-03-05"), moment("2024-03-15")],
            "note": ["Оплата за чай згідно рахунку 15", "За товар"],
        },
        language="uk",
    ),
    Export(
        "statements",
        "bank statement",
        """
        Posting date|Bank reference|Narrative|Debit|Credit|Counterparty
        05/03/2024|R1|INV-1 Acme||1,200.00|Acme
        15/03/2024|R2|Rent March|900.00||Landlord
        25/03/2024|R3|?|||
        """,
        {"booked_at": "Posting date", "statement_id": "Bank reference", "note": "Narrative", "money_in": "Credit", "money_out": "Debit"},
        {"amount": [D(1200), D(-900)], "booked_at": [moment("2024-03-05"), moment("2024-03-15")]},
        {"amount_missing": 1},
    ),
)
