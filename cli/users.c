#include "users.h"

#include "entropy.h"
#include "options.h"
#include "status.h"

#include <parley/base64.h>
#include <parley/jid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTCOME "users-file"

/* Takes what stands before `end` off the front of `text`, and `end` itself.
   At the end of the text `end` may be missing if `last`. */
static bool take(parley_string *text, char end, bool last, parley_string *piece)
{
    const char *found = text->len > 0 ? memchr(text->data, end, text->len) : NULL;
    if (!found && !last) {
        return false;
    }
    piece->data = text->data;
    piece->len = found ? (size_t)(found - text->data) : text->len;
    text->data += found ? piece->len + 1 : piece->len;
    text->len -= found ? piece->len + 1 : piece->len;
    return true;
}

/* Decodes base64 where it stands, in the file's memory. */
static bool decode(const text_file *file, parley_string *text)
{
    char *data = file->data + (text->data - file->data);
    return text->len > 0 &&
           parley_base64_decode(text->data, text->len, data, text->len, &text->len) == PARLEY_OK;
}

static bool iterations_of(parley_string text, uint32_t *iterations)
{
    char digits[12];
    unsigned long value;
    if (text.len == 0 || text.len >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, text.data, text.len);
    digits[text.len] = '\0';
    if (!options_number(digits, PARLEY_ITERATIONS_MINIMUM, PARLEY_ITERATIONS_MAXIMUM, &value)) {
        return false;
    }
    *iterations = (uint32_t)value;
    return true;
}

/* The mechanism without channel binding: the keys are the same. */
static parley_string without_plus(parley_string name)
{
    if (name.len > 5 && memcmp(name.data + name.len - 5, "-PLUS", 5) == 0) {
        name.len -= 5;
    }
    return name;
}

static const parley_mechanism *mechanism_of(parley_string name)
{
    char text[32];
    name = without_plus(name);
    if (name.len < 6 || name.len >= sizeof(text) || memcmp(name.data, "SCRAM-", 6) != 0) {
        return NULL;
    }
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    return options_mechanism(text);
}

static size_t hash_length(const parley_mechanism *mechanism)
{
    return mechanism == &parley_scram_sha_1 ? 20 : mechanism == &parley_scram_sha_512 ? 64 : 32;
}

/* MECHANISM$ITERATIONS:SALT$STORED:SERVER */
static bool read_keys(const text_file *file, account *who, parley_string text, failure *f)
{
    struct user_keys *k = &who->keys[who->key_count];
    parley_string name;
    parley_string iterations;
    size_t len;

    if (!take(&text, '$', false, &name) || !take(&text, ':', false, &iterations) ||
        !take(&text, '$', false, &k->keys.salt) || !take(&text, ':', false, &k->keys.stored_key)) {
        return text_file_fault(file, f, OUTCOME,
                               "keys have the form MECHANISM$ITERATIONS:SALT$STORED:SERVER; "
                               "make them with parley serve --add-user");
    }
    k->keys.server_key = text;
    k->mechanism = mechanism_of(name);
    if (!k->mechanism) {
        return text_file_fault(file, f, OUTCOME, "no SCRAM mechanism is called '%.*s'; known: %s",
                               (int)(name.len < 64 ? name.len : 64), name.data,
                               options_mechanism_names());
    }
    for (size_t i = 0; i < who->key_count; i++) {
        if (who->keys[i].mechanism == k->mechanism) {
            return text_file_fault(file, f, OUTCOME, "keys for %s stand there twice",
                                   parley_mechanism_name(k->mechanism));
        }
    }
    if (!iterations_of(iterations, &k->keys.iterations)) {
        return text_file_fault(file, f, OUTCOME, "the iteration count is a number from %u to %u",
                               PARLEY_ITERATIONS_MINIMUM, PARLEY_ITERATIONS_MAXIMUM);
    }
    if (!decode(file, &k->keys.salt) || !decode(file, &k->keys.stored_key) ||
        !decode(file, &k->keys.server_key)) {
        return text_file_fault(file, f, OUTCOME, "salt and keys must be base64");
    }
    if (k->keys.salt.len > PARLEY_SALT_SIZE) {
        return text_file_fault(file, f, OUTCOME, "a salt has %d bytes at most", PARLEY_SALT_SIZE);
    }
    len = hash_length(k->mechanism);
    if (k->keys.stored_key.len != len || k->keys.server_key.len != len) {
        return text_file_fault(file, f, OUTCOME, "a key of %s has %zu bytes",
                               parley_mechanism_name(k->mechanism), len);
    }
    who->key_count++;
    return true;
}

