"""The few activities of the Bot Connector protocol that matter here, read leniently: what we do not know is left out.

Source: Bot Framework, "Activity schema" (the Teams profile of it). Names are Microsoft's, in our spelling.
"""

from typing import Annotated, Any, Final

from pydantic import AliasChoices, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

Raw = dict[str, Any]
"""JSON as it goes over the line."""

BOT: Final = "28:"
"""Ids of bots in Teams begin like this; those of people with `29:`."""


def _none_left_out(given: object) -> object:
    """Teams writes null where a list or a section is empty."""
    return [] if given is None else given


class Part(BaseModel):
    """A section of what goes over the line, read leniently."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Account(Part):
    """Somebody: a person or a bot, in a message or on the roster of a conversation."""

    id: str = ""
    name: str | None = None
    object_id: str | None = Field(default=None, validation_alias=AliasChoices("aadObjectId", "objectId", "object_id"))
    """The Entra object id. A person without one is unknown."""
    tenant_id: str | None = None
    user_role: str | None = None
    """On a roster: `user`, `guest`, `anonymous`."""
    role: str | None = None


class Conversation(Part):
    """Where it was said. In a channel the id may end with `;messageid=…`: the thread."""

    id: str = Field(min_length=1, max_length=512)
    conversation_type: str | None = None
    """`personal`, `groupChat` or `channel`."""
    tenant_id: str | None = None
    is_group: bool | None = None


class Entity(Part):
    """Something that the text speaks of; only mentions matter."""

    type: str = ""
    mentioned: Account | None = None
    text: str | None = None


class Attachment(Part):
    """What comes along; of what people type the formatted text does."""

    content_type: str | None = None
    content: Any = None


class Tenant(Part):
    """An organisation."""

    id: str = ""


class ChannelData(Part):
    """What Teams adds."""

    tenant: Tenant | None = None


Several = BeforeValidator(_none_left_out)


class Activity(Part):
    """Something that happened in Teams."""

    type: str = Field(min_length=1, max_length=64)
    id: str = Field(default="", max_length=512)
    name: str | None = None
    channel_id: str = ""
    service_url: str = ""
    timestamp: AwareDatetime | None = None
    sender: Account = Field(default_factory=Account, validation_alias=AliasChoices("from", "sender"))
    recipient: Account = Field(default_factory=Account)
    conversation: Conversation
    text: str | None = None
    value: Any = None
    entities: Annotated[tuple[Entity, ...], Several] = ()
    attachments: Annotated[tuple[Attachment, ...], Several] = ()
    members_added: Annotated[tuple[Account, ...], Several] = ()
    members_removed: Annotated[tuple[Account, ...], Several] = ()
    channel_data: ChannelData | None = None

    @property
    def tenant(self) -> str:
        """Id of the organisation in which it happened, in lower case; empty when it is not told."""
        told = self.channel_data.tenant.id if self.channel_data and self.channel_data.tenant else ""
        return (self.conversation.tenant_id or told).lower()

    @property
    def personal(self) -> bool:
        """Whether it is a chat of the bot with one person."""
        return self.conversation.conversation_type == "personal"
