"""Intervision: peers think one case through by a method. The engine knows turns and minutes, never what is said.

Read `method` (a method as data), `turns` (the nine turn rules), `session` (the record that is kept) and `sitting` (the view in which
everything is looked up). The rules take a sitting and give the next one, with what happened on the way: `start`, `opening` (phases),
`speaking` (turns, hands), `writing` (private writing, labels, votes), `chairing` (clock and order) and `coming` (who is there).
`levels` says how tightly people are held to the method, and `planned` what comes before a session. `status`, `your_part` and
`nudges` are derived.

One function of the package sees words of people: `asking.remark`, which looks at their form and gives one word back.
"""
