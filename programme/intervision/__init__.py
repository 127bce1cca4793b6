"""Intervision: peers think one case through by a method. The engine knows turns and minutes, never what is said.

Read `method` (a method as data), `turns` (the nine turn rules), `session` (the record that is kept) and `sitting` (the view in which
everything is looked up). The rules take a sitting and give the next one, with what happened on the way: `opening` (start, phases),
`speaking` (turns, hands), `writing` (private writing, labels, votes), `chairing` (clock and order) and `coming` (who is there).
`status` and `nudges` are derived. No text of a person enters this package.
"""
