"""In which language the bot speaks to somebody."""

from bot.kit import ANYWHERE, Annotated, Answer, Call, Choice, Context, Role, _, command

NAMES = {"nl": _("Dutch"), "en": _("English")}


@command(
    nl="taal",
    en="language, lang",
    who=Role.ANYBODY,
    where=ANYWHERE,
    needs_edition=False,
    examples=("nl", "en"),
    asks={"choice": _("Which language do you want? Type `nl` for Dutch or `en` for English.")},
    help=_("Chooses the language in which I speak to you."),
)
def language(
    ctx: Context,
    choice: Annotated[str, Choice({"nl": ("nl", "nederlands", "dutch"), "en": ("en", "engels", "english")})],
) -> Answer:
    """Keep the language of this person; rooms keep their own."""
    chosen = "en" if choice == "en" else "nl"
    ctx.save(ctx.me.model_copy(update={"language": chosen}))
    return _(
        "From now on I speak {language} with you. See what you can do with {how}.",
        language=NAMES[chosen],
        how=Call(command="help"),
    )
