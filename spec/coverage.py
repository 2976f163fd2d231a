"""What spec/trace makes of the requirements: a page, a chart, a line of figures."""
import html
import re

CHAPTERS = {"4": "XML Streams", "5": "STARTTLS Negotiation", "6": "SASL Negotiation",
            "7": "Resource Binding", "8": "XML Stanzas", "11": "XML Usage",
            "13": "Security Considerations", "15": "Conformance Requirements (features)"}
# Kind of a row, its words, its colour, the colour of a number in it.
KINDS = [("shown", "met, shown by a test", "#2f7d4f", "#fff"),
         ("met", "met, without a test", "#9fd3b0", "#123"),
         ("partly", "partly", "#f0b93f", "#123"),
         ("open", "open", "#c8453b", "#fff"),
         ("not", "does not apply", "#e3e6ea", "#445")]


def kind_of(row, by_id):
    """A feature without tests of its own is shown if all the statements it is made of are."""
    if row["answer"] == "met":
        parts = [by_id[p] for p in row["where"].split("; ") if p in by_id]
        shown = row["tests"] or (parts and all(p["tests"] for p in parts if p["answer"] == "met"))
        return "shown" if shown else "met"
    return "not" if row["answer"] == "does not apply" else row["answer"]


def count(rows, by_id):
    figures = {kind: 0 for kind, _, _, _ in KINDS}
    for row in rows:
        figures[kind_of(row, by_id)] += 1
    return figures


def share(figures):
    """Percent of what applies that is met and shown by a test."""
    applicable = sum(figures.values()) - figures["not"]
    return 100 * figures["shown"] // applicable if applicable else 100


def statements(rows):
    return [row for row in rows if row["section"] != "15"]


def summary(rows):
    by_id = {row["id"]: row for row in rows}
    parts = []
    for name, some in (("statements", statements(rows)),
                       ("features", [row for row in rows if row["section"] == "15"])):
        figures = count(some, by_id)
        parts.append("%d %s: %s; %d %% of what applies shown by a test" % (
            len(some), name, ", ".join("%d %s" % (figures[k], words.replace("met, ", "met and "))
                                       for k, words, _, _ in KINDS), share(figures)))
    return "; ".join(parts)


def order(section):
    return [int(part) for part in section.split(".")]


def groups(rows, depth):
    """Rows by the first `depth` numbers of their section, in order."""
    found = {}
    for row in rows:
        found.setdefault(".".join(row["section"].split(".")[:depth]), []).append(row)
    return sorted(found.items(), key=lambda item: order(item[0]))


# The chart.

LEFT, WIDTH, BAR, PITCH, TOP = 236, 560, 24, 38, 92


def segment(x, width, y, number, kind):
    _, words, colour, ink = kind
    text = '<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"><title>%d %s</title></rect>' % (
        x, y, width, BAR, colour, number, words)
    if width >= 9 * len(str(number)):
        text += '<text class="number" x="%.1f" y="%d" style="fill: %s">%d</text>' % (
            x + width / 2, y + 17, ink, number)
    return text


