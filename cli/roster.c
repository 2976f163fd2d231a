/* Each owner has a list of records. In a mesh a missing record of another user
   stands for "both", so a record with state 0 is what is left of an item that
   was removed. */
#include "roster.h"

#include "status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_PER_USER 8u
#define RECORDS_LEAST    256u
#define ROSTER_ITEM_SIZE 64u /* of an item's tag, but for its values */
#define RECORDS_MOST     4000000u
#define MESH_STATE       (ROSTER_TO | ROSTER_FROM | ROSTER_LISTED)

static uint32_t find_record(const roster *r, uint32_t owner, uint32_t contact,
                            const parley_jid *jid)
{
    for (uint32_t i = r->first[owner]; i != ROSTER_END; i = r->records[i].next) {
        const roster_record *record = &r->records[i];
        if (record->contact != contact) {
            continue;
        }
        if (contact != USERS_NONE) {
            return i;
        }
        if (record->jid_len == jid->local.len + jid->domain.len + (jid->local.data ? 1 : 0)) {
            char text[ROSTER_TEXT_SIZE];
            size_t len;
            if (parley_jid_write(jid, true, text, sizeof(text), &len) == PARLEY_OK &&
                len == record->jid_len && memcmp(text, record->text, len) == 0) {
                return i;
            }
        }
    }
    return ROSTER_END;
}

static uint32_t add_record(roster *r, uint32_t owner, uint32_t contact)
{
    uint32_t i = r->unused;
    if (i == ROSTER_END) {
        return i;
    }
    r->unused = r->records[i].next;
    r->records[i].contact = contact;
    r->records[i].state = 0;
    r->records[i].jid_len = 0;
    r->records[i].name_len = 0;
    r->records[i].groups_len = 0;
    r->records[i].next = r->first[owner];
    r->first[owner] = i;
    return i;
}

static void drop_record(roster *r, uint32_t owner, uint32_t which)
{
    uint32_t *link = &r->first[owner];
    while (*link != which) {
        link = &r->records[*link].next;
    }
    *link = r->records[which].next;
    r->records[which].next = r->unused;
    r->unused = which;
}

unsigned roster_state(const roster *r, uint32_t owner, uint32_t contact)
{
    uint32_t i = find_record(r, owner, contact, NULL);
    if (i != ROSTER_END) {
        return r->records[i].state;
    }
    return r->mesh && owner != contact ? MESH_STATE : 0;
}

bool roster_set_state(roster *r, uint32_t owner, uint32_t contact, unsigned state)
{
    uint32_t i = find_record(r, owner, contact, NULL);
    if (i == ROSTER_END) {
        i = add_record(r, owner, contact);
        if (i == ROSTER_END) {
            return false;
        }
    }
    r->records[i].state = (uint8_t)state;
    return true;
}

static void from_record(const roster *r, const roster_record *record, roster_item *item)
{
    const char *text = record->text;
    item->contact = record->contact;
    item->state = record->state;
    item->jid = (parley_jid){.domain = r->domain};
    if (record->contact != USERS_NONE) {
        item->jid.local = r->accounts->list[record->contact].name;
    } else {
        const char *at = memchr(text, '@', record->jid_len);
        size_t local = at ? (size_t)(at - text) : 0;
        size_t domain = at ? local + 1 : 0;
        item->jid.local = (parley_string){at ? text : NULL, local};
        item->jid.domain = (parley_string){text + domain, record->jid_len - domain};
    }
    item->name = (parley_string){text + record->jid_len, record->name_len};
    item->groups = (parley_string){text + record->jid_len + record->name_len, record->groups_len};
}

/* The cursor counts the users of the mesh first, then it is a record's index
   behind the number of users, plus 1. */
bool roster_next(const roster *r, uint32_t owner, uint64_t *cursor, roster_item *item)
{
    uint64_t users_end = r->mesh ? r->accounts->count : 0;
    uint32_t i;
    while (*cursor < users_end) {
        uint32_t contact = (uint32_t)(*cursor)++;
        if (contact != owner && find_record(r, owner, contact, NULL) == ROSTER_END) {
            *item = (roster_item){.jid = {.local = r->accounts->list[contact].name,
                                          .domain = r->domain},
                                  .contact = contact,
                                  .state = MESH_STATE};
            return true;
        }
    }
    i = *cursor == users_end ? r->first[owner]
                             : r->records[(uint32_t)(*cursor - users_end - 1)].next;
    if (i == ROSTER_END) {
        return false;
    }
    *cursor = users_end + i + 1;
    from_record(r, &r->records[i], item);
    return true;
}

