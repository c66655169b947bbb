"""Pure mathematics on numbers and arrays: no table, no engine, no file, no clock. Wrong arguments raise ``ValueError``."""
