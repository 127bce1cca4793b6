"""`kring check`: whether the bot could run here. It reads and asks; it changes nothing but what opening the store mends."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.cli import check_matrix
from bot.cli.checked import Finding
from bot.cli.faults import DONE, NOT_SO, STORE, WRONG, Fault
from bot.cli.options import config_option, json_option, must_be_configured, read_config
from bot.cli.probe import Answer, Silence, ask, listening_fault
from bot.cli.store_faults import told
from bot.cli.verify import nothing_left, unfinished
from bot.cli.words import mark, say
from bot.clock import WallClock
from bot.config import Config, ConfigFaults, HealthSettings, TeamsSettings
from bot.config_faults import reason
from bot.files import read_edition, twice
from bot.tables import INDEXES, TABLES
from programme.edition import Edition
from storage.errors import StoreError, StoreLocked
from storage.folder import STATE
from storage.store import Store

OLDEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this was never set."""
WIDEST_SKEW = timedelta(minutes=2)
"""How far our clock and a server's may be apart before deadlines are unfair."""


@click.command(
    help=say(
        nl="Controleer of de bot hier kan draaien: configuratie, geheimen, opslag, klok en verbindingen.",
        en="Check whether the bot could run here: configuration, secrets, store, clock and connections.",
    )
)
@config_option
@json_option
def check(config: Path | None, as_json: bool) -> int:
    """Exit 0 when all is well, else with the gravest of what was found: 3 store, 2 configuration, 1 the rest."""
    findings = list(_findings(config))
    click.echo(_as_json(findings) if as_json else _as_lines(findings))
    return max(finding.code for finding in findings)


def _findings(path: Path | None) -> Iterator[Finding]:
    try:
        must_be_configured(path)
        config = read_config(path)
    except (Fault, ConfigFaults) as faults:
        yield from (Finding("config", WRONG, line) for line in faults.lines)
        return
    yield Finding("config", DONE, say(nl="leesbaar, geheimen afgeschermd", en="readable, secrets closed to others"))
    yield _platforms(config)
    yield from _editions(config)
    yield from (Finding("edition", WRONG, line) for line in _out_of_reach(config))
    try:
        yield _store(config.data / STATE)
        yield from _ports(config)
    except StoreLocked:  # and then the ports are that bot's
        yield Finding("store", DONE, say(nl="in gebruik door een draaiende bot", en="in use by a bot that runs"))
    now = WallClock().now()
    answer = check_matrix.versions(config.matrix.homeserver) if config.matrix else None
    yield _clock(now, answer)
    if config.matrix and answer:
        coordinators = dict.fromkeys(it for source in config.edition for it in source.coordinators)
        yield from check_matrix.looked_at(config.matrix, config.data / "matrix", coordinators, answer)
    if config.teams:
        yield from _teams(config.teams, now)


def _platforms(config: Config) -> Finding:
    named = [name for name in ("matrix", "teams") if getattr(config, name) is not None]
    if named:
        return Finding("platforms", DONE, ", ".join(named))
    mend = say(
        nl="geen enkel platform; schrijf een deel [matrix] of [teams]",
        en="none at all; write a section [matrix] or [teams]",
    )
    return Finding("platforms", WRONG, mend)


def _editions(config: Config) -> Iterator[Finding]:
    """Each edition that is to run: whether its file is there and whole, and can still begin."""
    is_new = not (config.data / STATE).exists()
    if not config.edition:
        none = say(nl="geen enkele; schrijf een deel [[edition]]", en="none at all; write a section [[edition]]")
        yield Finding("edition", WRONG, none)
    seen: dict[str, Path] = {}
    for source in config.edition:
        try:
            edition = read_edition(source.file, source.coordinators)
        except Fault as fault:
            yield from (Finding("edition", WRONG, line) for line in fault.lines)
            continue
        if edition.id in seen:
            yield Finding("edition", WRONG, twice(edition, source.file, seen[edition.id]))
        else:
            yield Finding("edition", DONE, f"{edition.id} ({source.file}){_late(edition, is_new=is_new)}")
        seen[edition.id] = source.file


def _late(edition: Edition, *, is_new: bool) -> str:
    """What is to be said of an edition that begins too late, or is over."""
    now = WallClock().now()
    if not edition.is_current(now):
        return say(
            nl="; let op: deze editie is voorbij; maak een nieuwe met kring copy",
            en="; note: this edition is over; make a new one with kring copy",
        )
    if is_new and edition.is_over("signup", now):
        return say(
            nl="; let op: het aanmelden is al voorbij, dus niemand kan meedoen; zet andere data in het bestand",
            en="; note: sign-up is over already, so nobody can take part; write other dates in the file",
        )
    return ""


