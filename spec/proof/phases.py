"""What the XML machine's actions have set in each of its states, from `ragel -x`, for xml_step.c.

A bit pair a place: it can be nowhere, it can be somewhere; of a flag: it can be false, true.
xml_step.c shows that it is so."""

import re
import subprocess

NOWHERE, SOMEWHERE = FALSE, TRUE = 1, 2
EITHER = 3
ERROR = 0  # Ragel's state
EFFECTS = {
    "element_start": {"tag": SOMEWHERE, "attribute": NOWHERE, "value": NOWHERE},
    "attribute_start": {"attribute": SOMEWHERE},
    "attribute_name_end": {"value": SOMEWHERE},
    "value_end": {"value": NOWHERE},
    "start_tag": {"tag": NOWHERE, "open": SOMEWHERE, "between": EITHER},
    "empty_tag": {"tag": NOWHERE, "open": SOMEWHERE, "between": EITHER},
    "end_tag": {"between": EITHER},
    "markup": {"between": FALSE},
    "reference": {"between": FALSE},
}
BEGIN = {"tag": NOWHERE, "attribute": NOWHERE, "value": EITHER, "open": NOWHERE, "closed": FALSE,
         "between": EITHER}
PLACES = tuple(BEGIN)


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
             int(entries["epilog"]): dict(BEGIN, attribute=EITHER, open=EITHER, closed=TRUE)}
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


# The states of a kind: what each of PLACES can be in them. BEGIN: white space before the root;
# EITHER: "<!-" before the root or in it.
KINDS = {"BEGIN": (1, 1, 3, 1, 1, 3), "PROLOG": (1, 1, 3, 1, 1, 1), "ELEMENT": (2, 1, 1, 3, 1, 1),
         "ATTRIBUTE": (2, 2, 1, 3, 1, 1), "VALUE": (2, 2, 2, 3, 1, 1), "SPACE": (2, 3, 1, 3, 1, 1),
         "TEXT": (1, 3, 1, 2, 1, 3), "CONTENT": (1, 3, 1, 2, 1, 1), "EITHER": (1, 3, 3, 3, 1, 1),
         "EPILOG": (1, 3, 3, 3, 2, 3), "EPILOG_MARKUP": (1, 3, 3, 3, 2, 1)}
# Those of content apart, by an action that one of their bytes runs.
CONTENT = {"CDATA": {"cdata_run", "held_bracket", "held_two"},
           "END_TAG": {"end_start", "end_run", "end_tag"}}
# Eva keeps no more apart in one variable.
MOST = 40


def content_kind(edges):
    """Of a state with these edges; MARKUP: references, and what may be a tag or a section yet."""
    ran = {action for _, actions in edges for action in actions}
    return next((kind for kind, some in CONTENT.items() if ran & some), "MARKUP")


def kinds(edges, known):
    """The states by kind. Each but the error state has one, or this fails."""
    listed = {kind: [] for kind in (*KINDS, *CONTENT, "MARKUP")}
    of = {wanted: kind for kind, wanted in KINDS.items()}
    for state, can in enumerate(known):
        kind = of.get(tuple(can[place] for place in PLACES)) if can else None
        if kind is None and state != ERROR:
            raise ValueError(f"state {state} of the XML machine is of no kind: {can}")
        if kind is not None:
            listed[kind].append(state)
        if kind == "CONTENT":
            listed[content_kind(edges[state])].append(state)
    return listed


def lists(folder, host):
    """By name, the states of each list that header() defines, and what is known of each state."""
    edges, entries = read_machine(folder, host)
    known = phases(edges, entries)
    named = {}
    for kind, states in kinds(edges, known).items():
        named[f"PROOF_STATES_{kind}"] = states[:MOST]
        if len(states) > MOST:
            named[f"PROOF_STATES_{kind}_END"] = states[MOST:]
        assert len(states) <= 2 * MOST
    return named, known


def header(folder, host):
    """PROOF_PHASES: two bits a place, for each state. PROOF_STATES_*: the states of a kind."""
    named, known = lists(folder, host)
    rows = []
    for can in known:
        bits = sum(can[place] << 2 * number for number, place in enumerate(PLACES)) if can else 0
        rows.append(f" \\\n    X({bits})")
    return f"#define PROOF_PHASES(X){''.join(rows)}\n" + "".join(
        f"#define {name} {', '.join(map(str, states))}\n" for name, states in named.items())
