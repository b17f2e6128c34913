"""Floor 3: readings become what is kept.

`store` holds the record itself, `schema` its tables, `migrations` how they came to be; `address` says where a record
is, `identity` when two pages are the same.
"""
