"""Made-up people who live through an edition, for trying and rehearsing it. Never for real.

A `Crowd` looks at an exchange as it stands and says who would do what next, and when: it signs up, ranks, forgets, agrees days,
falls ill, drops out, meets in a group; one of them coordinates. All chance is SHA-256 of seed, person and what it is about, so a
seed is a story. What somebody does is an `Act` of calls, exactly what pressing or typing makes; `bot/rehearsal` performs them.

    crowd = Crowd(seed=1, people=people, free=free)
    for act in crowd.due(exchange, ballots, hall):  # what they would do by now; `without` leaves out whom you play yourself
        await perform(stage, act)                   # bot.rehearsal
        crowd.done(act)                             # else it is due again
    crowd.next_at(exchange, ballots, hall)            # when the next of them would act
"""

from programme.crowd.act import Act
from programme.crowd.crowd import Crowd
from programme.crowd.hall import Hall
from programme.crowd.people import made_up
from programme.crowd.temperament import Pace, Temperament, Trait, temperament

__all__ = ["Act", "Crowd", "Hall", "Pace", "Temperament", "Trait", "made_up", "temperament"]