/* The contact's index, if it is a user here. */
static uint32_t contact_of(const roster *r, const parley_jid *jid)
{
    return parley_string_equal(jid->domain, r->domain) ? users_find(r->accounts, jid->local)
                                                       : USERS_NONE;
}

bool roster_find(const roster *r, uint32_t owner, roster_item *item)
{
    uint32_t contact = contact_of(r, &item->jid);
    uint32_t i = find_record(r, owner, contact, &item->jid);
    parley_jid jid = item->jid;
    if (i != ROSTER_END) {
        from_record(r, &r->records[i], item);
        item->jid = jid;
        return (item->state & ~(unsigned)ROSTER_ASKED) != 0;
    }
    if (!r->mesh || contact == USERS_NONE || contact == owner) {
        return false;
    }
    *item = (roster_item){.jid = jid, .contact = contact, .state = MESH_STATE};
    return true;
}

parley_result roster_put(roster *r, uint32_t owner, const roster_item *item)
{
    uint32_t contact = contact_of(r, &item->jid);
    uint32_t i = find_record(r, owner, contact, &item->jid);
    char text[ROSTER_TEXT_SIZE];
    roster_record *record;
    size_t jid_len = 0;

    if (contact == USERS_NONE &&
        parley_jid_write(&item->jid, true, text, sizeof(text), &jid_len) != PARLEY_OK) {
        return PARLEY_NO_ROOM;
    }
    if (jid_len + item->name.len + item->groups.len > sizeof(text)) {
        return PARLEY_NO_ROOM;
    }
    if (item->name.len > 0) {
        memcpy(text + jid_len, item->name.data, item->name.len);
    }
    if (item->groups.len > 0) {
        memcpy(text + jid_len + item->name.len, item->groups.data, item->groups.len);
    }
    if (i == ROSTER_END) {
        unsigned state = contact != USERS_NONE ? roster_state(r, owner, contact) : 0;
        i = add_record(r, owner, contact);
        if (i == ROSTER_END) {
            return PARLEY_REFUSED;
        }
        r->records[i].state = (uint8_t)state;
    }
    record = &r->records[i];
    record->state |= ROSTER_LISTED;
    record->jid_len = (uint16_t)jid_len;
    record->name_len = (uint16_t)item->name.len;
    record->groups_len = (uint16_t)item->groups.len;
    memcpy(record->text, text, jid_len + item->name.len + item->groups.len);
    return PARLEY_OK;
}

bool roster_remove(roster *r, uint32_t owner, const roster_item *item)
{
    uint32_t contact = contact_of(r, &item->jid);
    uint32_t i = find_record(r, owner, contact, &item->jid);
    if (r->mesh && contact != USERS_NONE && contact != owner) {
        if (i == ROSTER_END) {
            i = add_record(r, owner, contact);
        }
        if (i == ROSTER_END) {
            return false;
        }
        r->records[i].state = 0;
        r->records[i].name_len = 0;
        r->records[i].groups_len = 0;
    } else if (i != ROSTER_END) {
        drop_record(r, owner, i);
    }
    return true;
}

void roster_write(parley_writer *w, const roster_item *item, bool removed)
{
    static const char *const names[4] = {"none", "to", "from", "both"};
    char jid[2 * PARLEY_PART_SIZE + 1];
    size_t len = 0;
    size_t at = 0;

    (void)parley_jid_write(&item->jid, true, jid, sizeof(jid), &len);
    parley_writer_start(w, "item", NULL);
    parley_writer_attribute(w, "jid", (parley_string){jid, len});
    if (removed) {
        parley_writer_attribute(w, "subscription", parley_string_of("remove"));
        parley_writer_end(w);
        return;
    }
    parley_writer_attribute(w, "subscription",
                            parley_string_of(names[item->state & (ROSTER_TO | ROSTER_FROM)]));
    if (item->state & ROSTER_ASK) {
        parley_writer_attribute(w, "ask", parley_string_of("subscribe"));
    }
    if (item->name.len > 0) {
        parley_writer_attribute(w, "name", item->name);
    }
    while (at < item->groups.len) {
        parley_string group = parley_string_of(item->groups.data + at);
        parley_writer_start(w, "group", NULL);
        parley_writer_text(w, group);
        parley_writer_end(w);
        at += group.len + 1;
    }
    parley_writer_end(w);
}

