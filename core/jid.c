/* JIDs. Stateless: a text is cut into its parts, each part is judged whole, and
   only then mapped into the caller's buffer, so that nothing is written unless
   the result is PARLEY_OK.

   Order of a part's preparation, and where the profiles of RFC 8264 belong:
     judge    shape and characters by the machine (spec/jid.rl), then what counts:
              the 1023 bytes, DNS labels. Says where and why.
     map      1 to 1 in bytes in this version, so that lengths and offsets found
              by judge hold for the result. */
#include <string.h>

#include "characters.h"
#include "jid_grammar.h"

#define LABEL_MAXIMUM 63 /* RFC 1035 section 2.3.4 */

/* Why and where a text is refused. */
typedef struct problem {
    size_t at;
    const char *reason;
} problem;

static bool refuse(problem *why, size_t at, const char *reason)
{
    why->at = at;
    why->reason = reason;
    return false;
}

/* The character that holds the byte at `at` is not UTF-8, or never allowed. */
static bool refuse_character(problem *why, parley_string text, size_t at)
{
    size_t i = 0;
    size_t len = 0;
    uint32_t character;

    while (i < text.len) {
        len = parley_utf8_decode(text.data + i, text.len - i, &character);
        if (len == 0 || i + len > at) {
            break;
        }
        i += len;
    }
    return refuse(why, i,
                  len == 0 ? "it is not UTF-8; convert it to UTF-8"
                           : "it holds an invisible or private character, which no JID may "
                             "hold; leave it out");
}

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

/* One label, from `start` to `end` of `text`; `lone`: the name has no other. */
static bool judge_label(parley_string text, size_t start, size_t end, bool lone, problem *why)
{
    const char *label = text.data + start;
    size_t characters = 0;
    size_t hyphens = 0; /* in third and fourth place */

    for (size_t i = start; i < end; i++) {
        /* Every byte of a character but its first is 10xxxxxx. */
        if (((unsigned char)text.data[i] & 0xC0) != 0x80) {
            characters++;
            hyphens += (characters == 3 || characters == 4) && text.data[i] == '-';
            /* A lone label need not be a DNS name (RFC 7622 section 3.2). As an A-label a
               U-label only grows, so 63 characters bound it too. */
            if (characters > LABEL_MAXIMUM && !lone) {
                return refuse(why, i,
                              "a label of the domain is longer than 63 characters; "
                              "correct the domain");
            }
        }
    }
    if (hyphens == 2) {
        bool a_label = (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n';
        return refuse(why, start,
                      a_label ? "A-label: write it as Unicode"
                              : "a label of the domain has hyphens in third and fourth place, "
                                "which are reserved; correct the domain");
    }
    return true;
}

static bool judge_labels(parley_string text, problem *why)
{
    size_t start = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i == text.len || text.data[i] == '.') {
            if (!judge_label(text, start, i, start == 0 && i == text.len, why)) {
                return false;
            }
            start = i + 1;
        }
    }
    return true;
}

/* Judges a part. A domain loses its trailing dot (RFC 7622 section 3.2). */
static bool judge(parley_jid_part part, parley_string *text, problem *why)
{
    static const jid_grammar grammars[] = {
        [PARLEY_JID_LOCAL] = JID_LOCALPART,
        [PARLEY_JID_DOMAIN] = JID_DOMAINPART,
        [PARLEY_JID_RESOURCE] = JID_RESOURCEPART,
    };
    size_t shape_at, character_at;
    bool shape, characters;

    if (text->len == 0) {
        return refuse(why, 0, "it is empty; write a JID as user@domain");
    }
    shape = parley_jid_match(grammars[part], *text, NULL, &shape_at);
    characters = parley_jid_match(JID_CHARACTERS, *text, NULL, &character_at);
    if (!characters && (shape || character_at <= shape_at)) {
        return refuse_character(why, *text, character_at);
    }
    if (!shape) {
        return refuse(why, shape_at, shape_reason(part, *text, shape_at));
    }
    if (part == PARLEY_JID_DOMAIN) {
        text->len -= text->data[text->len - 1] == '.';
        if (text->data[0] != '[' && !judge_labels(*text, why)) {
            return false;
        }
    }
    if (text->len > PARLEY_PART_SIZE) {
        return refuse(why, PARLEY_PART_SIZE, "a part is longer than 1023 bytes; shorten it");
    }
    return true;
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

/* Judges one part of `text` and gives the offset in the whole. */
static bool judge_piece(parley_string text, parley_jid_part part, parley_string *piece,
                        problem *why)
{
    if (piece->data == NULL || judge(part, piece, why)) {
        return true;
    }
    why->at += (size_t)(piece->data - text.data);
    return false;
}

/* Cuts `text` into parts, not yet mapped, and judges each. */
static bool judge_address(parley_string text, parley_jid *parts, problem *why)
{
    size_t at = 0;

    if (text.len == 0 || !parley_jid_match(JID_ADDRESS, text, parts, &at)) {
        return refuse(why, at, address_reason(text, at));
    }
    return judge_piece(text, PARLEY_JID_LOCAL, &parts->local, why) &&
           judge_piece(text, PARLEY_JID_DOMAIN, &parts->domain, why) &&
           judge_piece(text, PARLEY_JID_RESOURCE, &parts->resource, why);
}

/* Writes the mapped part; as many bytes as it had. The zone of an address is the
   name of an interface, and those have case. */
static parley_string map(parley_jid_part part, parley_string text, char *buffer)
{
    parley_string mapped = {buffer, text.len};
    bool fold = part != PARLEY_JID_RESOURCE;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (part == PARLEY_JID_DOMAIN && c == '%') {
            fold = false;
        }
        buffer[i] = fold && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return mapped;
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
    static const parley_jid none;
    parley_jid parts;
    problem why;

    if (!judge_address(text, &parts, &why)) {
        if (error_at != NULL) {
            *error_at = why.at;
        }
        return PARLEY_ILLEGAL;
    }
    if (written_len(&parts, false) > size) {
        return PARLEY_NO_ROOM;
    }
    *jid = none;
    if (parts.local.data != NULL) {
        jid->local = map(PARLEY_JID_LOCAL, parts.local, buffer);
        buffer += jid->local.len;
        *buffer++ = '@';
    }
    jid->domain = map(PARLEY_JID_DOMAIN, parts.domain, buffer);
    buffer += jid->domain.len;
    if (parts.resource.data != NULL) {
        *buffer++ = '/';
        jid->resource = map(PARLEY_JID_RESOURCE, parts.resource, buffer);
    }
    return PARLEY_OK;
}

parley_result parley_jid_prepare(parley_jid_part part, parley_string text, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at)
{
    problem why;

    if (!judge(part, &text, &why)) {
        if (error_at != NULL) {
            *error_at = why.at;
        }
        return PARLEY_ILLEGAL;
    }
    if (text.len > size) {
        return PARLEY_NO_ROOM;
    }
    *prepared = map(part, text, buffer);
    return PARLEY_OK;
}

const char *parley_jid_reason(parley_string text)
{
    parley_jid parts;
    problem why;

    return judge_address(text, &parts, &why) ? NULL : why.reason;
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
