"""The commands that a refusal of this package tells people to type."""

from programme.text import Call

START = Call(command="start_session")
PASS = Call(command="pass_turn")
PRESENTER = Call(command="presenter")
RESUME = Call(command="resume")
TAKE_OVER = Call(command="take_over")
