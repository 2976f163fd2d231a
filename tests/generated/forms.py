#!/usr/bin/env python3
"""The machines' tables and the -G2 form of the same machine:
forms.py forms.c SCRATCH [MACHINE...]

For every state and byte (the letter of an event is a byte) one step of the committed C and one of
what Ragel makes with -G2 must come to the same state, having run the same actions. That holds also
where an action stops the machine, at the last byte and at the end of input. Beside this every index
that the tables' code can use must lie in its array. Then entries are changed: a changed table must
be noticed by one or the other. docs/assurance.md says what it shows."""

import functools
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GRAMMARS = ["jid", "scram_client_messages", "scram_server_messages", "anonymous", "digest_md5",
            "plain", "client", "server"]
PACKED_NAME = "_packed"  # machines/NAME_packed.c, of the same source
MACHINES = ["xml_small", "xml_table"] + GRAMMARS + [name + PACKED_NAME for name in GRAMMARS]
PLANTS = 24  # changes of each array
KINDS = ["byte", "byte, and stop", "last byte", "end"]
LIMITS = {"char": 127, "unsigned char": 255, "short": 32767}  # char has a sign or none
SEARCH = {"key_offsets", "trans_keys", "single_lengths", "range_lengths", "index_offsets"}
SPANS = {"trans_keys", "key_spans", "index_offsets"}
PACKED = {"rows"}  # machines/packed.h
EVERY = 8
REST = 15
FURTHER = {"actions", "indicies", "trans_targs", "trans_actions", "classes", "runs", "eof_actions",
           "to_state_actions"}


class Problem(Exception):
    pass


class Form:
    """C that Ragel has made: its arrays, its constants, and the code of `write exec`."""

    def __init__(self, text):
        self.prefix = re.search(r"static const int (\w+?)_start = ", text)[1]
        array = r"static const ([a-z ]+) _%s_(\w+)\[\] = \{([^}]*)\};" % self.prefix
        self.types, self.arrays = {}, {}
        for kind, name, body in re.findall(array, text):
            self.types[name] = kind
            self.arrays[name] = [int(v.strip().rstrip("u")) for v in body.split(",")]
        constant = r"static const int %s_(start|error|first_final|en_\w+) = (\d+);" % self.prefix
        self.constants = {name: int(value) for name, value in re.findall(constant, text)}
        self.code = self.find_code(text)
        # parley_packed_byte: the runs of letters stand before the rows.
        begin = re.search(r"_rows \+ (\d+)", self.code)
        if begin:
            rows = self.arrays["rows"]
            self.arrays = {"runs": rows[:int(begin[1])], **self.arrays, "rows": rows[int(begin[1]):]}
            self.types["runs"] = self.types["rows"]
        self.actions = []
        self.breaks = False

    @staticmethod
    def find_code(text):
        begin = text.rindex("\n\t{\n", 0, text.index("\tif ( p == pe )\n\t\tgoto _test_eof;")) + 1
        end = text.index("\n#line", text.index("_test_eof: {}", begin))
        while text[begin:end].count("{") != text[begin:end].count("}"):
            end = text.index("\n#line", end + 1)
        # xml_small.rl has its own class of a byte.
        return text[begin:end].replace("class_of(*p)", "byte_class[*p]")

    def recording(self, numbers):
        """The code with actions that only tell their number: which it is, Ragel's #line says."""
        def action(found):
            name = f"{found[2]}:{found[1]}"
            stop = re.search(r"\{ ?p\+\+;[^{}]*goto _out; ?\}", found[3])
            number = numbers.setdefault(name, len(numbers))
            self.breaks |= stop is not None
            self.actions.append(name)
            return f"\t{{ ran({number}, p); {'if (stops) ' + stop[0] if stop else ''} }}\n"
        code = re.sub(r'#line (\d+) "(\w+\.rl)"\n\t(\{.*\})\n', action, self.code)
        code = re.sub(r"#line .*\n", "", re.sub(r"\b[cs]->stream\.cs", "cs", code))
        left = re.search(r".*(?:parley_(?!packed_)|->|\w+\.\w+).*", code)
        if left:
            raise Problem("an action is left in the code: " + left[0])
        return code