def chart(rows):
    by_id = {row["id"]: row for row in rows}
    chapters = groups(rows, 1)
    most = max(len(some) for _, some in chapters)
    height = TOP + PITCH * len(chapters) + 14
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 %d" width="900" height="%d" '
           'role="img">' % (height, height),
           "<title>Requirements of RFC 6120 by chapter</title>",
           "<style>text { font-family: Helvetica, Arial, sans-serif; font-size: 13px; fill: #222; }"
           "\n.title { font-size: 19px; font-weight: bold; }"
           "\n.chapter { text-anchor: end; }"
           "\n.share { font-weight: bold; }"
           "\n.key { font-size: 12px; fill: #555; }"
           "\n.number { font-size: 12px; text-anchor: middle; }</style>",
           '<rect width="900" height="%d" rx="8" fill="#fff"/>' % height,
           '<text class="title" x="24" y="34">RFC 6120: what is met, and shown by a test</text>']
    x = 24
    for _, words, colour, _ in KINDS:
        out.append('<rect x="%d" y="52" width="12" height="12" rx="2" fill="%s"/>'
                   '<text class="key" x="%d" y="62">%s</text>' % (x, colour, x + 18, words))
        x += 40 + 7 * len(words)
    out.append('<text class="key" x="876" y="62" text-anchor="end">shown, of what applies</text>')
    for i, (chapter, some) in enumerate(chapters):
        y = TOP + PITCH * i
        figures = count(some, by_id)
        name = CHAPTERS[chapter].replace(" (features)", "")
        out.append('<text class="chapter" x="%d" y="%d">%s %s</text>' % (
            LEFT - 12, y + 17, chapter, html.escape(name)))
        x = LEFT
        for kind in KINDS:
            width = WIDTH * figures[kind[0]] / most
            if width:
                out.append(segment(x, width, y, figures[kind[0]], kind))
            x += width
        out.append('<text class="share" x="%.1f" y="%d">%d %%</text>' % (x + 10, y + 17,
                                                                        share(figures)))
    return "\n".join(out + ["</svg>", ""])


# The page.

def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def figures_table(parts, by_id, first):
    lines = ["| %s | %s | in all | shown |" % (first, " | ".join(words for _, words, _, _ in KINDS)),
             "|---|" + "---:|" * (len(KINDS) + 2)]
    for name, some in parts:
        figures = count(some, by_id)
        lines.append("| %s | %s | %d | %d %% |" % (
            name, " | ".join(str(figures[kind] or "") for kind, _, _, _ in KINDS), len(some),
            share(figures)))
    return lines


def reasons_table(rows):
    if not rows:
        return ["None."]
    lines = ["| id | section | binds | statement | answer | why |", "|---|---|---|---|---|---|"]
    for row in rows:
        parts = re.findall(r"R6120-\d+", row["where"])
        lines.append("| %s | %s | %s | %s | %s | %s |" % tuple(cell(text) for text in (
            row["id"], row["section"], row["roles"], row["statement"], row["answer"],
            row["note"] or "see " + ", ".join(parts))))
    return lines


def page(rows):
    by_id = {row["id"]: row for row in rows}
    chapters = groups(rows, 1)
    unmet = [row for row in rows if row["answer"] in ("partly", "open")]
    untested = [row for row in statements(rows) if kind_of(row, by_id) == "met"]
    remarks = [row for row in statements(rows) if kind_of(row, by_id) != "met" and row["answer"] == "met"
               and row["note"]]
    others = [row for row in rows if row["answer"] == "does not apply"]
    out = ["<!-- Made by spec/trace of spec/requirements.tsv. Do not edit. -->",
           "# RFC 6120, statement by statement", "",
           "`spec/requirements.tsv` has a line for each statement of RFC 6120 with MUST, SHALL or "
           "REQUIRED, and", "for each feature of its section 15: where it is met, and which test "
           "shows it. `spec/trace` checks that", "every file, function, state and test that is "
           "named is there, and makes this page.", "",
           "![Coverage by chapter](requirements.svg)", "",
           "\"Shown\" is the share of what applies that is met and shown by a test. What does not "
           "apply is mostly", "what binds streams between servers, which this version does not "
           "have, and who issues certificates.", "", "## By chapter", ""]
    out += figures_table([("%s %s" % (c, CHAPTERS[c]), some) for c, some in chapters] +
                         [("**all**", rows)], by_id, "chapter")
    out += ["", "## By section", ""]
    out += figures_table(groups(statements(rows), 2), by_id, "section")
    out += ["", "## Partly met, and open", ""] + reasons_table(unmet)
    out += ["", "## Met without a test", ""] + reasons_table(untested)
    out += ["", "## Met, with a remark", ""] + reasons_table(remarks)
    out += ["", "## Does not apply", ""] + reasons_table(others)
    return "\n".join(out + [""])


def pages(rows):
    return {"docs/requirements.md": page(rows), "docs/requirements.svg": chart(rows)}
