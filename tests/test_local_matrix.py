"""The sample edition of `make matrix` is the real one, moved in time."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from programme.edition import parse, shifted
from tests.local_matrix import EDITION, moved

WRITTEN = EDITION.read_text("utf-8")


@settings(deadline=None, max_examples=30)
@given(today=st.dates(date(2026, 6, 1), date(2040, 1, 1)))
def test_sign_up_has_opened_in_the_week_up_to_today(today: date) -> None:
    before, after = parse(WRITTEN), parse(moved(WRITTEN, today))
    opens = after.windows["signup"].opens
    assert today - timedelta(days=7) < opens <= today
    assert after == shifted(before, (opens - before.windows["signup"].opens).days // 7)