size_t roster_memory(const roster *r)
{
    return r->size * sizeof(*r->records) + r->accounts->count * sizeof(*r->first);
}

/* Bytes of a string in XML at most. */
static size_t written_size(parley_string text)
{
    size_t size = text.len;
    for (size_t i = 0; i < text.len; i++) {
        size += (unsigned char)text.data[i] <= '>' ? 5 : 0; /* may become a reference */
    }
    return size;
}

size_t roster_result_size(const roster *r)
{
    size_t largest = 0;
    for (uint32_t owner = 0; owner < r->accounts->count; owner++) {
        uint64_t cursor = 0;
        size_t size = 0;
        roster_item item;
        if (r->mesh && owner > 0) {
            break; /* nothing has been changed yet: all are alike */
        }
        while (roster_next(r, owner, &cursor, &item)) {
            size += ROSTER_ITEM_SIZE + written_size(item.jid.local) + item.jid.domain.len +
                    written_size(item.name);
        }
        largest = size > largest ? size : largest;
    }
    return largest + largest / 4 + 8 * PARLEY_PART_SIZE; /* clients will add some */
}

/* The next field of a line, without the blanks around it. */
static bool field(parley_string *line, parley_string *value)
{
    size_t at = 0;
    size_t start;
    while (at < line->len && (line->data[at] == ' ' || line->data[at] == '\t')) {
        at++;
    }
    start = at;
    while (at < line->len && line->data[at] != ' ' && line->data[at] != '\t') {
        at++;
    }
    *value = (parley_string){line->data + start, at - start};
    line->data += at;
    line->len -= at;
    return value->len > 0;
}

static bool subscription_of(parley_string text, unsigned *state)
{
    static const char *const names[4] = {"none", "to", "from", "both"};
    for (unsigned i = 0; i < 4; i++) {
        if (parley_string_equal(text, parley_string_of(names[i]))) {
            *state = i | ROSTER_LISTED;
            return true;
        }
    }
    return false;
}

#define OUTCOME  "roster-file"
#define SHOWN(s) (int)((s).len < 64 ? (s).len : 64), (s).data

/* The contact of a line: a user's name, or a bare JID. */
static bool read_contact(const roster *r, const text_file *file, parley_string text, char *buffer,
                         size_t size, parley_jid *jid, failure *f)
{
    size_t at = 0;
    bool bare = text.len > 0 && memchr(text.data, '@', text.len);
    if (bare) {
        if (parley_jid_parse(jid, text, buffer, size, &at) != PARLEY_OK || jid->resource.data) {
            return text_file_fault(file, f, OUTCOME, "'%.*s' is not a bare JID (byte %zu)",
                                   SHOWN(text), at + 1);
        }
        return true;
    }
    *jid = (parley_jid){.domain = r->domain};
    if (parley_jid_prepare(PARLEY_JID_LOCAL, text, buffer, size, &jid->local, &at) != PARLEY_OK ||
        users_find(r->accounts, jid->local) == USERS_NONE) {
        return text_file_fault(file, f, OUTCOME,
                               "'%.*s' is not in the users file; for a contact elsewhere give "
                               "the whole JID",
                               SHOWN(text));
    }
    return true;
}

/* The other end of an item between two users. */
static bool put_reverse(roster *r, uint32_t owner, uint32_t contact, unsigned state)
{
    unsigned reverse = 0;
    reverse |= state & ROSTER_TO ? ROSTER_FROM : 0u;
    reverse |= state & ROSTER_FROM ? ROSTER_TO : 0u;
    return reverse == 0 || roster_set_state(r, contact, owner, reverse | ROSTER_LISTED);
}

