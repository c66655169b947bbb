"""The engines that run SQL: the only importers of database drivers, and the owners of DDL and COPY."""
