"""What the XML machine's actions have set in each of its states, from `ragel -x`, for xml_step.c.

A bit pair a place: it can be nowhere, it can be somewhere. xml_step.c shows that it is so."""

import re
import subprocess

NOWHERE, SOMEWHERE = 1, 2
EFFECTS = {
    "element_start": {"tag": SOMEWHERE, "attribute": NOWHERE, "value": NOWHERE},
    "attribute_start": {"attribute": SOMEWHERE},
    "attribute_name_end": {"value": SOMEWHERE},
    "value_end": {"value": NOWHERE},
    "start_tag": {"tag": NOWHERE, "open": SOMEWHERE},
    "empty_tag": {"tag": NOWHERE, "open": SOMEWHERE},
}
BEGIN = {"tag": NOWHERE, "attribute": NOWHERE, "value": NOWHERE | SOMEWHERE, "open": NOWHERE}
PLACES = ("tag", "attribute", "value", "open")


def read_machine(folder, host):
    """By state its edges, each the state it leads to and the names of its actions; and the entries."""
    text = subprocess.run(["ragel", "-x", host], cwd=folder, check=True, stdout=subprocess.PIPE,
                          text=True).stdout
    names = dict(re.findall(r'<action id="(\d+)" name="(\w+)"', text))
    lists = {at: [names[one] for one in ids.split()] for at, ids in
             re.findall(r'<action_table id="(\d+)" length="\d+">([\d ]+)<', text)}
    edges = {}
    for at, body in re.findall(r'<state id="(\d+)"(.*?)</state>', text, re.S):
        edges[int(at)] = [(int(to), lists.get(ran, [])) for to, ran in
                          re.findall(r"<t>\d+ \d+ (\d+) (\w+)</t>", body)]
    return edges, dict(re.findall(r'<entry name="(\w+)">(\d+)<', text))


def phases(edges, entries):
    """A list, by state: for each place of PLACES what it can be; None: the error state."""
    known = {int(entries["main"]): dict(BEGIN),
             int(entries["epilog"]): dict(BEGIN, attribute=NOWHERE | SOMEWHERE, open=NOWHERE | SOMEWHERE)}
    ahead = list(known)
    while ahead:
        at = ahead.pop()
        for to, ran in edges[at]:
            then = dict(known[at])
            for action in ran:
                then.update(EFFECTS.get(action, {}))
            before = known.get(to, {})
            joined = {place: then[place] | before.get(place, 0) for place in PLACES}
            if joined != before:
                known[to] = joined
                ahead.append(to)
    return [known.get(at) for at in range(len(edges))]


# The states of a kind: what each place can be in them.
KINDS = {"PROLOG": (1, 1, 3, 1), "ELEMENT": (2, 1, 1, 3), "ATTRIBUTE": (2, 2, 1, 3),
         "VALUE": (2, 2, 2, 3), "SPACE": (2, 3, 1, 3), "CONTENT": (1, 3, 1, 2),
         "EPILOG": (1, 3, 3, 3)}
# Those of content apart, by an action that one of their bytes runs.
CONTENT = {"TEXT": {"text_run"}, "CDATA": {"cdata_run", "held_bracket", "held_two"},
           "END_TAG": {"end_start", "end_run", "end_tag"}}
# Eva keeps no more apart in one variable.
MOST = 40


def content_kind(edges):
    """Of a state with these edges; MARKUP: references, and what may be a tag or a section yet."""
    ran = {action for _, actions in edges for action in actions}
    return next((kind for kind, some in CONTENT.items() if ran & some), "MARKUP")


def header(folder, host):
    """PROOF_PHASES: two bits a place, for each state. PROOF_STATES_*: the states of a kind."""
    edges, entries = read_machine(folder, host)
    known = phases(edges, entries)
    rows = []
    for can in known:
        bits = sum(can[place] << 2 * number for number, place in enumerate(PLACES)) if can else 0
        rows.append(f" \\\n    X({bits})")
    lines = [f"#define PROOF_PHASES(X){''.join(rows)}\n"]
    listed = {kind: [state for state, can in enumerate(known)
                     if can and tuple(can[place] for place in PLACES) == wanted]
              for kind, wanted in KINDS.items()}
    for kind in (*CONTENT, "MARKUP"):
        listed[kind] = [state for state in listed["CONTENT"] if content_kind(edges[state]) == kind]
    for kind, numbers in listed.items():
        states = [str(state) for state in numbers]
        lines.append(f"#define PROOF_STATES_{kind} {', '.join(states[:MOST])}\n")
        if len(states) > MOST:
            lines.append(f"#define PROOF_STATES_{kind}_END {', '.join(states[MOST:])}\n")
            assert len(states) <= 2 * MOST
    return "".join(lines)
