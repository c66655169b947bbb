"""What people call the columns of an order file: for every role, its headers in Chinese, Ukrainian and English.

A *role* is what a column says; a *field* is what an import needs. Most roles are fields. The others are either second
choices for a field (``FALLBACKS``: a payment date serves where no order date exists) or known strangers such as the
postage, which must be recognised so that they are not taken for the amount.

In every list the first entry is the header the template uses. ``weak`` holds words that fit, but fit other things too.
Russian words stand among the Ukrainian ones, because accounting systems in Ukraine still export them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """Headers of one role, separated by ``|``."""

    zh: str = ""
    uk: str = ""
    en: str = ""
    weak: str = ""

    def first(self, language: str) -> str:
        """The header to write for readers of a language."""
        listed = {"zh_CN": self.zh, "uk": self.uk}.get(language, self.en)
        return listed.split("|")[0]


ROLES: Final[dict[str, Words]] = {
    # who
    "customer_id": Words(
        "客户编号|客户号|客户ID|客户代码|客户编码|会员号|会员编号|会员ID|会员卡号|会员卡|卡号|顾客编号|顾客ID|顾客号|用户ID|用户编号|用户号|买家ID|买家会员名|买家昵称|买家账号|买家旺旺|会员账号|客户账号|openid|微信号",
        "Код клієнта|Номер клієнта|ID клієнта|Клієнт ID|Ідентифікатор клієнта|Картка клієнта|Номер картки|Код покупця|ID покупця|Номер покупця|Код контрагента|Дисконтна картка|Код клиента|ID клиента"
        "|Номер клиента|Код покупателя|ЄДРПОУ",
        "Customer ID|Customer No|Customer number|Customer code|Customer key|Client ID|Client No|Client code|Client number|Buyer ID|Buyer username|User ID|Member ID|Member No|Member number|Membership number"
        "|Account ID|Account number|Account No|Loyalty card|Loyalty ID|Card number|Shopper ID|Cust ID|Cust No|Custid|Customer ref|Patient ID|Guest ID|Customer unique ID|Household key|Contact ID|Person ID",
        "cust|customer|client|buyer|user|member|account|uid|客户|顾客|会员|用户|买家|购买人|Клієнт|Покупець|Контрагент|Замовник|Картка|Клиент|Покупатель|Заказчик|consumer|shopper",
    ),
    "customer_name": Words(
        "客户姓名|客户名称|客户名|会员姓名|会员名|会员名称|顾客姓名|顾客名称|姓名|用户名|用户姓名|用户昵称|买家姓名|联系人|联系人姓名|客户全称|昵称|单位名称|购货单位|客户简称|会员昵称",
        "Ім'я клієнта|ПІБ|ПІБ клієнта|Ім'я|Ім'я та прізвище|Прізвище та ім'я|Прізвище, ім'я|Назва клієнта|Назва контрагента|Найменування клієнта|Ім'я покупця|ПІБ покупця|Контактна особа|ФИО|Имя клиента|Имя"
        "|ФИО клиента|ФИО покупателя|Наименование клиента",
        "Customer name|Client name|Buyer name|Full name|Billing name|Contact name|Member name|Account name|Customer full name|Name of customer|User name|Username|Billing full name|Guest name|Shopper name",
        "name|contact|company|company name|customer company|customer|client|buyer|客户|顾客|会员|买家|公司|公司名称|Клієнт|Покупець|Контрагент|Замовник|Клиент|Покупатель|Компанія|Организация",
    ),
    "given_name": Words("名字|名", "Імʼя (тільки)", "First name|Given name|Billing first name|Customer first name|Firstname"),
    "family_name": Words("姓|姓氏", "Прізвище|Прізвище клієнта|Фамилия", "Last name|Family name|Surname|Billing last name|Customer last name|Lastname"),
    "receiver_name": Words(
        "收货人|收货人姓名|收件人|收件人姓名|收货人名称", "Отримувач|Ім'я отримувача|ПІБ отримувача|Одержувач|Получатель", "Shipping name|Recipient|Recipient name|Ship to|Ship to name|Receiver|Receiver name|Ship name"
    ),
    "customer_phone": Words(
        "手机号|手机|手机号码|电话|电话号码|联系电话|联系手机|联系方式|客户电话|客户手机|会员手机|会员手机号|会员电话|顾客电话|买家手机|买家电话|手机号(会员)",
        "Телефон|Номер телефону|Телефон клієнта|Моб. телефон|Мобільний|Мобільний телефон|Телефон покупця|Контактний телефон|Тел.|Номер телефона|Телефон клиента",
        "Phone|Phone number|Mobile|Mobile number|Mobile phone|Telephone|Tel|Cell|Cell phone|Customer phone|Contact phone|Contact number|Billing phone|Client phone|Buyer phone|MSISDN|WhatsApp",
    ),
    "receiver_phone": Words("收货人手机|收货人电话|收件人电话|收件人手机|收货电话|收货手机", "Телефон отримувача|Телефон одержувача|Телефон получателя", "Shipping phone|Recipient phone|Receiver phone|Ship to phone"),
    "customer_email": Words(
        "邮箱|电子邮箱|电子邮件|邮件|邮箱地址|客户邮箱|会员邮箱|买家邮箱|E-mail",
        "Електронна пошта|Ел. пошта|Пошта|Е-пошта|Емейл|Імейл|Email клієнта|E-mail клієнта|Электронная почта",
        "E-mail|Email|Mail|Email address|Customer email|Client email|Billing email|Contact email|Buyer email|User email",
    ),
    "gender": Words("性别|客户性别|会员性别", "Стать|Стать клієнта|Пол", "Gender|Sex|Customer gender"),
    "birth_on": Words("生日|出生日期|出生年月|会员生日|客户生日", "Дата народження|День народження|Дата рождения", "Birth date|Birthday|Date of birth|DOB|Birthdate|Customer birthday"),
    "joined_on": Words(
        "注册日期|注册时间|入会日期|入会时间|办卡日期|开卡日期|开卡时间|会员注册时间|加入日期|建档日期",
        "Дата реєстрації|Клієнт з|Дата створення клієнта|Дата вступу|Дата регистрации",
        "Registered|Registration date|Joined|Join date|Joined on|Signup date|Sign up date|Customer since|Member since|Date joined|Enrollment date|Enrolment date|First seen|Customer created at",
    ),
    "customer_group": Words(
        "会员等级|客户等级|客户级别|会员级别|会员类型|客户类型|客户分组|客户类别|等级|客户群|会员卡类型|顾客类型",
        "Група клієнтів|Група клієнта|Тип клієнта|Категорія клієнта|Рівень клієнта|Сегмент|Статус клієнта|Группа клиента|Тип клиента",
        "Customer group|Customer type|Customer level|Customer segment|Member level|Membership level|Loyalty tier|Tier|Segment|Client type|Client group|Membership|Member type|Customer category|Customer tier|Customer class",
    ),
    "address": Words(
        "地址|收货地址|详细地址|客户地址|联系地址|收件地址|家庭住址|收件人地址",
        "Адреса|Адреса доставки|Адреса клієнта|Поштова адреса|Адрес|Адрес доставки",
        "Address|Customer address|Shipping address|Delivery address|Billing address|Street|Street address|Address 1|Shipping address 1|Shipping street|Billing street|Billing address 1",
    ),
    "city": Words(
        "城市|市|收货城市|所在城市|地级市|客户城市", "Місто|Місто доставки|Місто клієнта|Населений пункт|Город", "City|Customer city|Shipping city|Billing city|Town|Ship city|Delivery city|Customer town"
    ),
    "region": Words(
        "省份|省|地区|区域|收货省份|所在地区|所在省份|大区|省市",
        "Область|Регіон|Район|Регион",
        "Region|State|Province|County|Customer state|Shipping province|Billing province|Shipping state|Billing state|Ship state|Territory|Shipping region|State code",
    ),
    "country": Words("国家|国家/地区|国别|国家地区", "Країна|Країна доставки|Страна", "Country|Customer country|Shipping country|Billing country|Country code|Nation|Ship country"),
    # which order, when
    "order_id": Words(
        "订单编号|订单号|订单ID|单号|单据号|单据编号|销售单号|销售单据号|小票号|小票编号|流水号|交易号|交易流水号|交易单号|账单号|发票号|发票号码|订单流水号|主订单编号|主订单号|父订单号|消费单号|收银单号|商户订单号|淘宝订单号"
        "|系统订单号|交易编号|出库单号|开单号|原始单号",
        "Номер замовлення|№ замовлення|Замовлення|ID замовлення|Код замовлення|Номер чека|№ чека|Чек|Номер чеку|Номер документа|№ документа|Документ|Номер накладної|№ накладної|Накладна|Номер рахунку|Рахунок|Номер продажу"
        "|Номер угоди|ID угоди|Угода|Номер заказа|№ заказа|Заказ|Номер операції|Номер транзакції|Рахунок-фактура|Квитанція",
        "Order number|Order ID|Order No|Order #|Order|Invoice No|Invoice number|Invoice ID|Invoice|Receipt number|Receipt No|Receipt ID|Receipt|Transaction ID|Transaction number|Transaction No|Transaction|Sale ID|Sales order"
        "|Sales order number|Bill No|Bill number|Ticket number|Ticket ID|Document number|Document No|Basket ID|Check number|Order reference|Order key|Order name|SO number|PO number|Opportunity ID|Deal ID|Booking ID|Booking number",
        "id|no|number|ticket|编号|序列号|номер|№|код|ref|reference|deal|booking|opportunity|trans|txn|basket",
    ),
    "ordered_at": Words(
        "下单时间|订单时间|订单日期|下单日期|订单创建时间|创建时间|消费日期|消费时间|交易时间|交易日期|销售日期|销售时间|购买日期|购买时间|开单日期|开单时间|单据日期|业务日期|营业日期|成交时间|成交日期|结账时间|收银时间|拍下时间"
        "|制单日期|小票日期|记账日期|发生时间|发生日期",
        "Дата замовлення|Дата та час замовлення|Дата і час|Дата та час|Дата продажу|Дата покупки|Дата чека|Дата чеку|Дата документа|Дата операції|Дата створення|Дата угоди|Дата накладної|Дата транзакції|Дата рахунку"
        "|Створено|Час замовлення|Час створення|Дата заказа|Дата продажи|Дата документа|Дата создания|Дата оформлення|Дата візиту|Дата реалізації",
        "Order date|Ordered at|Order time|Order datetime|Order timestamp|Order date and time|Invoice date|Purchase date|Purchased at|Purchase time|Purchase timestamp|Order purchase timestamp|Transaction date|Transaction time|Sale date"
        "|Sales date|Date of sale|Date of purchase|Created at|Created|Created on|Creation date|Date created|Order created at|Order placed at|Placed at|Date ordered|Receipt date|Ticket date|Bill date|Document date|Booking date"
        "|Trans date|Txn date|Visit date|Date time|Datetime|Order created|Posting date|Event time",
        "date|day|timestamp|when|日期|时间|时间戳|Дата|День|created time|month|period",
    ),
    "order_time": Words(
        "时刻|具体时间|下单时刻|交易时刻|时间(时分)", "Час|Час продажу|Час операції|Час покупки|Время", "Time|Time of day|Sale time|Hour|Time of sale|Transaction hour", "时间|交易时间|销售时间|下单时间|Order time|Transaction time"
    ),
    "paid_at": Words(
        "付款时间|支付时间|付款日期|支付日期|订单付款时间|买家付款时间|收款日期|收款时间|到账时间|支付完成时间",
        "Дата оплати|Дата платежу|Оплачено дата|Час оплати|Дата оплаты|Дата надходження",
        "Payment date|Paid at|Paid on|Date paid|Payment time|Paid date|Order approved at|Settled at|Payment received",
    ),
    "completed_at": Words(
        "完成时间|交易完成时间|订单完成时间|确认收货时间|结束时间|交易成功时间|完成日期",
        "Дата виконання|Дата завершення|Завершено|Дата закриття|Дата выполнения",
        "Completed at|Date completed|Completion date|Closed at|Close date|Closed date|Closed on|Won date|Processed at|Fulfilled at",
    ),
    "shipped_at": Words("发货时间|发货日期|出库时间|出库日期", "Дата відправки|Дата відвантаження|Відправлено|Дата отгрузки", "Ship date|Shipped at|Shipped date|Shipping date|Dispatch date|Date shipped|Shipping limit date"),
    "delivered_at": Words(
        "收货时间|签收时间|送达时间|配送时间|配送日期|预计送达时间|要求到货日期|到货日期",
        "Дата доставки|Доставлено|Дата отримання|Бажана дата доставки",
        "Delivery date|Delivered at|Delivered on|Required date|Due date|Estimated delivery date|Arrival date|Order delivered carrier date|Order delivered customer date|Order estimated delivery date",
    ),
    "other_at": Words(
        "更新时间|修改时间|最后修改时间|关闭时间|退款时间|取消时间|审核时间|导出时间|打印时间|最近消费时间|最近消费日期|最后消费时间|最后消费日期|上次消费时间|首次消费时间|首次消费日期|最近下单时间",
        "Дата зміни|Оновлено|Дата оновлення|Дата скасування|Дата останнього замовлення|Остання покупка|Дата останньої покупки|Перша покупка|Дата першої покупки|Останній візит|Дата першого замовлення",
        "Last order date|First order date|Last purchase|Last purchase date|First purchase date|Last order|Last visit|Last transaction date|Last login|Last active|Updated at|Modified at|Last modified|Cancelled at|Canceled at|Refund date|Refunded at|Expiry date|Engage date|Export date|Start date|End date|Last updated",
    ),
    # what
    "product_id": Words(
        "商品编号|商品编码|商品ID|商品代码|货号|款号|SKU|SKU编码|SKU编号|商品条码|条码|条形码|产品编号|产品编码|产品代码|物料编码|物料编号|存货编码|商家编码|宝贝ID|菜品编码|菜品ID|菜品编号|规格编码|款式编码|产品ID|外部编码",
        "Код товару|Артикул|SKU|Артикул товару|ID товару|Штрихкод|Штрих-код|Код номенклатури|Код продукту|Номенклатурний номер|Код товара|Код послуги",
        "Product ID|SKU|Product code|Item code|Item ID|Item number|Item No|Stock code|Product number|Product No|Product SKU|Lineitem SKU|Article|Article number|Article No|Barcode|EAN|UPC|ASIN|Part number|Material number|Item SKU"
        "|Variant SKU|Material|Service code",
        "product|item|товар|商品|产品|plu",
    ),
    "product_name": Words(
        "商品名称|商品名|产品名称|产品名|品名|货品名称|货品|商品标题|宝贝标题|宝贝名称|菜品|菜品名称|菜名|项目名称|服务项目|消费项目|存货名称|物料名称|商品信息|商品明细|货物名称|标题|项目|款式名称|商品全称|课程名称",
        "Назва товару|Товар|Найменування|Найменування товару|Номенклатура|Назва|Продукт|Назва продукту|Послуга|Назва послуги|Позиція|Товари|Опис товару|Наименование товара|Наименование|Товар/послуга",
        "Product name|Item name|Product|Item|Product description|Item description|Product title|Lineitem name|Line item name|Title|Article name|Service|Service name|Goods|Dish|Menu item|Item title",
        "description|name|商品|产品|描述|Опис|details|Описание|宝贝",
    ),
    "category": Words(
        "商品类别|类别|分类|品类|商品分类|产品类别|产品分类|大类|类目|商品品类|菜品分类|商品类目|一级分类|产品线|宝贝种类|所属分类|商品大类",
        "Категорія|Категорія товару|Група товарів|Товарна група|Вид товару|Тип товару|Группа товаров|Категория",
        "Category|Product category|Product type|Item category|Product group|Department|Product line|Product family|Category name|Sub category|Product category name|Item type|Item group|Main category",
    ),
    "brand": Words("品牌|商品品牌|品牌名称|厂家|生产厂家", "Бренд|Марка|Виробник|Торгова марка|Производитель", "Brand|Vendor|Manufacturer|Make|Brand name"),
    # how many, how much
    "quantity": Words(
        "数量|购买数量|销售数量|件数|商品数量|销量|个数|份数|销售件数|总数量|宝贝总数量|商品总数|订购数量|下单数量|实发数量|购买件数|商品件数|总件数|数量(件)|次数|台数|瓶数",
        "Кількість|К-сть|К-ть|Кіл-ть|Кількість товару|Кількість, шт|Кількість (шт.)|Шт|Штук|Кількість одиниць|Количество|Кол-во",
        "Quantity|Qty|Item quantity|Lineitem quantity|Order quantity|Quantity ordered|Units|Units sold|Pieces|Pcs|Count|Item count|Number of items|Items|Qty ordered|Sales qty|Volume|No of items|Order item quantity|Product quantity|Quantity sold"
        "|Total items|Total quantity",
        "num|amt pieces|количество товара|cds",
    ),
    "unit_price": Words(
        "单价|销售单价|商品单价|成交单价|售价|销售价|价格|商品价格|零售价|实售价|成交价|折后单价|优惠价|含税单价|单价(元)|实际单价|现价",
        "Ціна|Ціна за одиницю|Ціна за шт|Ціна товару|Ціна, грн|Ціна продажу|Вартість за одиницю|Ціна зі знижкою|Цена|Цена за единицу",
        "Unit price|Price|Item price|Lineitem price|Price per unit|Price each|Selling price|Sale price|Sales price|Product price|Unit cost to customer|Price per item|Unit selling price|Rate|Per unit price|Item cost|Retail price",
    ),
    "list_price": Words("原价|标价|吊牌价|市场价|标准价|商品原价|市场单价", "Стара ціна|Ціна без знижки|Роздрібна ціна|РРЦ", "List price|MSRP|Original price|Lineitem compare at price|Compare at price|Regular price|Full price|RRP"),
    "net_amount": Words(
        "实付金额|实付|实付款|实收金额|实收|实收款|实际支付金额|买家实际支付金额|买家实付金额|支付金额|成交金额|成交额|折后金额|优惠后金额|实际金额|实际消费金额|净额|净销售额|实付总额|实际付款|订单实付金额|应付金额|买家应付货款|实际收款|实付价"
        "|销售净额|付款金额|商品实付金额|客户实付|最终金额",
        "Сума зі знижкою|Сума зі знижками|Сума зі знижкою, грн|До сплати|До оплати|Сума до сплати|Сума до оплати|Чиста сума|Сума продажу|Фактична сума|Сума со скидкой|Підсумкова сума|Всього до сплати",
        "Net amount|Net sales|Net price|Net total|Net revenue|Net value|Amount after discount|Total after discount|Discounted price|Discounted amount|Final amount|Final price|Amount payable|Payable|Subtotal|Order subtotal|Sub total"
        "|Net sales amount|Total price after discount|Price after discount|Net merchandise|Net line amount",
    ),
    "amount": Words(
        "金额|销售金额|消费金额|商品金额|小计|销售额|总价|交易金额|订单商品金额|商品小计|合计金额|消费额|货款|营业额|收入|金额小计|价税合计|含税金额|商品总价|商品总额|收费金额|行金额|收款",
        "Сума|Сума, грн|Сума (грн)|Сума грн|Вартість|Сума товару|Сума товарів|Сума рядка|Вартість товарів|Виручка|Сума покупки|Сума чека|Сума чеку|Дохід|Разом|Сумма|Стоимость|Выручка|Сума операції|Загальна вартість",
        "Amount|Line total|Line amount|Total price|Sales|Sales amount|Sale amount|Revenue|Purchase amount|Transaction amount|Item total|Extended price|Spend|Amount spent|Turnover|Order value|Total sales|Total sale|Basket value"
        "|Purchase value|Line value|Monetary|Total value|Close value|Deal value|Order amount|Net|Invoice amount|Sales value|Transaction value|Lineitem total|Spent|Order item total|Row total|Total price of goods",
        "value|sum|money|amt|rev|total|费用|钱|usd|дохід|cost of order|сума всього|gmv|deal amount|fee|charge",
    ),
    "order_total": Words(
        "订单金额|订单总额|订单总金额|总金额|总额|应收金额|总计|合计|订单总价|账单金额|应收|应付总额|结算金额|含运费总额",
        "Сума замовлення|Загальна сума|Всього|Разом до сплати|Сума документа|Сума рахунку|Сума угоди|Підсумок|Сума заказа|Итого|Всього, грн|Сума з доставкою|Загальна сума замовлення",
        "Total|Order total|Grand total|Total amount|Invoice total|Total due|Total paid by customer|Order total amount|Cart total|Total charged|Total cost|Order grand total|Bill amount|Total incl tax|Total including shipping",
    ),
    "gross_amount": Words(
        "原价金额|折前金额|应收款|商品原价总额|标准金额|优惠前金额|吊牌金额|原始金额|原金额|商品总金额(折前)",
        "Сума без знижки|Сума замовлення без знижки|Сума до знижки|Вартість без знижки|Сума без скидки|Повна вартість",
        "Gross amount|Gross sales|Gross|Amount before discount|Total before discount|Gross total|Gross price|Gross revenue",
    ),
    "paid_amount": Words("已付金额|已付|已收金额|到账金额|收款金额|付款总额", "Оплачено|Сума оплати|Сплачено|Сума платежу|Оплата|Оплачена сума", "Paid|Amount paid|Paid amount|Payment amount|Total paid|Payment value|Amount received|Received"),
    "refunded": Words("退款金额|已退款金额|退款额|退货金额", "Сума повернення|Повернуто|Сума возврата|Повернено", "Refunded amount|Refund amount|Amount refunded|Refunded|Total refunded|Refund"),
    "discount": Words(
        "优惠金额|折扣金额|优惠|折扣额|减免金额|让利金额|促销优惠|优惠券金额|商家优惠|店铺优惠|满减金额|立减|抹零|折让金额|优惠合计",
        "Знижка|Сума знижки|Знижка, грн|Знижка грн|Скидка|Сума скидки",
        "Discount|Discount amount|Discount value|Total discount|Coupon discount|Line discount|Discounts|Lineitem discount|Cart discount amount|Order discount|Promo discount",
        "折扣",
    ),
    "discount_rate": Words("折扣率|优惠比例", "Знижка, %|Знижка %|Відсоток знижки|% знижки|Скидка %", "Discount %|Discount percent|Discount rate|Discount percentage|% discount|Discount pct"),
    "cost": Words("成本金额|成本|总成本|成本额|销售成本", "Собівартість|Сума собівартості|Загальна собівартість|Себестоимость", "Cost|COGS|Total cost of goods|Cost of goods|Cost amount|Line cost|Cost of goods sold|Goods cost"),
    "unit_cost": Words(
        "成本价|进价|单位成本|采购价|成本单价|进货价",
        "Собівартість за одиницю|Закупівельна ціна|Ціна закупівлі|Вхідна ціна|Закупочная цена|Собівартість од.",
        "Unit cost|Cost price|Purchase price per unit|Buying price|Buy price|Cost per unit|Cost per item|Item unit cost|Wholesale cost",
    ),
    "currency": Words("币种|货币|币别|交易币种", "Валюта|Код валюти", "Currency|Currency code|Curr|Order currency|Payment currency"),
    # how and where
    "channel": Words(
        "渠道|销售渠道|订单来源|来源|下单渠道|平台|来源渠道|交易渠道|销售平台|下单平台",
        "Канал|Канал продажу|Канал продажів|Джерело|Джерело замовлення|Источник|Канал продаж|Майданчик",
        "Channel|Sales channel|Source|Order source|Platform|Marketplace|Order channel|Source name|Origin|Device type",
    ),
    "store": Words(
        "门店|店铺|门店名称|店铺名称|分店|店名|所属门店|消费门店|网点|分公司|机构|仓库|销售门店|营业部|门店编号|店铺Id|校区",
        "Магазин|Філія|Точка продажу|Торгова точка|Відділення|Склад|Підрозділ|Салон|Магазин продажу|Филиал|Подразделение",
        "Store|Shop|Branch|Location|Outlet|Store name|Store ID|Shop name|Point of sale|POS|Branch name|Site|Store number|Warehouse|Store location|Shop ID|Regional office|Salon|Clinic",
    ),
    "staff": Words(
        "业务员|销售员|导购|收银员|营业员|员工|服务员|销售人员|店员|导购员|销售代表|客户经理|操作员|经办人|技师|跟进人|负责人|制单人",
        "Менеджер|Продавець|Касир|Відповідальний|Співробітник|Консультант|Працівник|Майстер|Менеджер замовлення|Кассир|Продавец|Ответственный",
        "Salesperson|Staff|Cashier|Sales rep|Employee|Sales agent|Sold by|Seller|Server|Sales person|Agent|Manager|Clerk|Salesman|Operator|Account manager|Owner|Deal owner|Stylist|Waiter",
    ),
    "payment_method": Words(
        "支付方式|付款方式|结算方式|收款方式|支付渠道|支付类型|支付工具|结账方式",
        "Спосіб оплати|Тип оплати|Форма оплати|Метод оплати|Вид оплати|Способ оплаты|Платіжна система",
        "Payment method|Payment type|Paid with|Payment mode|Payment|Tender|Tender type|Payment means|Payment method title|Payment option|Method of payment",
    ),
    "status": Words(
        "订单状态|状态|交易状态|单据状态|发货状态|付款状态|支付状态|订单阶段|退款状态|当前状态",
        "Статус|Статус замовлення|Стан|Стан замовлення|Етап|Статус угоди|Статус документа|Статус оплати|Статус заказа|Состояние",
        "Status|Order status|Financial status|State of order|Order state|Payment status|Deal stage|Stage|Transaction status|Fulfillment status|Invoice status|Order item status|Booking status",
    ),
    "kind": Words(
        "单据类型|业务类型|交易类型|订单类型|销售类型|类型|收支类型|行为类型|单据类别|操作类型|收/支|是否退货",
        "Тип операції|Тип документа|Вид операції|Операція|Тип|Тип продажу|Тип чека|Тип транзакції|Вид документа|Тип операции",
        "Transaction type|Type|Order type|Sale type|Document type|Operation|Record type|Line type|Sale or return|Behavior type|Event type|Event|Behaviour type|Is return|Row type|Receipt type",
    ),
    "payment_id": Words("付款编号|支付单号|付款流水号|支付流水号|收款单号|支付交易号", "Номер платежу|№ платежу|ID платежу|Платіж|Номер оплати|Номер платежа", "Payment ID|Payment number|Payment No|Payment reference|Check No|Cheque number|Payment reference number"),
    # known strangers: recognised, never loaded
    "postage": Words(
        "运费|邮费|快递费|配送费|买家应付邮费|物流费用|运费金额|包装费",
        "Доставка|Вартість доставки|Ціна доставки|Стоимость доставки",
        "Shipping|Shipping cost|Freight|Freight value|Shipping fee|Delivery fee|Postage|Shipping amount|Shipping price|Delivery cost|Shipping charge|Shipping total|Order shipping amount",
    ),
    "tax": Words("税额|税金|税费|增值税|税率", "ПДВ|Сума ПДВ|Податок|НДС|Ставка ПДВ", "Tax|Taxes|VAT|Tax amount|GST|Sales tax|Tax total|VAT amount|Tax 1 value|Order total tax|Tax rate|Total tax"),
    "profit": Words("利润|毛利|毛利额|毛利率|净利润", "Прибуток|Маржа|Валовий прибуток|Прибыль|Рентабельність", "Profit|Margin|Gross profit|Gross margin|Markup|Profit margin"),
    "tip": Words("小费|服务费|手续费|佣金|卖家服务费|买家服务费", "Чайові|Комісія|Комиссия", "Tip|Tips|Commission|Service fee|Fee amount|Transaction fee|Gratuity|Payment fee"),
    "balance": Words("累计消费|累计消费金额|累计金额|消费总额|消费总金额|消费次数|订单数|累计订单数|余额|积分|会员积分|获得积分|账户余额|欠款|返点积分|卡余额", "Сума замовлень|Всього витрачено|Кількість замовлень|Кількість покупок|Сума покупок|Баланс|Бонуси|Бали|Борг|Залишок|Нараховано бонусів", "Total spent|Total spend|Orders count|Total orders|Number of orders|Lifetime spend|Amount spent to date|Order count|Average order value|Balance|Points|Points earned|Outstanding balance|Loyalty points|Credit limit|Stock|Outstanding|Revenue to date|Lifetime value"),
    "line_number": Words("序号|行号|明细编号|子订单编号|子订单号|行项目", "№ з/п|№ п/п|Номер рядка|№ рядка|Рядок|№ позиції", "Line number|Line No|Row|Row number|Row ID|Line|Line item number|Order item ID|Order line|Index|Unnamed 0|Seq|Sequence|Line ID|Sr No|S No"),
    "note": Words(
        "备注|订单备注|买家留言|卖家备注|发票抬头|说明|评价|标签|订单标签|标记|物流单号|快递单号|运单号|物流公司|快递公司|邮编|邮政编码|规格|单位|商品属性|订单关闭原因|修改价格|收银台|身份证号",
        "Коментар|Примітка|Коментар клієнта|Теги|ТТН|Номер ТТН|Індекс|Поштовий індекс|Одиниця|Од. вим.|Одиниця виміру|Служба доставки|Спосіб доставки|Комментарий|Примечание|Ед. изм.",
        "Notes|Note|Comment|Comments|Tags|Tracking number|Zip|Zip code|Postcode|Postal code|Shipping zip|Billing zip|Unit|UOM|Unit of measure|Shipping method|Coupon code|Discount code|Promo code|Review score|Rating|Customer zip code prefix"
        "|Year|Week|Weekday|Quarter|Day of week|Age|Household size|Ship mode|Carrier|Landing page|Size|Color|Colour|Weight|Session ID|IP address|Browser|Subsidiary of|Employees|Sector|Year established|Seller ID|Product category ID|Installments"
        "|Payment installments|Payment sequential",
    ),
}

FALLBACKS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "ordered_at": (("paid_at", 0.92), ("completed_at", 0.88), ("shipped_at", 0.84), ("delivered_at", 0.78)),
    "amount": (("net_amount", 1.0), ("amount", 0.97), ("paid_amount", 0.92), ("order_total", 0.93), ("gross_amount", 0.86)),
    "customer_name": (("receiver_name", 0.85),),
    "customer_phone": (("receiver_phone", 0.9),),
    "unit_price": (("list_price", 0.8),),
}
"""Second choices: field → (role, how much of its confidence is left). Order date before payment before shipment; net before gross."""
