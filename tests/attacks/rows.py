#!/usr/bin/env python3
"""Every row of ROWS.tsv has a test for each role that it names, and every case file a row or
a class of its own; every promise of the threat model names tests that are there; the page of
attacks names each CVE of the rows, and no row or test that is not there. Prints what is wrong, and
fails."""
import collections
import os
import re
import sys
sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
ROLES = {'C': ('client',), 'S': ('server',), 'both': ('client', 'server'), 'C->S': ('client',)}


CVE = r'CVE-\d+-\d+'


def rows():
    with open(os.path.join(HERE, 'ROWS.tsv'), encoding='utf-8') as file:
        lines = [line.rstrip('\n').split('\t') for line in file if not line.startswith('#')]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def cases():
    """{(id, role): how many}"""
    found = collections.Counter()
    folder = os.path.join(HERE, 'cases')
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
            role = re.search(r'^role (client|server)$', file.read(), re.M)
        if role is None or not re.match(r'[A-Z]\d\d-.*\.case$', name):
            yield name, None
        else:
            found[(name[:3], role[1])] += 1
    yield from found.items()


def exists(test):
    """Whether a named test is there."""
    file, _, name = test.partition(':')
    if file == 'hostile':
        folder = os.path.join(ROOT, 'tests', 'hostile')
        texts = [os.path.join(folder, n) for n in os.listdir(folder) if n.endswith('.py')]
        pattern = r'^def %s\(' % re.escape(name)
    else:
        texts, pattern = [os.path.join(ROOT, file)], r'\b%s\(' % re.escape(name)
    for path in texts:
        if os.path.exists(path):
            with open(path, encoding='utf-8') as text:
                if re.search(pattern, text.read(), re.M):
                    return True
    return False


def named_in(page):
    """The scripted cases that a page says show something."""
    with open(os.path.join(ROOT, 'docs', page), encoding='utf-8') as file:
        for names in re.findall(r'\b(?:servers|clients|faults|deadlines|secrets|spoofs)(?:\.py|:) ([a-z_]+(?:, [a-z_]+)*)', file.read()):
            yield from names.split(', ')


def promises():
    """(group, test) of each row of the threat model: its third cell names them after a group in
    back-quotes."""
    with open(os.path.join(ROOT, 'docs', 'threat-model.md'), encoding='utf-8') as file:
        for line in file:
            if line.startswith('| ') and line.count('|') == 3 and not line.startswith('| promise '):
                cell = line.split('|')[2]
                if not cell.strip():
                    yield '', line.strip()
                for group, names in re.findall(r'`([a-z]+)` ([A-Za-z0-9_]+(?:, [A-Za-z0-9_]+)*)(?!\w*:)', cell):
                    for name in names.split(', '):
                        yield group, name


def kept(have, group, name):
    """Whether the test of a promise is there: a row's case, a property of the model, or a test."""
    def text(*parts):
        with open(os.path.join(ROOT, *parts), encoding='utf-8') as file:
            return file.read()

    if group == 'attacks' and re.match(r'[A-Z](\d\d)?$', name):
        return any(key[0].startswith(name) for key in have)
    if group == 'formal':
        return re.search(r'"%s"' % name, text('spec', 'model', 'properties.py')) is not None
    found = re.search(r'test\(%s GROUP %s\b' % (name, group), text('tests', 'CMakeLists.txt'))
    if found is None and group == 'interop':
        found = name in text('tests', 'interop', 'README.md')
    return found is not None


def attacks():
    """(how many, what is wrong) of what the page of attacks names."""
    with open(os.path.join(ROOT, 'docs', 'security.md'), encoding='utf-8') as file:
        lines = [line.split('|')[1:4] for line in file if line.startswith('| ') and not line.startswith('| attack ')]
    wrong = ['no test of "%s"' % attack.strip() for attack, _, tests in lines if not tests.strip()]
    text = '\n'.join(tests for _, _, tests in lines)
    known = set(re.findall(r'\b[A-K]\d\d\b', text))
    wrong += ['there is no row %s' % row for row in sorted(known - {row['id'] for row in rows()})]
    tests = set(re.findall(r'\b(unit|corpus|conformance|cli|formal|sizes) ([a-z_0-9]+)', text))
    wrong += ['there is no test %s of group %s' % (name, group) for group, name in sorted(tests) if not kept({}, group, name)]
    failed = set(re.findall(CVE, '\n'.join(peers for _, peers, _ in lines)))
    named = {cve for row in rows() for cve in re.findall(CVE, row['reference'])}
    wrong += ['nothing about %s' % cve for cve in sorted(named - failed)]
    return len(lines) + len(known) + len(tests) + len(named), ['docs/security.md: ' + line for line in wrong]


def main():
    have = dict(cases())
    wrong = ['%s: not the name or the role of a case' % name for name, count in have.items() if count is None]
    shown = 0
    for row in rows():
        tests = row.get('also', '').split()
        wrong += ['%s: there is no %s' % (row['id'], test) for test in tests if not exists(test)]
        for role in ROLES[row['role']]:
            if have.get((row['id'], role)) or tests:
                shown += 1
            else:
                wrong.append('%s has no case for a %s: %s' % (row['id'], role, row['stimulus']))
    for page in ('security.md', 'threat-model.md'):
        names = list(named_in(page))
        wrong += ['docs/%s: there is no case %s' % (page, name) for name in names if not exists('hostile:' + name)]
        shown += len(names)
    for group, name in promises():
        shown += 1
        if not kept(have, group, name):
            wrong.append('docs/threat-model.md: there is no test %s of group %s' % (name, group or 'any'))
    count, more = attacks()
    shown += count
    wrong += more
    for line in wrong:
        print('FAIL ' + line)
    by_class = collections.Counter()
    for key, count in have.items():
        by_class[key[0][0]] += count or 0
    print('figures: cases %s' % ' '.join('%s:%d' % pair for pair in sorted(by_class.items())))
    print('%d passed, %d failed' % (shown, len(wrong)))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
