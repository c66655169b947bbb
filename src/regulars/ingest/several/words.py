"""What is said of several tables that were read as one, and of columns that changed."""

from __future__ import annotations

from typing import Final

from regulars.errors import N_

JOINED: Final = N_("{lines} and {orders} were read as one table of sales: {key} of the one is {other} of the other.")
PERSON_BY_KEY: Final = N_("Customers are told apart by {column} of {people}, to which {key} leads.")
ORDERS_LEFT: Final = N_("Orders of {orders} to which {lines} has no line were loaded by the amount of the order.")
ONE_PERSON: Final = N_("several customer numbers belong to one such person")
SET_ASIDE: Final = N_("Not loaded, because nothing in these tables is known here: {names}.")
