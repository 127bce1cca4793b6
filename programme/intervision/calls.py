"""The commands that the texts of a session tell people to type."""

from programme.text import GAP, Call

START = Call(command="start_session")
END = Call(command="end_session")
NEXT = Call(command="next_turn")
PASS = Call(command="pass_turn")
HAND = Call(command="hand")
STOP = Call(command="stop")
RESUME = Call(command="resume")
EXTEND = Call(command="extend", arguments=("3",))
TAKE_OVER = Call(command="take_over")
PRESENTER = Call(command="presenter")
WRITE = Call(command="write", arguments=(GAP,))
CHOOSE_CASE = Call(command="choose_case")
BREAK_TIE = Call(command="break_tie")
OUTCOME = Call(command="outcome_known")
