"""The matching of an exchange, by itself: a problem in, a proved matching out. Nothing here knows of people, editions or chat.

Read `problem` (what is asked and answered), `solve` (the way to the answer), `proof` (the independent check), `lottery`, and
`alternatives` (what comes after). `assignment`, `network`, `rotation`, `optimum`, `mutual`, `serial` and `offers` are its workshop.
"""
