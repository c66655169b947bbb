"""Leeds: three shops of Leaf & Pearl, with a till that exports comma-separated text."""

from __future__ import annotations

from typing import Final

from regulars.worlds.tea_shop.town import Ghost, Names, Paper, Phones, Shop, Town

_MENU: Final = (
    (
        "Milk tea",
        (
            ("Classic Pearl Milk Tea", 450, 140),
            ("Jasmine Milk Tea", 450, 135),
            ("Taro Milk Tea", 520, 180),
            ("Brown Sugar Pearl Milk", 560, 200),
            ("Oolong Milk Tea", 480, 150),
            ("Thai Milk Tea", 495, 160),
            ("Matcha Milk Tea", 550, 190),
        ),
    ),
    (
        "Fruit tea",
        (
            ("Lemon Green Tea", 420, 115),
            ("Mango Passion Fruit Tea", 495, 170),
            ("Strawberry Lychee Tea", 520, 190),
            ("Peach Oolong", 480, 160),
            ("Orange Green Tea", 470, 155),
            ("Grape Jasmine Tea", 510, 180),
        ),
    ),
    ("Hot drinks", (("Hot Ginger & Honey", 380, 100), ("Hot Chocolate", 395, 120), ("Hot Matcha Latte", 450, 150), ("Spiced Apple", 390, 110))),
    ("Snacks", (("Fries", 320, 100), ("Popcorn Chicken", 550, 200), ("Mochi (2)", 380, 140), ("Egg Waffle", 480, 150))),
    ("Snack sets", (("Snack Set for Two", 1250, 480), ("Family Snack Set", 1850, 720), ("Party Box", 2400, 960))),
)

_NAMES: Final = Names(
    surnames=tuple(
        (s, s)
        for s in (
            *("Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Wright", "Walker", "Thompson", "White", "Hughes"),
            *("Green", "Hall", "Wood", "Clarke", "Khan", "Ahmed", "Singh", "Kaur", "Murphy", "Kelly", "Chen", "Nowak", "Okafor", "Dixon", "Firth", "Sykes"),
        )
    ),
    young=(
        ("Olivia", "Amelia", "Isla", "Ava", "Aisha", "Mia", "Sophie", "Grace", "Freya", "Chloe", "Zara", "Ellie"),
        ("Oliver", "Harry", "Noah", "Jack", "Adam", "Leo", "Ethan", "Ben", "Callum", "Yusuf"),
    ),
    adult=(
        ("Sarah", "Emma", "Claire", "Nicola", "Helen", "Rachel", "Joanne", "Samina", "Karen", "Julie", "Priya", "Laura", "Anna"),
        ("David", "James", "Andrew", "Paul", "Mark", "Daniel", "Imran", "Stephen", "Richard", "Tom", "Peter", "Gareth"),
    ),
    full="{given} {surname}",
)

_GHOSTS: Final = (
    Ghost(
        ("Katherine Walsh", "Kathryn Walsh", "Kate Walsh", "K. Walsh", "WALSH Katherine", "Katherine Walsh 2", "Mrs Katherine Walsh", "Katherine Welsh"),
        woman=True,
    ),
    Ghost(("Mohammed Hussain", "Mohamed Hussain", "Muhammad Hussain", "M Hussain", "Mohammed Hussein", "Mr M Hussain", "mohammed hussain"), woman=False),
    Ghost(("Siobhan O'Neill", "Siobhan ONeill", "Siobhán O'Neill", "S O'Neill", "Siobhan O Neill", "O'Neill Siobhan", "Siobhan O'Neil"), woman=True),
)

LEEDS: Final = Town(
    language="en",
    currency="GBP",
    time_zone="Europe/London",
    brand="Leaf & Pearl",
    city="Leeds",
    shops=(
        Shop("Headingley", "HD", (("Cardigan Road", "LS6 1LJ"), ("Brudenell Road", "LS6 1BD"), ("Victoria Road", "LS6 1DL"), ("Otley Road", "LS6 3PX"))),
        Shop("Briggate", "BG", (("Wade Lane", "LS2 8NJ"), ("Call Lane", "LS1 7BT"), ("The Calls", "LS2 7EW"), ("Wharf Street", "LS2 7EQ"))),
        Shop("Roundhay", "RH", (("Street Lane", "LS8 1AP"), ("Oakwood Lane", "LS8 2PF"), ("Lidgett Lane", "LS8 1PL"), ("Princes Avenue", "LS8 1DE"))),
    ),
    menu=_MENU,
    payments=("Card", "Apple Pay", "Cash", "Deliveroo"),
    groups=("Student", "Standard", "Family"),
    genders=("F", "M"),
    coupon=99,
    card="LP",
    address="Flat {flat}, {house} {street}, {city} {area}",
    names=_NAMES,
    phones=Phones(prefixes=("07412", "07538", "07715", "07805", "07912", "07984"), digits=6, forms=("##### ######", "+44 #### ######", "###########")),
    ghosts=_GHOSTS,
    paper=Paper(
        sales_file="sales",
        members_file="customers",
        sales_title="Sales",
        members_title="Customers",
        sales_header=(
            *("Receipt No", "Customer ID", "Customer Name", "Phone", "Shop", "Date", "Product Code", "Product"),
            *("Category", "Quantity", "Unit Price", "Discount", "Amount", "Cost", "Payment Method", "Status"),
        ),
        members_header=("Customer ID", "Name", "Phone", "Email", "Gender", "Date of Birth", "Member Type", "Joined", "City", "Address"),
        moment="%d/%m/%Y %H:%M",
        day="%d/%m/%Y",
        paid="Paid",
        refunded="Refund",
        refund_prefix="RF-",
        encoding="utf-8",
    ),
)
