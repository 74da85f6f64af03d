"""The draw: plain SHA-256 over a published list, so that anybody can repeat it by hand.

Who could cheat, and what keeps them from it:

* whoever chooses the pool could choose it for a seed that they know. So a secret of 32 random
  bytes is made when the pool is frozen, and only its SHA-256 (``commitment``) is shown;
* whoever holds the secret could choose the pool for it. So the seed also depends on a word that a
  second person says after the freeze, and on the pool itself;
* whoever says the word does not know the secret, and one pool is drawn once.

    seed      = SHA-256(secret ":" word ":" SHA-256(pool text))
    place     = SHA-256(seed ":" credit code), in hexadecimal, the smallest first
    drawn     = of each group the first  ceil(members x percent / 100)
    inspector = for each drawn, in the order of places, the two with the fewest inspections so far,
                then the smallest SHA-256(seed ":" credit code ":" police number), never one with a
                conflict of interest

Nothing here knows a database, a clock or a setting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import nsmallest

PER_VISIT = 2
VERSION = "wugang-draw 1"


@dataclass(frozen=True, slots=True)
class Pool:
    """All that the result depends on beside the seed.

    ``members`` maps credit codes to groups, ``percents`` groups to whole percents; ``conflicts``
    are pairs of credit code and police number.
    """

    members: Mapping[str, str]
    percents: Mapping[str, int]
    inspectors: frozenset[str] = frozenset()
    conflicts: frozenset[tuple[str, str]] = field(default=frozenset())

    def text(self) -> str:
        """The one spelling of the pool; the order in which it was put together leaves no trace."""
        lines = [
            VERSION,
            *(f"percent {group} {percent}" for group, percent in sorted(self.percents.items())),
            *(f"inspector {number}" for number in sorted(self.inspectors)),
            *(f"conflict {code} {number}" for code, number in sorted(self.conflicts)),
            *(f"member {code} {group}" for code, group in sorted(self.members.items())),
        ]
        return "\n".join(lines)

    def sha256(self) -> str:
        return digest(self.text())


@dataclass(frozen=True, slots=True)
class Drawn:
    """One organisation that was drawn, with its inspectors: two, or fewer where conflicts leave
    no more."""

    code: str
    inspectors: tuple[str, ...]


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def seed_of(secret: str, word: str, pool_sha256: str) -> str:
    return digest(f"{secret}:{word}:{pool_sha256}")


def how_many(members: int, percent: int) -> int:
    """Of so many members, so many are drawn: rounded up, exactly."""
    return -(-members * percent // 100)


def chosen(pool: Pool, seed: str) -> list[str]:
    """The credit codes that are drawn, in the order of their places."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, group in pool.members.items():
        groups.setdefault(group, []).append((digest(f"{seed}:{code}"), code))
    taken: list[tuple[str, str]] = []
    for group, places in groups.items():
        taken += sorted(places)[: how_many(len(places), pool.percents.get(group, 0))]
    return [code for _, code in sorted(taken)]


def inspectors_of(
    seed: str,
    code: str,
    candidates: Iterable[str],
    *,
    load: Mapping[str, int] | None = None,
    wanted: int = PER_VISIT,
) -> tuple[str, ...]:
    """The police numbers drawn for one organisation out of ``candidates`` without a conflict."""
    busy = load or {}
    return tuple(
        nsmallest(
            wanted, candidates, key=lambda one: (busy.get(one, 0), digest(f"{seed}:{code}:{one}"))
        )
    )


def draw(pool: Pool, seed: str) -> list[Drawn]:
    """Who is visited, and by whom."""
    barred: dict[str, set[str]] = {}
    for code, number in pool.conflicts:
        barred.setdefault(code, set()).add(number)
    load: Counter[str] = Counter()
    found = []
    for code in chosen(pool, seed):
        candidates = pool.inspectors - barred.get(code, set())
        two = inspectors_of(seed, code, candidates, load=load)
        load.update(two)
        found.append(Drawn(code, two))
    return found