def check_indices(form, arrays):
    """Raises Problem if the code that goes over the arrays can leave one, from any state."""
    at = functools.partial(element, arrays)
    for name, values in arrays.items():
        for i, value in enumerate(values):
            if not 0 <= value <= LIMITS[form.types[name]]:
                raise Problem(f"{name}[{i}] is {value}, too much for its type")
    spans = "key_spans" in arrays
    direct = is_direct(arrays)
    check_classes(at, arrays)
    for state in range(form.states):
        row = row_of_entries if "rows" in arrays else row_of_spans if spans else row_of_search
        for target, actions in row(at, arrays, state):
            if not 0 <= target < form.states:
                raise Problem(f"{target}, which state {state} leads to, is no state")
            check_actions(form, at, direct, actions)
        for name in ("eof_actions", "to_state_actions"):
            if name in arrays:
                check_actions(form, at, direct, at(name, state))


def element(arrays, name, index):
    # Ragel ends these two with an element that is none.
    last = len(arrays[name]) - (name in ("trans_keys", "indicies"))
    if not 0 <= index < last:
        raise Problem(f"{name}[{index}], and there are {last}")
    return arrays[name][index]


def row_of_spans(at, arrays, state):
    low, high = at("trans_keys", 2 * state), at("trans_keys", 2 * state + 1)
    span = at("key_spans", state)
    if span > 0 and high - low >= span:
        raise Problem(f"state {state} has keys from {low} to {high}, and a span of {span}")
    return transitions(at, arrays, state, span + 1)


def row_of_search(at, arrays, state):
    single, ranges = at("single_lengths", state), at("range_lengths", state)
    offset = at("key_offsets", state)
    for i in range(offset, offset + single + 2 * ranges):
        at("trans_keys", i)
    if offset >= len(arrays["trans_keys"]):  # the pointer is made where nothing is read, too
        raise Problem(f"key_offsets[{state}] is {offset}")
    return transitions(at, arrays, state, single + ranges + 1)


def transitions(at, arrays, state, count):
    """Where they lead, and their actions."""
    offset = at("index_offsets", state)
    for index in range(offset, offset + count):
        trans = at("indicies", index) if "indicies" in arrays else index
        yield (at("trans_targs", trans),
               at("trans_actions", trans) if "trans_actions" in arrays else 0)


