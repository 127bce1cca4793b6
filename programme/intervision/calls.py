"""The commands that the texts of a session tell people to type."""

from programme.text import GAP, Call

START = Call(command="start_session")
END = Call(command="end_session")
NEXT = Call(command="next_turn")
SKIP = Call(command="skip")
PASS = Call(command="pass_turn")
HAND = Call(command="hand")
STOP = Call(command="stop")
RESUME = Call(command="resume")
EXTEND = Call(command="extend", arguments=("3",))
A_DAY_MORE = Call(command="extend", arguments=("1", "days"))
END_NOW = Call(command="end_session", arguments=("now",))
TAKE_OVER = Call(command="take_over")
PRESENTER = Call(command="presenter")
WRITE = Call(command="write", arguments=(GAP,))
CHOOSE_CASE = Call(command="choose_case")
BREAK_TIE = Call(command="break_tie")
OUTCOME = Call(command="outcome_known")
STRICT = Call(command="strict")
CALL_OFF = Call(command="strict", arguments=("off",))
PLAN = Call(command="plan_session", arguments=("14-10-2026 9.30-11.00",))
