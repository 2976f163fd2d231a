"""The register of cases, and what each is given."""
import itertools
from dataclasses import dataclass
from typing import Callable

from .process import Failed
from .variants import ACCOUNTS

CASES = []


@dataclass(frozen=True)
class Case:
    name: str
    run: Callable       # async, one argument: the World
    needs: tuple        # servers
    short: bool         # also without --all
    seconds: float      # bound
    command: bool       # needs the parley command

    @property
    def group(self):
        return self.name.split(' ', 1)[0]


def case(name, needs=(), short=False, seconds=40, command=True):
    """Registers an async function as a case; usable many times for one function."""
    def register(function):
        if any(c.name == name for c in CASES):
            raise ValueError('two cases are called %r' % name)
        CASES.append(Case(name, function, (needs,) if isinstance(needs, str) else tuple(needs), short,
                          seconds, command))
        return function
    return register


def check(condition, text):
    if not condition:
        raise Failed(text)


class World:
    """What a case may use."""

    accounts = ACCOUNTS

    def __init__(self, lab, parley):
        self.lab, self.parley = lab, parley
        self.log = lab.path('commands.log')
        self._numbers = itertools.count(1)

    def next_number(self):
        return next(self._numbers)

    def server(self, name):
        return self.lab.server(name)
