"""Several tables at once: the keys between them, the tables that are one, and what each is because of it.

``bundles`` says what is loaded together; underneath, ``looked_at`` reads each table once, ``keys`` finds columns that refer to one another,
``roles`` says what the tables are to each other, ``joined`` makes one of those that belong together, ``composed`` maps it.
"""
