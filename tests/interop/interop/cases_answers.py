"""docs/answers.md: wrong inputs to Prosody, ejabberd and parley serve, side by side.

The case makes the table anew. Ours must be right in every row, and in every row what the table
says; what the real servers answer is compared with it too, and how many rows differ is printed
(another version may answer otherwise). PARLEY_ANSWERS=FILE writes the new table there."""
import asyncio
import os

from . import ejabberd, prosody
from .answers import ROWS, all_answers
from .cases import case, check
from .command import Serve

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', 'docs', 'answers.md')
INTRODUCTION = """# Wrong inputs, side by side

What Prosody, ejabberd and `parley serve` answer to %d inputs that a client in order does not
send, and what RFC 6120 asks (where it leaves a choice, each answer that it allows; the choice of
ours is in the last column). Made and checked by `tests/interop` (`./check --full --only interop`,
case `answers side by side`). **Bold**: not what the RFC asks. "nothing": no answer within a
second, and the stream stays open; "cut off": the connection ends without a word.

The RFC asks for `restricted-xml` where XML is well-formed and holds what section 11.1 forbids, and
for `unsupported-encoding` where it is not UTF-8. Parley looks at each byte with its own grammar and
can tell these from XML that is broken; servers that leave it to a general parser mostly cannot.

| state | input | RFC 6120 | asked | Prosody %s | ejabberd %s | parley serve |
|---|---|---|---|---|---|---|
"""


def cell(got, right):
    return got if got in right.split('|') else '**%s**' % got


def table(columns):
    lines = []
    for row, answers in zip(ROWS, zip(*columns)):
        state, what, _, clause, right = row
        asked = ' or '.join(dict.fromkeys(right.split('|')))
        cells = [state, what.replace('|', '\\|').replace('<', '\\<'), clause, asked, *(cell(a, right) for a in answers)]
        lines.append('| %s |' % ' | '.join(cells))
    return lines


def figures(columns):
    right = [sum(a in row[4].split('|') for row, a in zip(ROWS, column)) for column in columns]
    return 'Right in %d rows: Prosody %d, ejabberd %d, parley serve %d.' % (len(ROWS), *right)


@case('answers side by side', needs=('prosody:plain', 'ejabberd:plain'), seconds=240)
async def _side_by_side(w):
    async with Serve(w, '--mechanisms', 'PLAIN', '--sessions', '100') as s:
        loop = asyncio.get_running_loop()
        columns = [await loop.run_in_executor(None, all_answers, port) for port in (
            w.server('prosody:plain').port, w.server('ejabberd:plain').port, s.port)]
    lines = table(columns)
    page = INTRODUCTION % (len(ROWS), prosody.version(), ejabberd.version()) + '\n'.join(lines) + '\n\n' + figures(columns) + '\n'
    if os.environ.get('PARLEY_ANSWERS'):
        with open(os.environ['PARLEY_ANSWERS'], 'w', encoding='utf-8') as file:
            file.write(page)
    wrong = ['%s, %s: %s, not %s' % (row[0], row[1], got, row[4]) for row, got in zip(ROWS, columns[2])
             if got not in row[4].split('|')]
    check(not wrong, '; '.join(wrong))
    with open(PAGE, encoding='utf-8') as file:
        written = [line for line in file.read().split('\n') if line.startswith('| ')][1:]
    check(len(written) == len(lines), '%s has %d rows, there are %d: make it anew' % (PAGE, len(written), len(lines)))
    other = [new for old, new in zip(written, lines) if old.rsplit('|', 2)[1] != new.rsplit('|', 2)[1]]
    check(not other, 'docs/answers.md says otherwise of parley serve: ' + '; '.join(other[:5]))
    changed = sum(old != new for old, new in zip(written, lines))
    print('figures: %s %d rows of the real servers differ from docs/answers.md' % (figures(columns)[:-1] + ';', changed))
