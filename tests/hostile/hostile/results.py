"""Counts by class, the failures, and the last lines that ./check reads."""
import collections

CLASSES = {'A': 'STARTTLS', 'B': 'headers', 'C': 'features', 'D': 'SASL', 'E': 'SCRAM', 'F': 'DIGEST-MD5',
           'G': 'XML', 'H': 'stanzas', 'I': 'closing', 'J': 'unknown', 'K': 'floods'}


class Results:
    def __init__(self, what):
        self.what = what
        self.passed, self.left = collections.Counter(), collections.Counter()
        self.failures = []

    def judge(self, group, name, why):
        """`why`: what is wrong; None: nothing."""
        if why is None:
            self.passed[group] += 1
        else:
            self.failures.append(name)
            print('FAIL %s: %s' % (name, why), flush=True)

    def leave(self, group, why):
        self.left[why] += 1

    def finish(self, more=''):
        kinds = ', '.join('%s %d' % (CLASSES.get(k, k), n) for k, n in sorted(self.passed.items()))
        print('figures: %s: %s%s' % (self.what, kinds, more))
        for why, count in sorted(self.left.items()):
            print('not here, at the core alone: %d, %s' % (count, why))
        print('%d passed, %d failed' % (sum(self.passed.values()), len(self.failures)))
        return 1 if self.failures or not self.passed else 0
