"""Whether the contracts that Eva takes for functions are those which WP proves, text for text."""

import re

# Of these no proof shows what Eva's steps take for granted.
NOT_PROVED = {"is_repeated", "parley_xml_is_repeated", "parley_xml_compact"}

CONTRACT = re.compile(r"/\*@(?:(?!\*/).)*?\*/\s*(?:\w[\w\s*]*?[\s*])(\w+)\([^;{}]*\);", re.S)


def read(folder):
    return {file.name: file.read_text() for file in folder.iterdir() if file.suffix in (".c", ".h")}


def included(texts, file):
    """The file with those of its folder that it includes, and these."""
    found, left = set(), [file]
    while left:
        file = left.pop()
        if file in texts and file not in found:
            found.add(file)
            left += re.findall(r'^#include "([\w.]+)"', texts[file], re.M)
    return found


def compared(texts, proofs):
    """Which functions Eva takes a contract for, though there is code, or a proof by WP; and those of
    which its text is not the one that a proof by WP includes."""
    stands, shown = {}, {}
    for file, text in texts.items():
        for name in CONTRACT.findall(text):
            stands.setdefault(name, set()).add(file)
    for proof in proofs:
        if proof["kind"] == "wp":
            for name in proof["functions"].split(","):
                shown.setdefault(name, []).append(included(texts, proof["driver"]))
    names, left = set(), set()
    for proof in proofs:
        if proof["kind"] == "eva":
            at_hand = included(texts, proof["driver"])
            options = [*proof["options"], "-eva-use-spec", ""]
            taken = options[options.index("-eva-use-spec") + 1].split(",")
            taken += [name for name in shown if stands.get(name, set()) & at_hand]
            names.update(filter(None, taken))
            for name in filter(None, taken):
                used = stands.get(name, set()) & at_hand
                if len(used) != 1 or not any(stands[name] & by_wp == used
                                             for by_wp in shown.get(name, ())):
                    left.add(name)
    return names, left


def judge(folder, proofs):
    """Prints what is compared, and whether a text that is another would be noticed."""
    texts = read(folder)
    proofs = list(proofs)
    names, left = compared(texts, proofs)
    print(f"proof: contracts: of {len(names)} that Eva goes by {len(names - left)} are proved as they"
          f" stand, not {', '.join(sorted(left))}")
    fewer = [proof for proof in proofs if proof["driver"] != "wp_end.c"]
    without = compared(texts, fewer)[1] - left
    print(f"proof: planted, a contract is proved no more: {'noticed' if without else 'NOT NOTICED'}")
    own = dict(texts)
    own["xml_step.c"] += "/*@ assigns \\nothing; */\nstatic uint32_t look_up(const parley_xml *t);\n"
    another = compared(own, proofs)[1] - left
    print(f"proof: planted, Eva has a text of its own: {'noticed' if another else 'NOT NOTICED'}",
          flush=True)
    return [left == NOT_PROVED, bool(without), bool(another)]
