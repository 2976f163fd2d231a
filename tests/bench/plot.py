"""The benchmark's drawings, as SVG."""
COLOURS = ("#9e9e9e", "#c0b283", "#b0a0c0", "#a8d5e2", "#5aa9c7", "#2474a4", "#0b3c5d", "#d8b4a0",
           "#f2c078", "#e08d3c", "#b35900", "#b9d8a8", "#6aab5e", "#2f6b34")


def text(x, y, what, anchor="start", size=12):
    what = what.replace("&", "&amp;").replace("<", "&lt;")
    return '<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d">%s</text>' % (
        x, y, anchor, size, what)


def save(path, width, height, parts):
    with open(path, "w") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" '
                   'font-family="sans-serif">\n<rect width="%d" height="%d" fill="#fff"/>\n%s\n'
                   "</svg>\n" % (width, height, width, height, "\n".join(parts)))


def bars(path, title, groups, rows):
    """`rows`: (name, a value for each group); one block of bars a group."""
    left, height, most = 60, 18, max(max(values) for _, values in rows)
    block = height * len(rows) + 34
    parts = [text(20, 24, title, size=15)]
    for g, group in enumerate(groups):
        y = 50 + g * block
        parts.append(text(20, y + block / 2 - 20, group, size=16))
        for r, (name, values) in enumerate(rows):
            width = 560 * values[g] / most
            parts.append('<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>' % (
                left, y + r * height, width, height - 3, COLOURS[r % len(COLOURS)]))
            parts.append(text(left + width + 6, y + r * height + 12,
                              "%.1f  %s" % (values[g], name), size=11))
    save(path, 860, 50 + block * len(groups), parts)


def curves(path, curves_, unit="ms", scale=1e6):
    """`curves_`: (title, [(x, y in `unit`s, times `scale`)]); one frame each, both axes from 0."""
    parts = []
    for n, (title, points) in enumerate(curves_):
        x0, y0 = 90 + n % 2 * 430, 260 + n // 2 * 300
        most_x, most_y = max(p[0] for p in points), max(p[1] for p in points)
        parts.append('<path d="M%d %d V%d H%d" fill="none" stroke="#333"/>' % (
            x0, y0 - 200, y0, x0 + 330))
        at = [(x0 + 320 * x / most_x, y0 - 190 * y / most_y) for x, y in points]
        parts.append('<polyline points="%s" fill="none" stroke="#2474a4" stroke-width="2"/>' %
                     " ".join("%.1f,%.1f" % p for p in at))
        parts += ['<circle cx="%.1f" cy="%.1f" r="3.5" fill="#2474a4"/>' % p for p in at]
        parts.append(text(x0, y0 - 214, title, size=13))
        parts.append(text(x0 + 320, y0 + 18, "%d" % most_x, "end", 11))
        parts.append(text(x0 - 6, y0 - 186, "%s %s" % (("%d" if scale == 1 else "%.3g") % (most_y / scale), unit), "end", 11))
        parts.append(text(x0 - 6, y0 + 4, "0", "end", 11))
    save(path, 900, 290 + (len(curves_) - 1) // 2 * 300, parts)