static bool read_line(roster *r, const text_file *file, parley_string line, failure *f)
{
    char buffers[2][PARLEY_JID_SIZE];
    parley_string owner_text;
    parley_string contact_text;
    parley_string subscription;
    parley_jid owner_jid;
    roster_item item = {0};
    uint32_t owner;
    unsigned state = 0;

    if (!field(&line, &owner_text) || !field(&line, &contact_text) ||
        !field(&line, &subscription)) {
        return text_file_fault(file, f, OUTCOME,
                               "a line is OWNER CONTACT SUBSCRIPTION [NAME], with blanks between");
    }
    if (!read_contact(r, file, owner_text, buffers[0], sizeof(buffers[0]), &owner_jid, f) ||
        !read_contact(r, file, contact_text, buffers[1], sizeof(buffers[1]), &item.jid, f)) {
        return false;
    }
    owner = contact_of(r, &owner_jid);
    if (owner == USERS_NONE) {
        return text_file_fault(file, f, OUTCOME, "owner '%.*s' is not in the users file",
                               SHOWN(owner_text));
    }
    item.contact = contact_of(r, &item.jid);
    if (item.contact == owner) {
        return text_file_fault(file, f, OUTCOME, "'%.*s' cannot be an own contact",
                               SHOWN(owner_text));
    }
    if (!subscription_of(subscription, &state)) {
        return text_file_fault(file, f, OUTCOME, "'%.*s' is none of none, to, from, both",
                               SHOWN(subscription));
    }
    if (roster_find(r, owner, &item) && item.state != state) {
        return text_file_fault(file, f, OUTCOME,
                               "an earlier line says otherwise of '%.*s' and '%.*s'",
                               SHOWN(owner_text), SHOWN(contact_text));
    }
    while (line.len > 0 && (line.data[0] == ' ' || line.data[0] == '\t')) {
        line.data++;
        line.len--;
    }
    item.name = line;
    if (roster_put(r, owner, &item) != PARLEY_OK) {
        return text_file_fault(file, f, OUTCOME, "JID and name are longer than %d bytes",
                               ROSTER_TEXT_SIZE);
    }
    r->records[find_record(r, owner, item.contact, &item.jid)].state = (uint8_t)state;
    if (item.contact != USERS_NONE && !put_reverse(r, owner, item.contact, state)) {
        return text_file_fault(file, f, OUTCOME, "no memory for another item");
    }
    return true;
}

static bool read_file(roster *r, text_file *file, failure *f)
{
    parley_string line;
    while (text_file_line(file, &line)) {
        if (!read_line(r, file, line, f)) {
            return false;
        }
    }
    return true;
}

bool roster_init(roster *r, const users *accounts, parley_string domain, const char *path,
                 failure *f)
{
    text_file file = {0};
    parley_string line;
    size_t count = RECORDS_LEAST + (size_t)RECORDS_PER_USER * accounts->count;

    *r = (roster){.accounts = accounts, .domain = domain, .mesh = path == NULL};
    if (path) {
        if (!text_file_read(&file, path, f)) {
            return false;
        }
        while (text_file_line(&file, &line)) {
            count += 2;
        }
        file.at = 0;
        file.line = 0;
    }
    r->size = (uint32_t)(count < RECORDS_MOST ? count : RECORDS_MOST);
    r->records = calloc(r->size, sizeof(*r->records));
    r->first = malloc(accounts->count * sizeof(*r->first));
    if (!r->records || !r->first) {
        text_file_free(&file);
        roster_free(r);
        return failure_set(f, STATUS_LOCAL, "memory", "no memory for the rosters of %u users",
                           (unsigned)accounts->count);
    }
    for (uint32_t i = 0; i < accounts->count; i++) {
        r->first[i] = ROSTER_END;
    }
    r->unused = ROSTER_END;
    for (uint32_t i = r->size; i > 0; i--) {
        r->records[i - 1].next = r->unused;
        r->unused = i - 1;
    }
    if (path && !read_file(r, &file, f)) {
        text_file_free(&file);
        roster_free(r);
        return false;
    }
    text_file_free(&file);
    return true;
}

void roster_free(roster *r)
{
    free(r->records);
    free(r->first);
    *r = (roster){0};
}