def _out_of_reach(config: Config) -> Iterator[str]:
    """Each coordinator who is on a platform that the bot does not serve: the desk would not reach them."""
    served = [name for name in ("matrix", "teams") if getattr(config, name) is not None]
    for number, source in enumerate(config.edition, 1):
        for person in source.coordinators:
            platform = "teams" if person.startswith("teams:") else "matrix"
            if served and platform not in served:
                yield f"edition[{number}].coordinators: " + say(
                    nl=f"{person} is niet te bereiken zonder [{platform}]; voeg dat deel toe, of noem iemand op {served[0]}",
                    en=f"{person} cannot be reached without [{platform}]; add that section, or name somebody on {served[0]}",
                )


def _ports(config: Config) -> Iterator[Finding]:
    """Each address on which nobody could listen now."""
    for name in ("teams", "health"):
        section: TeamsSettings | HealthSettings | None = getattr(config, name)
        if section is not None and (error := listening_fault(section.listen)) is not None:
            mend = say(nl="kies een andere poort", en="choose another port")
            yield Finding(f"{name}.listen", WRONG, f"{section.listen}: {reason(error)}; {mend}")


def _store(folder: Path) -> Finding:
    """Whether the store is whole. Raises `StoreLocked` when a bot has it open."""
    if folder.parent.exists() and not folder.parent.is_dir():
        mend = say(nl="is geen map; kies een andere data", en="is no folder; choose another data")
        return Finding("store", WRONG, f"{folder.parent}: {mend}")
    if not folder.exists():
        return Finding(
            "store", DONE, say(nl="nog leeg; de eerste start maakt hem", en="not there yet; the first start makes it")
        )
    try:
        with Store.open(folder, TABLES, indexes=INDEXES) as store:
            dropped = store.dropped
            is_empty = not any(len(store.table(name)) for name in TABLES)
    except StoreLocked:
        raise
    except StoreError as error:
        return Finding("store", STORE, told(error))
    if dropped and is_empty:
        return Finding("store", STORE, nothing_left(dropped))
    return Finding("store", DONE, say(nl="heel", en="whole") + unfinished(dropped))


def _clock(now: datetime, answer: Answer | Silence | None) -> Finding:
    """Judge our clock, against the homeserver's when it told the time."""
    skew = abs(now - answer.date) if isinstance(answer, Answer) and answer.date else timedelta()
    if now < OLDEST or skew > WIDEST_SKEW:
        apart = round(skew.total_seconds())
        wrong = say(
            nl=f"{now:%Y-%m-%d %H:%M} UTC, {apart} s anders dan de server; zet de klok gelijk",
            en=f"{now:%Y-%m-%d %H:%M} UTC, {apart} s off the server's; set the clock",
        )
        return Finding("clock", NOT_SO, wrong)
    return Finding("clock", DONE, f"{now:%Y-%m-%d %H:%M} UTC")


def _teams(settings: TeamsSettings, now: datetime) -> Iterator[Finding]:
    """What of the settings cannot be right; else whether Microsoft can be asked who we are, and knows us."""
    from bot.cli.teams_settings import faults  # its libraries take a while; other checks do without
    from bot.teams.keyring import METADATA
    from bot.teams.tokens import acquire

    if wrong := list(faults(settings, now)):
        yield from (Finding("teams", WRONG, line) for line in wrong)
        return
    keys = settings.openid_metadata or METADATA
    answer = ask(keys)
    if isinstance(answer, Silence) or b'"jwks_uri"' not in answer.body:
        away = say(nl="geeft geen sleutels; kijk naar het netwerk", en="gives no keys; look at the network")
        yield Finding("teams", NOT_SO, f"{keys}: {away}")
    if settings.authenticate and (fault := acquire(settings).get("error")):
        mend = say(
            nl=f"geen token van Microsoft ({fault}); kijk naar app_id, het bewijs en de eerste tenant",
            en=f"no token from Microsoft ({fault}); look at app_id, the proof and the first tenant",
        )
        yield Finding("teams", NOT_SO, mend)
    else:
        yield Finding("teams", DONE, settings.listen)


def _as_lines(findings: list[Finding]) -> str:
    return "\n".join(f"{mark(ok=not it.code)} {_label(it)}{it.told}" for it in findings)


def _label(finding: Finding) -> str:
    """What was looked at; a fault of the configuration names its file and line itself."""
    return "" if finding.what == "config" and finding.code else f"{finding.what}: "


def _as_json(findings: list[Finding]) -> str:
    found = [{"what": what, "ok": not code, "told": told} for what, code, told in findings]
    return json.dumps({"ok": not any(code for _, code, _ in findings), "findings": found}, ensure_ascii=False)
