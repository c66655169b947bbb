"""Files in: a messy CSV or Excel file becomes typed Parquet parts, and no row is lost.

``read`` opens a file, ``mapping`` says which column is which, ``stage`` loads a sheet, ``template`` writes an empty file to fill.
Underneath: ``encoding``, ``text_table``, ``workbook`` and ``header`` find the table in the bytes; ``synonyms``, ``headers``,
``profile``, ``evidence``, ``relations`` and ``assignment`` find the fields in the table; ``cells``, ``sales_sql`` and ``party_sql``
convert, all conversion being SQL on DuckDB. ``several`` joins tables that need each other, ``months`` makes rows of a column for every
month, ``changed`` says what is otherwise than in the last such file.
"""
