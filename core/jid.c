/* JIDs. Stateless: a text is cut into its parts, each part is judged whole, and
   only then mapped into the caller's buffer, so that nothing is written unless
   the result is PARLEY_OK.

   A part's preparation:
     shape    by the machine (spec/jid.rl)
     UTF-8    and what no JID may hold, by the characters' numbers
     map      ASCII here, what goes beyond it and A-labels in core/precis*.c: that once
              to judge and count, 1023 bytes at most, and once to write. */
#include <string.h>

#include "apart.h"
#include "jid_grammar.h"
#include "precis.h"
#include "punycode.h"

/* The machine refused the domain at `at`; `before` is the byte before, if any. */
static const char *domain_reason(parley_string text, size_t at)
{
    char byte = at < text.len ? text.data[at] : '\0';
    char before = at > 0 ? text.data[at - 1] : '.';

    if (text.data[0] == '[') {
        return "the IPv6 address in brackets is not valid; write it like [2001:db8::1]";
    }
    if (byte == ':') {
        return "a domain cannot hold ':'; leave a port out, and write an IPv6 address in brackets";
    }
    if (before == '-' || (byte == '-' && before == '.')) {
        return "a label of the domain begins or ends with a hyphen; correct the domain";
    }
    if (byte == '.') {
        return "the domain has an empty label; take the extra dot out";
    }
    if (at == text.len) {
        return "the domain looks like an IPv4 address and is none; write four numbers from 0 to "
               "255, without leading zeros";
    }
    return "a domain holds letters, digits, hyphens and dots alone; correct the domain";
}

static const char *shape_reason(parley_jid_part part, parley_string text, size_t at)
{
    if (part == PARLEY_JID_DOMAIN) {
        return domain_reason(text, at);
    }
    if (part == PARLEY_JID_LOCAL) {
        return "the localpart holds a space or one of \"&'/:<>@, or a control character; take it "
               "out, or escape it by XEP-0106 (\\20 for a space)";
    }
    return "the resource holds a control character; take it out";
}

/* The labels of a name of ASCII. */
static bool judge_labels(parley_string text, problem *why)
{
    size_t start = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.data[i] != '.') {
            continue;
        }
        /* A lone label need not be a DNS name (RFC 7622 section 3.2). */
        if (i - start > LABEL_MAXIMUM && (start > 0 || i < text.len)) {
            return parley_problem(why, start + LABEL_MAXIMUM,
                                  "a label of the domain is longer than 63 characters; "
                                  "correct the domain");
        }
        if (i - start > 3 && text.data[start + 2] == '-' && text.data[start + 3] == '-') {
            return parley_problem(why, start, parley_reserved_hyphens);
        }
        start = i + 1;
    }
    return true;
}

/* A part as it came, and its length when it is mapped. */
typedef struct piece {
    parley_string raw;
    size_t len;
} piece;

/* Judges a part and sets its length. A domain loses its trailing dot (RFC 7622 section 3.2). */
static bool judge(parley_jid_part part, piece *p, problem *why)
{
    parley_string *text = &p->raw;
    text_out counter = {NULL, PARLEY_PART_SIZE, 0};
    size_t shape_end;
    bool taken;

    if (text->len == 0) {
        return parley_problem(why, 0, "it is empty; write a JID as user@domain");
    }
    shape_end = parley_jid_match((jid_grammar)part, *text, NULL);
    if (!parley_precis_allows(*text, shape_end + 1, why)) {
        return false;
    }
    if (shape_end <= text->len) {
        return parley_problem(why, shape_end, shape_reason(part, *text, shape_end));
    }
    if (part == PARLEY_JID_DOMAIN) {
        text->len -= text->data[text->len - 1] == '.';
    }
    if (parley_precis_maps(part, *text, &counter, why, &taken)) {
        p->len = counter.len;
        return taken;
    }
    if (part == PARLEY_JID_DOMAIN && text->data[0] != '[' && !judge_labels(*text, why)) {
        return false;
    }
    p->len = text->len;
    return text->len <= PARLEY_PART_SIZE || parley_problem(why, PARLEY_PART_SIZE, parley_too_long);
}

/* Why the machine refused the whole at `at`. */
static const char *address_reason(parley_string text, size_t at)
{
    if (text.len == 0) {
        return "it is empty; write a JID as user@domain";
    }
    if (at == text.len) {
        return text.data[at - 1] == '@'
                   ? "nothing follows the '@'; add the domain"
                   : "nothing follows the '/'; leave it out, or add a resource";
    }
    if (text.data[at] == '/') {
        return "there is no domain before the '/'; write a JID as user@domain/resource";
    }
    return at == 0 ? "nothing stands before the '@'; leave it out, or add the user"
                   : "there is a second '@'; only a resource, after a '/', may hold one";
}

/* The parts of an address; raw.data NULL: it has not that one. */
enum { JID_PARTS = 3 }; /* by parley_jid_part */

typedef struct pieces {
    piece of[JID_PARTS];
    size_t written; /* of all, separators included */
} pieces;

