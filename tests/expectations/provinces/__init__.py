"""The same books in the layouts of several places: titles, headings, codes, totals and units as each prints them.

One module a place, `rows` for what they share; `places` lists them with the kinds of their tables.
"""
