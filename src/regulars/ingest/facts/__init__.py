"""Sheets of the fact tables: tickets, leads, stock … What their columns are called, which table a sheet is, how its rows are staged."""
