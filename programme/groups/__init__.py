"""Splitting a cohort in groups, by itself: a problem in, groups out. Nothing here knows of editions, rooms or chat.

Read `problem` (what is asked and answered), `bound` (how many groups, and the best that any split can do), `solve` (the way to one
split) and `rounds` (several splits after each other). `tally`, `seating`, `search` and `exhaust` are its workshop.
"""