static bool starts_with(parley_string text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static bool read_secret(const text_file *file, account *who, parley_string text, failure *f)
{
    unsigned char stored[PARLEY_HASH_SIZE];
    unsigned char server[PARLEY_HASH_SIZE];
    size_t hash_len;

    if (text.len == 0) {
        return text_file_fault(file, f, OUTCOME, "no password stands after the colon");
    }
    if (starts_with(text, "SCRAM-SHA-")) {
        parley_string keys;
        while (text.len > 0) {
            if (who->key_count == USERS_MECHANISMS) {
                return text_file_fault(file, f, OUTCOME, "keys for too many mechanisms");
            }
            take(&text, ',', true, &keys);
            if (!read_keys(file, who, keys, f)) {
                return false;
            }
        }
        return true;
    }
    /* one round is enough to learn whether the password can be used at all */
    if (parley_scram_derive(&parley_scram_sha_256, text, parley_string_of("salt"), 1, stored,
                            server, &hash_len) != PARLEY_OK) {
        return text_file_fault(file, f, OUTCOME,
                               "the password holds a character that passwords may not hold "
                               "(control characters, or not UTF-8)");
    }
    entropy_wipe(stored, sizeof(stored));
    entropy_wipe(server, sizeof(server));
    who->password = text;
    return true;
}

static bool read_user(users *u, account *who, parley_string line, size_t *names_len, size_t size,
                      failure *f)
{
    parley_string name;
    size_t at = 0;
    parley_result result;

    if (!take(&line, ':', false, &name)) {
        return text_file_fault(&u->file, f, OUTCOME,
                               "no colon; a line is NAME:PASSWORD, or as parley serve --add-user "
                               "NAME prints it");
    }
    result = parley_jid_prepare(PARLEY_JID_LOCAL, name, u->names + *names_len, size - *names_len,
                                &who->name, &at);
    if (result != PARLEY_OK) {
        return text_file_fault(&u->file, f, OUTCOME,
                               "'%.*s' cannot be a user's name: wrong at byte %zu; give the part "
                               "of the JID before the @",
                               (int)(name.len < 64 ? name.len : 64), name.data, at + 1);
    }
    *names_len += who->name.len;
    who->line = u->file.line;
    return read_secret(&u->file, who, line, f);
}

static int compare_users(const void *a, const void *b)
{
    parley_string one = ((const account *)a)->name;
    parley_string other = ((const account *)b)->name;
    int order = memcmp(one.data, other.data, one.len < other.len ? one.len : other.len);
    return order != 0 ? order : (one.len > other.len) - (one.len < other.len);
}

/* In the sorted list, the same name stands next to itself. */
static bool check_names(users *u, failure *f)
{
    for (uint32_t i = 1; i < u->count; i++) {
        const account *a = &u->list[i - 1];
        const account *b = &u->list[i];
        if (parley_string_equal(a->name, b->name)) {
            u->file.line = a->line > b->line ? a->line : b->line;
            return text_file_fault(&u->file, f, OUTCOME, "user '%.*s' stands in line %u already",
                                   (int)(a->name.len < 64 ? a->name.len : 64), a->name.data,
                                   a->line < b->line ? a->line : b->line);
        }
    }
    return true;
}

static uint32_t count_lines(text_file *file)
{
    parley_string line;
    uint32_t count = 0;
    while (text_file_line(file, &line)) {
        count++;
    }
    file->at = 0;
    file->line = 0;
    return count;
}

/* What a stranger must not be able to tell users by. */
static void level(users *u)
{
    u->kept = PARLEY_KEEPS_KEYS;
    u->iterations = USERS_ITERATIONS;
    u->salt_len = USERS_SALT_SIZE;
    for (uint32_t i = 0, seen = 0; i < u->count; i++) {
        const account *who = &u->list[i];
        if (who->password.data) {
            u->kept = PARLEY_KEEPS_PASSWORDS;
        }
        for (size_t j = 0; j < who->key_count; j++, seen++) {
            const parley_scram_keys *keys = &who->keys[j].keys;
            if (seen == 0) {
                u->iterations = keys->iterations;
                u->salt_len = (uint8_t)keys->salt.len;
            } else if (u->uneven == 0 &&
                       (keys->iterations != u->iterations || keys->salt.len != u->salt_len)) {
                u->uneven = who->line;
            }
        }
    }
}

bool users_load(users *u, const char *path, failure *f)
{
    parley_string line;
    size_t names_len = 0;
    size_t names_size;
    uint32_t count;

    *u = (users){0};
    if (!text_file_read(&u->file, path, f)) {
        return false;
    }
    count = count_lines(&u->file);
    if (count == 0) {
        failure_set(f, STATUS_LOCAL, OUTCOME, "%s: no users; a line is NAME:PASSWORD", path);
        users_free(u);
        return false;
    }
    names_size = u->file.len + PARLEY_PART_SIZE;
    u->names = malloc(names_size);
    u->list = calloc(count, sizeof(*u->list));
    if (!u->names || !u->list) {
        failure_set(f, STATUS_LOCAL, OUTCOME, "%s: no memory for %u users", path, (unsigned)count);
        users_free(u);
        return false;
    }
    while (text_file_line(&u->file, &line)) {
        if (!read_user(u, &u->list[u->count], line, &names_len, names_size, f)) {
            users_free(u);
            return false;
        }
        u->count++;
    }
    qsort(u->list, u->count, sizeof(*u->list), compare_users);
    if (!check_names(u, f)) {
        users_free(u);
        return false;
    }
    level(u);
    return true;
}

void users_free(users *u)
{
    free(u->names);
    free(u->list);
    text_file_free(&u->file);
    *u = (users){0};
}

uint32_t users_find(const users *u, parley_string name)
{
    account key = {.name = name};
    const account *found = name.len > 0
                               ? bsearch(&key, u->list, u->count, sizeof(*u->list), compare_users)
                               : NULL;
    return found ? (uint32_t)(found - u->list) : USERS_NONE;
}

bool users_credential(const account *who, parley_string mechanism, parley_answer *answer)
{
    *answer = (parley_answer){0};
    if (parley_string_equal(mechanism, parley_string_of("EXTERNAL"))) {
        return true; /* YES: there is such a user */
    }
    if (parley_string_equal(mechanism, parley_string_of("ANONYMOUS"))) {
        answer->kind = PARLEY_ANSWER_USER;
        answer->bytes = who->name;
        return true;
    }
    mechanism = without_plus(mechanism);
    if (who->password.data) {
        answer->kind = PARLEY_ANSWER_PASSWORD;
        answer->bytes = who->password;
        return true;
    }
    if (parley_string_equal(mechanism, parley_string_of("PLAIN"))) {
        mechanism = parley_string_of("SCRAM-SHA-256"); /* the keys that PLAIN is checked with */
    }
    for (size_t i = 0; i < who->key_count; i++) {
        parley_string name = parley_string_of(parley_mechanism_name(who->keys[i].mechanism));
        if (parley_string_equal(name, mechanism)) {
            answer->kind = PARLEY_ANSWER_SCRAM;
            answer->keys = &who->keys[i].keys;
            return true;
        }
    }
    return false;
}

/* MECHANISM$ITERATIONS:SALT$STORED:SERVER behind what `line` holds. */
static parley_result add_keys(const parley_mechanism *mechanism, parley_string password,
                              const unsigned char *salt, char *line, size_t *len)
{
    unsigned char keys[2][PARLEY_HASH_SIZE];
    char text[3][PARLEY_BASE64_SIZE(PARLEY_HASH_SIZE) + 1] = {{0}};
    size_t hash_len;
    parley_result result = parley_scram_derive(mechanism, password,
                                               (parley_string){(const char *)salt, USERS_SALT_SIZE},
                                               USERS_ITERATIONS, keys[0], keys[1], &hash_len);
    if (result != PARLEY_OK) {
        return result;
    }
    parley_base64_encode(salt, USERS_SALT_SIZE, text[0]);
    parley_base64_encode(keys[0], hash_len, text[1]);
    parley_base64_encode(keys[1], hash_len, text[2]);
    *len += (size_t)snprintf(line + *len, USERS_LINE_SIZE - *len, "%s$%u:%s$%s:%s",
                             parley_mechanism_name(mechanism), USERS_ITERATIONS, text[0], text[1],
                             text[2]);
    entropy_wipe(keys, sizeof(keys));
    return PARLEY_OK;
}

bool users_line(parley_string name, parley_string password, const unsigned char *salts,
                char line[USERS_LINE_SIZE], failure *f)
{
    parley_string prepared;
    size_t at = 0;
    size_t len;
    if (parley_jid_prepare(PARLEY_JID_LOCAL, name, line, USERS_LINE_SIZE / 2, &prepared, &at) !=
        PARLEY_OK) {
        return failure_set(f, STATUS_USAGE, "user-name",
                           "'%.*s' cannot be a user's name: wrong at byte %zu; give the part of "
                           "the JID before the @",
                           (int)(name.len < 64 ? name.len : 64), name.data, at + 1);
    }
    len = prepared.len;
    if (prepared.data != line) {
        memmove(line, prepared.data, len);
    }
    line[len++] = ':';
    if (password.len == 0 ||
        add_keys(&parley_scram_sha_256, password, salts, line, &len) != PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "password",
                           "the password is empty or holds a character that passwords may not "
                           "hold (control characters, or not UTF-8)");
    }
    line[len++] = ',';
    if (add_keys(&parley_scram_sha_1, password, salts + USERS_SALT_SIZE, line, &len) != PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "password", "no SCRAM-SHA-1 keys can be made");
    }
    line[len++] = ',';
    if (add_keys(&parley_scram_sha_512, password, salts + 2 * USERS_SALT_SIZE, line, &len) !=
        PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "password", "no SCRAM-SHA-512 keys can be made");
    }
    return true;
}
