#include "diagram.h"

#include "drawings.h"
#include "status.h"

#include <errno.h>
#include <parley/machine.h>
#include <stdio.h>
#include <string.h>

/* Characters that a line of the drawing's head holds. */
#define CAPTION_WIDTH 112

#define GOOD "#1b7f3b"
#define BAD  "#c2185b"

static const char *name_of(uint8_t state)
{
    return parley_client_machine.states[state].name;
}

void diagram_init(diagram *d)
{
    d->path[0] = 0;
    d->count = 1;
}

void diagram_enter(diagram *d, const char *state)
{
    for (uint8_t i = 0; i < parley_client_machine.state_count; i++) {
        if (d->count < DIAGRAM_LONGEST && strcmp(name_of(i), state) == 0 &&
            d->path[d->count - 1] != i) {
            d->path[d->count++] = i;
        }
    }
}

static void put_rules(FILE *out, const diagram *d, const char *ended, const char *colour)
{
    for (size_t i = 0; i < d->count; i++) {
        const char *name = name_of(d->path[i]);

        fprintf(out, "#client-state-%s rect { stroke: %s; stroke-width: 2.6; }\n", name, colour);
        if (i > 0) {
            const char *from = name_of(d->path[i - 1]);

            fprintf(out, "#client-edge-%s-%s path { stroke: %s; stroke-width: 2.6; }\n", from, name,
                    colour);
            fprintf(out, "#client-edge-%s-%s polygon { fill: %s; }\n", from, name, colour);
        }
    }
    fprintf(out, ".visit { fill: %s; }\n", colour);
    fprintf(out, "#client-state-%s rect { fill: %s; fill-opacity: 0.16; stroke-width: 4; }\n",
            ended, colour);
}

/* What XML cannot hold as it is becomes a reference or a question mark. */
static void put_escaped(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '&') {
            fputs("&amp;", out);
        } else if (c == '<') {
            fputs("&lt;", out);
        } else if (c == '>') {
            fputs("&gt;", out);
        } else {
            putc(c < 0x20 || c > 0x7e ? '?' : c, out);
        }
    }
}

/* Where to break: at the last space of what fits. */
static size_t line_length(const char *text)
{
    size_t len = strlen(text);

    if (len <= CAPTION_WIDTH) {
        return len;
    }
    for (len = CAPTION_WIDTH; len > 0 && text[len] != ' '; len--) {
    }
    return len > 0 ? len : CAPTION_WIDTH;
}

static void put_caption(FILE *out, unsigned number, const char *ended, const char *reason)
{
    size_t first = line_length(reason);
    const char *rest = reason + first + (reason[first] == ' ');
    size_t len = line_length(rest);

    if (number == 1) {
        fprintf(out, "This session's path, numbered; it ended in %s:", ended);
    } else if (number == 2) {
        put_escaped(out, reason, first);
    } else {
        put_escaped(out, rest, len);
        fputs(rest[len] != '\0' ? " ..." : "", out);
    }
}

/* When the path was at the state named in the line, as "2, 4". */
static void put_visits(FILE *out, const diagram *d, const char *name)
{
    size_t len = strcspn(name, "\"");
    const char *between = "";

    for (size_t i = 0; i < d->count; i++) {
        if (strlen(name_of(d->path[i])) == len && memcmp(name_of(d->path[i]), name, len) == 0) {
            fprintf(out, "%s%zu", between, i + 1);
            between = ", ";
        }
    }
}

static void put_line(FILE *out, const diagram *d, const char *line, const char *ended, bool good,
                     const char *reason)
{
    static const char caption[] = "<text id=\"caption-";
    static const char visit[] = "<text id=\"client-visit-";
    bool is_caption = strncmp(line, caption, sizeof caption - 1) == 0;

    if (strcmp(line, "</style>") == 0) {
        put_rules(out, d, ended, good ? GOOD : BAD);
    }
    if (!is_caption && strncmp(line, visit, sizeof visit - 1) != 0) {
        fprintf(out, "%s\n", line);
        return;
    }
    fprintf(out, "%.*s>", (int)strcspn(line, ">"), line);
    if (is_caption) {
        put_caption(out, (unsigned)(line[sizeof caption - 1] - '0'), ended, reason);
    } else {
        put_visits(out, d, line + sizeof visit - 1);
    }
    fputs("</text>\n", out);
}

bool diagram_write(const diagram *d, const char *path, const char *ended, bool good,
                   const char *reason, failure *f)
{
    FILE *out = fopen(path, "w");
    bool written;

    if (out == NULL) {
        return failure_set(f, STATUS_LOCAL, "local", "%s: %s; name a file that can be written",
                           path, strerror(errno));
    }
    for (const char *const *line = drawings_client_svg; *line != NULL; line++) {
        put_line(out, d, *line, ended, good, reason);
    }
    written = ferror(out) == 0;
    if (fclose(out) != 0 || !written) {
        return failure_set(f, STATUS_LOCAL, "local", "%s: cannot be written whole", path);
    }
    return true;
}
