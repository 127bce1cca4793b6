"""The form with which people sign up: its questions, and what holds of each."""

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from programme.model import Model
from programme.text import Both

NEEDED = ("organisation", "sector", "places")
"""The questions that every form has, and that everybody answers: nobody can be matched without."""


class Question(Model):
    """One question of the participation form. `organisation`, `sector`, `region`, `places` and `offer` are known to the engine."""

    key: str
    label: Both
    ask: Both
    kind: Literal["text", "choice", "number", "yes_no", "mail"] = Field(default="text", validate_default=True)
    choices: tuple[Both, ...] = Field(default=(), validate_default=True)
    least: int = 0
    most: int = Field(default=9, validate_default=True)
    optional: bool = False

    @field_validator("kind")
    @classmethod
    def _counts_places(cls, kind: str, so_far: ValidationInfo) -> str:
        if so_far.data.get("key") == "places" and kind != "number":
            raise PydanticKnownError("literal_error", {"expected": "'number'"})
        return kind

    @field_validator("choices")
    @classmethod
    def _can_choose(cls, choices: tuple[Both, ...], so_far: ValidationInfo) -> tuple[Both, ...]:
        if so_far.data.get("kind") == "choice" and not choices:
            raise PydanticCustomError("no_choices", "a question of kind choice needs choices")
        return choices

    @field_validator("most")
    @classmethod
    def _not_below_least(cls, most: int, so_far: ValidationInfo) -> int:
        if most < (least := so_far.data.get("least", most)):
            raise PydanticKnownError("greater_than_equal", {"ge": least})
        return most

    @field_validator("optional")
    @classmethod
    def _all_answer(cls, optional: bool, so_far: ValidationInfo) -> bool:
        if optional and so_far.data.get("key") in NEEDED:
            raise PydanticKnownError("literal_error", {"expected": "'false'"})
        return optional

    def shown(self, answer: str) -> Both | str:
        """An answer as it is read: a choice in both languages (it is kept by its Dutch label), anything else as it was typed."""
        return next((choice for choice in self.choices if choice.nl == answer), answer)