/* Cuts `text` into parts, not yet mapped, and judges each. */
static bool judge_address(parley_string text, pieces *p, problem *why)
{
    jid_marks marks = {NULL, NULL};
    const char *begin = text.data;
    size_t at = 0;

    if (text.len > 0) {
        at = parley_jid_match(JID_ADDRESS, text, &marks);
    }
    if (at <= text.len) {
        return parley_problem(why, at, address_reason(text, at));
    }
    memset(p, 0, sizeof *p);
    if (marks.at_sign != NULL) {
        p->of[PARLEY_JID_LOCAL].raw = (parley_string){begin, (size_t)(marks.at_sign - begin)};
        begin = marks.at_sign + 1;
    }
    at = text.len - (size_t)(begin - text.data);
    if (marks.slash != NULL) {
        size_t len = (size_t)(marks.slash - begin);

        p->of[PARLEY_JID_RESOURCE].raw = (parley_string){marks.slash + 1, at - len - 1};
        at = len;
    }
    p->of[PARLEY_JID_DOMAIN].raw = (parley_string){begin, at};
    for (unsigned i = 0; i < JID_PARTS; i++) {
        piece *one = &p->of[i];

        if (one->raw.data == NULL) {
            continue;
        }
        if (!judge((parley_jid_part)i, one, why)) {
            parley_problem_behind(why, (size_t)(one->raw.data - text.data));
            return false;
        }
        p->written += one->len + (i != PARLEY_JID_DOMAIN);
    }
    return true;
}

/* Writes a part that was judged, which is then what was written. ASCII has its case mapped alone,
   but of an address the zone: that is the name of an interface, and those have case. */
PARLEY_APART static void write_part(parley_jid_part part, piece *p, char *buffer)
{
    const parley_string text = p->raw;
    const size_t len = p->len;
    text_out out = {buffer, len, 0};
    bool fold = part != PARLEY_JID_RESOURCE;
    bool taken;

    if (!parley_precis_maps(part, text, &out, NULL, &taken)) {
        for (size_t i = 0; i < len; i++) {
            char c = text.data[i];

            if (part == PARLEY_JID_DOMAIN && c == '%') {
                fold = false;
            }
            buffer[i] = (char)(fold && c >= 'A' && c <= 'Z' ? c + 0x20 : c);
        }
    }
    p->raw = (parley_string){buffer, len};
}

/* Bytes of the JID as it is written, separators included. */
static size_t written_len(const parley_jid *jid, bool bare)
{
    size_t len = jid->domain.len;

    if (jid->local.data != NULL) {
        len += jid->local.len + 1;
    }
    if (jid->resource.data != NULL && !bare) {
        len += 1 + jid->resource.len;
    }
    return len;
}

parley_result parley_jid_parse(parley_jid *jid, parley_string text, char *buffer, size_t size,
                               size_t *error_at)
{
    pieces p;
    problem why;

    if (!judge_address(text, &p, parley_problem_asked(error_at, &why))) {
        parley_problem_place(error_at, &why);
        return PARLEY_ILLEGAL;
    }
    if (p.written > size) {
        return PARLEY_NO_ROOM;
    }
    for (unsigned i = 0; i < JID_PARTS; i++) {
        if (p.of[i].raw.data == NULL) {
            continue;
        }
        if (i == PARLEY_JID_RESOURCE) {
            *buffer++ = '/';
        }
        write_part((parley_jid_part)i, &p.of[i], buffer);
        buffer += p.of[i].len;
        if (i == PARLEY_JID_LOCAL) {
            *buffer++ = '@';
        }
    }
    *jid = (parley_jid){p.of[PARLEY_JID_LOCAL].raw, p.of[PARLEY_JID_DOMAIN].raw,
                        p.of[PARLEY_JID_RESOURCE].raw};
    return PARLEY_OK;
}

parley_result parley_jid_prepare(parley_jid_part part, parley_string text, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at)
{
    piece p = {text, 0};
    problem why;

    if (!judge(part, &p, parley_problem_asked(error_at, &why))) {
        parley_problem_place(error_at, &why);
        return PARLEY_ILLEGAL;
    }
    if (p.len > size) {
        return PARLEY_NO_ROOM;
    }
    write_part(part, &p, buffer);
    *prepared = p.raw;
    return PARLEY_OK;
}

parley_result parley_jid_domain_ascii(parley_string domain, char *buffer, size_t size,
                                      parley_string *ascii)
{
    const bool is_ascii = parley_is_ascii(domain);
    text_out out = {NULL, PARLEY_PART_SIZE, 0};
    problem why;

    if (is_ascii) {
        out.len = domain.len;
    } else if (!parley_precis_domain_ascii(domain, &out, &why)) {
        return PARLEY_ILLEGAL;
    }
    if (out.len > size) {
        return PARLEY_NO_ROOM;
    }
    *ascii = (parley_string){buffer, out.len};
    out = (text_out){buffer, size, 0};
    if (is_ascii) {
        memcpy(buffer, domain.data, domain.len);
    } else {
        (void)parley_precis_domain_ascii(domain, &out, &why);
    }
    return PARLEY_OK;
}

const char *parley_jid_reason(parley_string text)
{
    pieces p;
    problem why;

    return judge_address(text, &p, &why) ? NULL : parley_problem_reason(&why);
}

parley_result parley_jid_write(const parley_jid *jid, bool bare, char *buffer, size_t size,
                               size_t *len)
{
    size_t needed = written_len(jid, bare);

    if (needed > size) {
        return PARLEY_NO_ROOM;
    }
    if (jid->local.data != NULL) {
        memcpy(buffer, jid->local.data, jid->local.len);
        buffer += jid->local.len;
        *buffer++ = '@';
    }
    memcpy(buffer, jid->domain.data, jid->domain.len);
    buffer += jid->domain.len;
    if (jid->resource.data != NULL && !bare) {
        *buffer++ = '/';
        memcpy(buffer, jid->resource.data, jid->resource.len);
    }
    *len = needed;
    return PARLEY_OK;
}

/* An absent part and an empty one differ, though no parsed JID has an empty one. */
static bool part_equal(parley_string a, parley_string b)
{
    return (a.data == NULL) == (b.data == NULL) && parley_string_equal(a, b);
}

bool parley_jid_equal(const parley_jid *a, const parley_jid *b, bool bare)
{
    return part_equal(a->local, b->local) && part_equal(a->domain, b->domain) &&
           (bare || part_equal(a->resource, b->resource));
}
