"""The savings, made ready for charts, tables and files."""
