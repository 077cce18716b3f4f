"""Projects as they may be, for what a score promises and how much its weights matter."""

import random
from datetime import timedelta
from uuid import UUID

from ontology.enums import Severity
from ontology.wins import Evidence, TensionFacts, Thanks

DAY = timedelta(days=1)


def some_id(chooser: random.Random) -> UUID:
    """An id that is drawn."""
    return UUID(int=chooser.getrandbits(128))


def drawn(chooser: random.Random) -> Evidence:
    """A project as it may be: few tensions, few who thank, some of it unknown."""
    people = [some_id(chooser) for _ in range(6)]
    tensions = []
    for _ in range(chooser.randint(0, 5)):
        resolved = chooser.random() < 0.6
        severity = chooser.choice([None, *Severity])
        reopened = chooser.choice([None, True, False]) if resolved else None
        tensions.append(TensionFacts(some_id(chooser), chooser.random() < 0.5, severity, resolved, reopened))
    thanks = [
        Thanks(some_id(chooser), chooser.choice(people), tuple(chooser.sample(people, chooser.randint(1, 3))))
        for _ in range(chooser.randint(0, 5))
    ]
    return Evidence(
        some_id(chooser),
        tensions,
        thanks,
        chooser.choice([None, chooser.randint(1, 90) * DAY]),
        chooser.choice([None, chooser.randint(1, 200) * DAY]),
        [some_id(chooser) for _ in range(chooser.randint(0, 4))],
    )
