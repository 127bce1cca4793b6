"""What is wrong with the store, in the language of this shell. The store itself says it in English (`storage/errors.py`)."""

import os
from pathlib import Path

from bot.cli.words import is_dutch, say
from bot.config_faults import reason
from storage.errors import StoreBroken, StoreDamaged, StoreError, StoreExposed, StoreForeign, StoreFull, StoreLocked

RESTORE = "Stop de bot, kopieer de map zoals die is, en zet dan een kopie terug: kring restore BESTAND"


def told(error: StoreError) -> str:
    """One line: which file, what is wrong, and what to do."""
    return _dutch(error) if is_dutch(os.environ) else str(error)


def of_copy(error: StoreError, name: str) -> str:
    """One line about a file that is to be put back, by the name by which the operator gave it: another copy mends it."""
    if not isinstance(error, StoreDamaged):
        return told(error)
    if error.place is None:
        wrong = say(
            nl="een document past niet bij deze versie; draai de versie die het schreef",
            en="a document does not fit this version; run the version that wrote it",
        )
    elif not error.place.offset:
        wrong = say(
            nl="dit is geen reservekopie, of het begin is beschadigd; noem een bestand dat kring backup maakte",
            en="this is no backup, or its beginning is damaged; name a file that kring backup made",
        )
    else:
        wrong = say(
            nl=f"de regel die op byte {error.place.offset} begint, is beschadigd; kies een andere kopie",
            en=f"the line that begins at byte {error.place.offset} is damaged; choose another copy",
        )
    return f"{name}: {wrong}"


def _dutch(error: StoreError) -> str:
    if isinstance(error, StoreDamaged):
        return _damaged(error)
    if isinstance(error, StoreForeign):
        return _foreign(error)
    return f"{_where(error)}{_trouble(error)}"


def _trouble(error: StoreError) -> str:
    match error:
        case StoreLocked():
            return f"in gebruik door een ander proces ({error.facts.get('holder', '?')}); stop dat eerst, want twee kunnen niet in één opslag schrijven"
        case StoreExposed():
            facts = error.facts
            return f"anderen kunnen erbij (rechten {facts['mode']}); chmod {facts['fit']} {facts['path']}"
        case StoreFull():
            return f"er kon niets bij ({_reason(error)}); maak ruimte op de schijf. Er is niets verloren"
        case StoreBroken():
            return f"de schijf of de map werkt niet ({_reason(error)}); kijk naar de schijf, de map en de eigenaar, en start opnieuw"
    return f"{error.what}. {error.mend}"


def _damaged(error: StoreDamaged) -> str:
    if error.place is None:
        document = f"{error.facts.get('document', '?')} in {error.facts.get('table', '?')}"
        return f"een document past niet bij deze versie ({document}); draai de versie die het schreef, of zet een kopie terug: kring restore BESTAND"
    if not error.place.file.exists():
        return f"{error.place.file}: dit bestand is weg. {RESTORE}"
    return f"{error.place.file}: de regel die op byte {error.place.offset} begint, is beschadigd. {RESTORE}"


def _foreign(error: StoreForeign) -> str:
    version, schema = error.facts.get("version"), error.facts.get("schema")
    if error.facts.get("kind") == "backup":
        return f"{_where(error)}dit is een reservekopie; zet die terug met kring restore BESTAND"
    if not isinstance(version, int) or not isinstance(schema, int):
        return f"{_where(error)}deze versie kent dit bestand niet; draai de versie die het schreef, of zet een kopie terug: kring restore BESTAND"
    if version > schema:
        return f"{_where(error)}schema {version} is nieuwer dan schema {schema} van deze versie; draai de versie die het schreef"
    if "step" in error.facts:
        return f"{_where(error)}van schema {error.facts['step']} gaat geen weg naar schema {schema}; migreer eerst met de versies ertussen"
    return f"{_where(error)}schema {version} is ouder dan schema {schema} van deze versie; draai kring migrate"


def _where(error: StoreError) -> str:
    path = error.place.file if error.place else error.facts.get("path")
    return f"{path}: " if isinstance(path, str | Path) else ""


def _reason(error: StoreError) -> str:
    cause = error.facts.get("reason")
    return reason(cause) if isinstance(cause, OSError) else "geen uitleg"