def row_of_entries(at, arrays, state):
    """What parley_packed_step reads; of an entry, if a letter is left that none before it is for."""
    likes, away, seen = [], 0, set()
    while state not in likes:
        likes.append(state)
        place, kind = at("rows", 1), 0
        for _ in range(state // EVERY):
            place += at("rows", place)
        place += 1
        for _ in range(state % EVERY):
            while kind < 2:
                place, kind, _, _ = entry_at(at, place)
            kind = 0
        while kind < 2:
            place, kind, number, letters = entry_at(at, place)
            if kind < 4 and not letters <= seen:
                number = state + 1 if kind == 3 else number
                place_of_way = 2 + 2 * (number - at("rows", 0))
                target, actions = ((number, 0) if place_of_way < 0 else
                                   (at("rows", place_of_way), at("rows", place_of_way + 1)))
                yield target + away if target else 0, actions
            seen |= letters
        if kind < 4:
            return
        away += state - number if kind == 5 else 0
        state = number
        yield state, 0
    raise Problem(f"rows are like each other in a circle: {likes}")


def entry_at(at, place):
    """Where the next one begins, its kind (4: as a state's row, 5: that one moved), its number, its
    letters."""
    key = at("rows", place)
    kind = {190: 4, 189: 5}.get(key, key >> 6)
    first, every = key & 63, set(range(61))
    last = at("rows", place + 1) if kind == 1 else first
    place += 2 if kind == 1 else 1
    letters = set() if kind > 3 else every if first == 63 else every & set(range(first, last + 1))
    return place + (kind != 3), kind, at("rows", place) if kind != 3 else None, letters


def check_classes(at, arrays):
    place = 0
    for byte in range(256 if "classes" in arrays else 0):
        while at("classes", place) < byte:
            place += 2
        at("classes", place + 1)
    for byte in range(256 if "runs" in arrays else 0):
        place = len(arrays["runs"]) - 1
        while at("runs", place) >> 4 < min(byte, REST):
            byte -= (at("runs", place) >> 4) + 1
            place -= 1


def is_direct(arrays):
    """-F1 has a case each, and so has a packed form where no list is longer than one; others have lists
    in an array: how many, and which."""
    return "key_spans" in arrays or ("rows" in arrays and "actions" not in arrays)


def check_actions(form, at, direct, value):
    if value == 0 and direct:
        return
    listed = [value]
    if not direct and value and "actions" not in form.arrays:
        raise Problem(f"there is no list {value}")
    if not direct:
        # Nothing is looked up for 0, and a machine without actions has no lists.
        listed = [at("actions", value + 1 + i) for i in range(at("actions", value))] if value else []
    for number in listed:
        if number not in form.cases:
            raise Problem(f"there is no action {number}")


def read(name):
    """The committed form, and -G2 of the same source; of XML that is committed too."""
    table = Form((ROOT / f"machines/{name}.c").read_text())
    name = name.removesuffix(PACKED_NAME)
    if name.startswith("xml_"):
        fast = Form((ROOT / "machines/xml_fast.c").read_text())
    else:
        made = subprocess.run(["ragel", "-C", "-G2", "-o", "/dev/stdout", f"{name}.rl"], check=True,
                              cwd=ROOT / "machines", stdout=subprocess.PIPE, text=True).stdout
        fast = Form(made.replace('"/dev/stdout"', f'"{name}.c"'))
    if set(table.arrays) - FURTHER not in (PACKED, SEARCH, SPANS) or fast.arrays:
        raise Problem(f"arrays that are not known: {sorted(table.arrays)} {sorted(fast.arrays)}")
    if table.constants != fast.constants:
        raise Problem(f"the states have other numbers: {table.constants} {fast.constants}")
    table.states = count_rows(table.arrays)
    table.cases = {int(n) for n in re.findall(r"\tcase (\d+):", table.code)}
    return table, fast


def last_entries(arrays):
    """The places of those that end a row."""
    step = arrays["rows"][1]
    place, ends = step + 1, []
    while place < len(arrays["rows"]):
        before = place
        place, kind, _, _ = entry_at(functools.partial(element, arrays), place)
        ends += [before] if kind >= 2 else []
        if kind >= 2 and len(ends) % EVERY == 0 and place < len(arrays["rows"]):
            step += arrays["rows"][step]
            place = step + 1
    return ends


def count_rows(arrays):
    return len(arrays["index_offsets"] if "index_offsets" in arrays else last_entries(arrays))


def ragel_states(name):
    """How many states `ragel -x` has, without the error state."""
    made = subprocess.run(["ragel", "-x", f"{name}.rl"], check=True, cwd=ROOT / "machines",
                          stdout=subprocess.PIPE, text=True).stdout
    error = re.search(r"<error_state>(\d+)<", made)
    ids = set(re.findall(r'<state id="(\d+)"', made))
    return len(ids - {error[1]} if error else ids)


def changed(arrays, name, index, value):
    return dict(arrays, **{name: arrays[name][:index] + [value] + arrays[name][index + 1:]})


def objection(form, arrays):
    try:
        check_indices(form, arrays)
    except Problem as problem:
        return str(problem)
    return None


def plan(form, seed):
    """Changes that leave every index in its array: the comparison has to notice them."""
    chance, found = random.Random(seed), []
    for number, (name, values) in enumerate(form.arrays.items()):
        count = 0
        for _ in range(8 * PLANTS):
            index = chance.randrange(len(values))
            value = chance.choice([values[index] - 1, values[index] + 1, chance.choice(values), 0])
            if value == values[index] or count == PLANTS:
                continue
            if objection(form, changed(form.arrays, name, index, value)) is None:
                found.append((number, index, value))
                count += 1
    return found


def bad_indices(form):
    """Sets in each array, where it matters last, the least that is too much. Returns how many, and
    which were not noticed."""
    arrays, direct = form.arrays, is_direct(form.arrays)
    bad = bad_entries(form) if "rows" in arrays else bad_row(form)
    # An action that is none; of -T0 a list that ends where the array does, and one a step too long.
    beyond = max(form.cases, default=0) + 1 if direct else len(arrays.get("actions", []))
    for name in ("trans_actions", "eof_actions", "to_state_actions"):
        if name in arrays:
            used = max(range(len(arrays[name])), key=lambda i: arrays[name][i])
            bad.append((name, used, beyond))
    used = None
    if "rows" in arrays and arrays["rows"][1] > 2:
        used = max(range(3, arrays["rows"][1] + 1, 2), key=lambda i: arrays["rows"][i])
        bad.append(("rows", used, beyond))
    if "actions" in arrays:
        start = arrays["rows"][used] if used else max(arrays.get("trans_actions", [0]))
        bad += [("actions", start, len(arrays["actions"]) - start),
                ("actions", start + 1, max(form.cases) + 1)]
    missed = [what for what in bad if objection(form, changed(arrays, *what)) is None]
    return len(bad), missed


def bad_row(form):
    """Of Ragel's own tables."""
    arrays, states = form.arrays, form.states
    spans, targets = "key_spans" in arrays, len(arrays["trans_targs"])
    last = states - 1
    width = (arrays["key_spans"][last] if spans
             else arrays["single_lengths"][last] + arrays["range_lengths"][last])
    flow = "indicies" if "indicies" in arrays else "trans_targs"
    entries = len(arrays[flow]) - (flow == "indicies")
    middle = arrays["index_offsets"][last]
    bad = [("index_offsets", last, entries - width), ("trans_targs", arrays["indicies"][middle] if
           flow == "indicies" else middle, states)]
    if flow == "indicies":
        bad.append(("indicies", middle, targets))
    if spans:
        bad += [("key_spans", last, width + 1),
                ("trans_keys", 2 * last, arrays["trans_keys"][2 * last] - 1)]
    else:
        keys = len(arrays["trans_keys"]) - 1
        single, ranges = arrays["single_lengths"][last], arrays["range_lengths"][last]
        bad += [("key_offsets", last, keys - single - 2 * ranges + 1),
                ("single_lengths", last, single + 1), ("range_lengths", last, ranges + 1)]
    return bad


def last_step(rows, states):
    """The place that tells where the last rows begin."""
    place, at = 1, rows[1]
    for _ in range((states - 1) // EVERY):
        place, at = at, at + rows[at]
    return place


def bad_entries(form):
    """The last row begins where the array ends; its last entry is not the last; the last that has a
    number leads to the least state that there is not, or what that number stands for does; of rows
    like another, the last is like one that there is not, and the first like itself."""
    arrays, rows, ends = form.arrays, form.arrays["rows"], last_entries(form.arrays)
    numbers = [end + 1 for end in ends if rows[end] >> 6 == 2]
    bad = [("rows", last_step(rows, form.states), 255), ("rows", ends[-1], rows[ends[-1]] & 63)]
    if form.states < rows[0]:
        bad.append(("rows", numbers[-1], form.states))
    told = [at for at in numbers if rows[at] >= rows[0]]
    if told:
        bad.append(("rows", 2 + 2 * (rows[told[-1]] - rows[0]), form.states))
    likes = [(state, end) for state, end in enumerate(ends) if rows[end] in (189, 190)]
    if likes:
        bad += [("rows", likes[-1][1] + 1, form.states), ("rows", likes[0][1] + 1, likes[0][0])]
    if "classes" in arrays:
        bad.append(("classes", len(arrays["classes"]) - 2, 254))
    if "runs" in arrays:
        bad.append(("runs", 0, arrays["runs"][0] & 15))
    return bad


def write(folder, table, fast, plants):
    numbers = {}
    codes = {"step_table": table.recording(numbers), "step_fast": fast.recording(numbers)}
    if set(table.actions) != set(fast.actions) or table.breaks != fast.breaks:
        raise Problem(f"other actions: {sorted(set(table.actions) ^ set(fast.actions))}")
    names = list(table.arrays)
    error = int("if ( cs == 0 )" in table.code)
    entries = {v for k, v in table.constants.items() if k.startswith("en_")}
    entries = sorted(entries or {table.constants["start"]})
    out = [f"#define STATES {table.states}", f"#define HAS_ERROR {error}",
           f"#define BREAKS {int(table.breaks)}",
           f"#define ENDS {int('p == eof' in table.code or 'p == eof' not in fast.code)}",
           f"static const int entries[] = {{{str(entries)[1:-1]}}};"]
    if "parley_packed_" in table.code:
        out += ['#include "%s"' % (ROOT / "machines" / part) for part in ("packed.c", "packed_letter.c")]
    out.append("static const char *const action_names[] = {%s};"
               % ", ".join(f'"{n}"' for n in [*numbers, "none"]))
    out.append("static const char *const kind_names[] = {%s};" % ", ".join(f'"{k}"' for k in KINDS))
    if "byte_class" in table.code:
        out += re.findall(r"#define \w+_ex_\w+ \d+", (ROOT / "machines/xml_small.c").read_text())
        host = (ROOT / "machines/xml_host.h").read_text()
        out.append(host[host.index("#define C("):host.index("#undef C")])
    before = table.arrays.get("runs", [])
    for name in names:
        values = ", ".join(map(str, (before if name == "rows" else []) + table.arrays[name]))
        if name != "runs":
            out.append(f"static {table.types[name]} _{table.prefix}_{name}[] = {{{values}}};")
    places = {n: f"_{table.prefix}_{n}" for n in names}
    if before:
        places.update(runs=places["rows"], rows=f"{places['rows']} + {len(before)}")
    out.append("static const table tables[] = {%s};" % ", ".join(
        f'{{"{n}", {places[n]}, sizeof {places[n].split()[0]}[0]}}' for n in names))
    out.append("static const change plants[] = {%s};"
               % ", ".join("{%d, %d, %d}" % p for p in plants))
    for name, code in codes.items():
        out.append(f"static int {name}(int cs, const unsigned char **at, const unsigned char *pe,\n"
                   f"    const unsigned char *eof)\n{{\nconst unsigned char *p = *at;\n(void)eof;\n"
                   f"{code}\n*at = p;\nreturn cs;\n}}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "machine.h").write_text("\n".join(out) + "\n")
    return names


def run(folder):
    program = folder / "forms"
    subprocess.run([*os.environ.get("CC", "cc").split(), "-std=gnu11", "-w", "-O1",
                    "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{folder}",
                    "-o", program, Path(sys.argv[1])], check=True)
    done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=300)
    return done.returncode, done.stdout


def judge(name, scratch):
    """Returns what to print, what was good, what was not, and states times bytes."""
    table, fast = read(name)
    said, wrong = [], []
    found = objection(table, table.arrays)
    if found:
        wrong.append(f"an index leaves its array: {found}")
        return said, 0, wrong, 0
    number, missed = bad_indices(table)
    wrong += [f"bad index not noticed: {m}" for m in missed]
    names = write(scratch / name, table, fast, plan(table, name))
    status, text = run(scratch / name)
    steps = re.search(r"^steps (\d+) (\d+) (\d+)$", text, re.M)
    if status != 0 or not steps or int(steps[3]):
        shown = [line for line in text.splitlines() if not line.startswith("planted")]
        wrong.append("\n".join(["the forms differ:", *shown[:40]]))
        return said, 0, wrong, 0
    states = int(steps[1])
    counted = ragel_states(name.removesuffix(PACKED_NAME))
    if states != counted:
        wrong.append(f"{states} states, and ragel -x has {counted}")
    noticed = {n: [] for n in names}
    for array, count in re.findall(r"^planted (\w+) (\d+)$", text, re.M):
        noticed[array].append(count != "0")
    # Of an array of one element each change may be a bad index.
    wrong += [f"no change of {n} is noticed" for n in names
              if not any(noticed[n]) and (noticed[n] or len(table.arrays[n]) > 1)]
    total, seen = sum(map(len, noticed.values())), sum(map(sum, noticed.values()))
    said.append(f"{name}: {states} states x 256 = {states * 256}, {steps[2]} steps compared; "
                f"{seen} of {total} changed entries make a difference, and {number - len(missed)} of "
                f"{number} bad indices are found")
    return said, 2 + number - len(missed) + sum(any(n) for n in noticed.values()), wrong, states * 256


def main():
    scratch, names = Path(sys.argv[2]).resolve(), sys.argv[3:] or MACHINES

    def guarded(name):
        try:
            return judge(name, scratch)
        except (Problem, OSError, subprocess.SubprocessError) as problem:
            return [], 0, [str(problem)], 0
    passed = failed = pairs = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, (said, good, wrong, count) in zip(names, pool.map(guarded, names)):
            print("\n".join(said + [f"{name}: {w}" for w in wrong]), flush=True)
            passed, failed, pairs = passed + good, failed + len(wrong), pairs + count
    print(f"figures: {len(names)} table forms, {pairs} pairs of state and byte as in -G2")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
