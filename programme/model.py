"""The one base of every model that is kept: frozen, and closed to unknown fields."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A fact. It never changes; a rule returns a new one (`model_copy(update=…)`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
