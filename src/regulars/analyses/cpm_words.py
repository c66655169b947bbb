"""The words of the customer portfolio: names of the ten groups, what each means, what to do with it by default."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_

TYPES: Final = {
    "first_time": N_("First-time"),
    "toddler": N_("Toddler"),
    "steady": N_("Steady"),
    "trend": N_("Trend"),
    "excellent": N_("Excellent"),
}
STATES: Final = {"active": N_("Active"), "lapsed": N_("Lapsed")}

GROUPS: Final = {
    ("first_time", "active"): N_("New customers"),
    ("toddler", "active"): N_("Fairly active"),
    ("steady", "active"): N_("Active regulars"),
    ("trend", "active"): N_("Stable big buyers"),
    ("excellent", "active"): N_("Loyal"),
    ("first_time", "lapsed"): N_("Lost after the first purchase"),
    ("toddler", "lapsed"): N_("Lost early"),
    ("steady", "lapsed"): N_("Regulars to win back"),
    ("trend", "lapsed"): N_("Big buyers to win back"),
    ("excellent", "lapsed"): N_("Loyal ones to win back"),
}
"""The name a reader sees for each group; ``group`` in the rows is ``type_state``."""

GROUP_WORDS: Final = {f"{kind}_{state}": words for (kind, state), words in GROUPS.items()}

MEANINGS: Final = {
    "first_time": N_("Bought on one day only. Uneasy still, and does not yet know what you can do."),
    "toddler": N_("Has come back, but not for long enough to call it a habit."),
    "steady": N_("Comes back again and again for small sums."),
    "trend": N_("Spent much in a short time; drawn by gifts and discounts, and quick to leave."),
    "excellent": N_("Has spent much over a long time: a fan of the shop."),
}

RULES: Final = {
    "general": {
        "first_time": N_("one purchase day"),
        "toddler": N_("two or more purchase days, less than {short} from first to last"),
        "steady": N_("{short} or more from first to last, less than {bar} in all"),
        "trend": N_("{short} or more but less than {long} from first to last, {bar} or more in all"),
        "excellent": N_("{long} or more from first to last, {bar} or more in all"),
    },
    "article": {
        "first_time": N_("one purchase day"),
        "toddler": N_("two purchase days, not more than {bar} in all"),
        "steady": N_("three or more purchase days without passing the bar of the groups after it"),
        "trend": N_("two or more purchase days, less than {long} from first to last, more than {bar} in all"),
        "excellent": N_("{long} or more from first to last, more than {loyal_bar} in all"),
    },
}
STATE_RULES: Final = {"active": N_("last order less than {lapse} ago"), "lapsed": N_("no order for {lapse} or more")}

PLAYS: Final = {
    ("first_time", "active"): N_("Thank them within a week, show how to get the most from what they bought, and invite a second visit."),
    ("toddler", "active"): N_("Keep the contact frequent and small: what goes with their last purchase, no discount yet."),
    ("steady", "active"): N_("Recommend one better or larger thing that fits what they already buy."),
    ("trend", "active"): N_("Learn what brought them; offer a reason to stay that is not a discount."),
    ("excellent", "active"): N_("Give time, not coupons: a named contact, first look at news, a personal thank-you."),
    ("first_time", "lapsed"): N_("One friendly message asking what was missing; then let them rest."),
    ("toddler", "lapsed"): N_("One message with news since their last visit; stop if there is no answer."),
    ("steady", "lapsed"): N_("Remind them of what they used to buy and make coming back easy."),
    ("trend", "lapsed"): N_("Write once with what is new in what they liked; a small offer with an end date."),
    ("excellent", "lapsed"): N_("Call in person before anything else: ask what changed, and put it right."),
}
