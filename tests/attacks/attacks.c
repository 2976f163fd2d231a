/* Runs the files of attacks/cases: each whole, byte by byte and at every cut,
   with the same output, log and outcome, and those that the file asks for.
   README.md describes the files. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attacks/settings.h"
#include "common/script.h"
#include "common/seeded.h"
#include "common/stages.h"

#define CASES_MOST 2048
#define FILE_MOST  16384
#define PIECE_MOST 131072

typedef struct attack {
    char name[64];
    char text[FILE_MOST];
    settings set;
    session *s;
    session at_start; /* as it was when the case began, and its work block */
    void *work_at_start;
    size_t work_len;
    unsigned checks;
} attack;

/* What the runs must agree on. */
typedef struct result {
    char output[65536];
    char log[65536];
    parley_outcome outcome;
} result;

/* The line at `*at`, split into its first word and the rest; advances. False: no more. */
static bool next_line(const char **at, char *word, size_t word_size, char *rest, size_t rest_size)
{
    while (**at != '\0') {
        size_t len = strcspn(*at, "\n");
        size_t word_len = strcspn(*at, " \n");
        const char *line = *at;

        *at += len + ((*at)[len] == '\n' ? 1 : 0);
        if (len == 0 || line[0] == '#') {
            continue;
        }
        assert_true(word_len < word_size && len - word_len < rest_size);
        memcpy(word, line, word_len);
        word[word_len] = '\0';
        if (word_len < len) {
            word_len++;
        }
        memcpy(rest, line + word_len, len - word_len);
        rest[len - word_len] = '\0';
        return true;
    }
    return false;
}

/* No password leaves before TLS; what is said is well-formed, stream by stream. */
static void check_output(const session *s, bool secure)
{
    static const char declaration[] = "<?xml version='1.0'?>";
    const char *at = s->output;
    static uint32_t memory[65536];

    if (!s->is_server && !secure) {
        assert_null(strstr(s->output, "<auth"));
    }
    assert_null(strstr(s->output, "mirror"));
    while (*at != '\0') {
        const char *next = strstr(at + 1, declaration);
        size_t len = next != NULL ? (size_t)(next - at) : strlen(at);
        parley_limits limits = PARLEY_LIMITS_DEFAULT;
        parley_xml x;
        parley_xml_token token = PARLEY_XML_START;
        size_t taken = 0;

        if (strncmp(at, declaration, sizeof declaration - 1) != 0) {
            return; /* goes on a stream that began before the case */
        }
        limits.element = 0;
        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
        parley_xml_set_tree(&x, PARLEY_XML_NO_TREE);
        while (token != PARLEY_XML_MORE) {
            taken += parley_xml_push(&x, at + taken, len - taken, &token);
            assert_int_not_equal(token, PARLEY_XML_ERROR);
        }
        at += len;
    }
}

static void check_outcome(const session *s, const char *rest)
{
    const parley_outcome *outcome = session_outcome(s);
    char have[256];

    (void)snprintf(have, sizeof have, "%s %s %s %s", parley_code_name(outcome->code),
                   outcome->condition != PARLEY_CONDITION_NONE
                       ? parley_condition_name(outcome->condition)
                       : "-",
                   outcome->code != PARLEY_NO_ERROR || outcome->condition != PARLEY_CONDITION_NONE
                       ? session_state_text(s, outcome->state)
                       : "-",
                   outcome->by_peer ? "peer" : "us");
    assert_string_equal(have, rest);
}

/* BYTES, or x N BYTES: N times. */
static void hear(session *s, const char *text)
{
    static char bytes[PIECE_MOST];
    unsigned long count = 1;
    unsigned long i;
    size_t len;
    size_t taken;
    char *end;

    if (strncmp(text, "x ", 2) == 0) {
        count = strtoul(text + 2, &end, 10);
        text = end + 1;
    }
    len = script_expand(text, s->is_server, bytes, sizeof bytes);
    assert_true(count > 0 && len > 0 && len * count < sizeof bytes);
    for (i = 1; i < count; i++) {
        memcpy(bytes + i * len, bytes, len);
    }
    taken = session_feed(s, bytes, len * count);
    assert_int_equal(taken, len * count);
}

/* TAKEN{|}LEFT: exactly the first of them is taken. */
static void lose(session *s, const char *text)
{
    static char bytes[PIECE_MOST];
    char first[FILE_MOST];
    const char *mark = strstr(text, "{|}");
    size_t taken;
    size_t len;

    assert_non_null(mark);
    memcpy(first, text, (size_t)(mark - text));
    first[mark - text] = '\0';
    taken = script_expand(first, s->is_server, bytes, sizeof bytes);
    len = taken + script_expand(mark + 3, s->is_server, bytes + taken, sizeof bytes - taken);
    assert_true(taken < len);
    assert_int_equal(session_feed(s, bytes, len), taken);
}

static void say(session *s, const char *text)
{
    static char bytes[PIECE_MOST];

    (void)script_expand(text, s->is_server, bytes, sizeof bytes);
    assert_string_equal(session_said(s), bytes);
}

static void fail_session(session *s)
{
    if (s->is_server) {
        parley_server_fail(&s->core.server, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
    } else {
        parley_client_fail(&s->core.client, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
    }
    session_run(s);
}

static void tls(session *s, const char *what)
{
    if (strcmp(what, "truncated") != 0) {
        session_tls_up(s, strcmp(what, "verified") == 0);
        return;
    }
    if (s->is_server) {
        parley_server_tls_failed(&s->core.server, PARLEY_ERROR_TLS_TRUNCATED, 0);
    } else {
        parley_client_tls_failed(&s->core.client, PARLEY_ERROR_TLS_TRUNCATED, 0);
    }
    session_run(s);
}

static bool do_happening(session *s, const char *word, const char *rest)
{
    if (strcmp(word, "hear") == 0) {
        hear(s, rest);
    } else if (strcmp(word, "lose") == 0) {
        lose(s, rest);
    } else if (strcmp(word, "tls") == 0) {
        tls(s, rest);
    } else if (strcmp(word, "begin") == 0) {
        session_begin(s);
    } else if (strcmp(word, "end") == 0) {
        session_finish(s);
    } else if (strcmp(word, "expire") == 0) {
        session_expire(s);
    } else if (strcmp(word, "close") == 0) {
        session_shut(s);
    } else if (strcmp(word, "fail") == 0) {
        fail_session(s);
    } else {
        return false;
    }
    return true;
}

static bool do_check(session *s, const char *word, const char *rest)
{
    if (strcmp(word, "say") == 0) {
        say(s, rest);
    } else if (strcmp(word, "state") == 0) {
        assert_string_equal(session_state_name(s), rest);
    } else if (strcmp(word, "outcome") == 0) {
        check_outcome(s, rest);
    } else if (strcmp(word, "sasl") == 0) {
        assert_string_equal(parley_sasl_condition_name(session_outcome(s)->sasl), rest);
    } else if (strcmp(word, "logged") == 0) {
        assert_non_null(strstr(s->log, rest));
    } else if (strcmp(word, "unlogged") == 0) {
        assert_null(strstr(s->log, rest));
    } else if (strcmp(word, "never") == 0) {
        assert_null(strstr(s->output, rest));
    } else {
        return false;
    }
    return true;
}

/* One run from the start state. Returns how much was heard. */
static size_t run(attack *a, size_t cut, result *r)
{
    session *s = a->s;
    const char *at = a->text;
    char word[32];
    static char rest[FILE_MOST];

    memcpy(s, &a->at_start, sizeof *s);
    memcpy(s->work, a->work_at_start, a->work_len);
    s->cut = cut;
    while (next_line(&at, word, sizeof word, rest, sizeof rest)) {
        if (strcmp(word, "role") == 0 || strcmp(word, "set") == 0 || strcmp(word, "start") == 0 ||
            do_happening(s, word, rest)) {
            continue;
        }
        if (!do_check(s, word, rest)) {
            fail_msg("%s: no such word: %s", a->name, word);
        }
        a->checks++;
    }
    assert_string_equal(session_said(s), ""); /* all that was said was expected */
    check_output(s, strstr(s->log, "tls verified") != NULL || a->set.secure);
    memcpy(r->output, s->output, s->output_len + 1);
    memcpy(r->log, s->log, s->log_len + 1);
    r->outcome = *session_outcome(s);
    return s->fed;
}

static void same(const attack *a, const result *one, const result *other, size_t cut)
{
    if (strcmp(one->output, other->output) != 0 || strcmp(one->log, other->log) != 0 ||
        one->outcome.offset != other->outcome.offset || one->outcome.code != other->outcome.code) {
        fail_msg("%s: cut at %zu: other than whole: offset %llu, whole %llu\n%s---\n%s", a->name,
                 cut, (unsigned long long)other->outcome.offset,
                 (unsigned long long)one->outcome.offset, other->log, one->log);
    }
}

static void open_attack(attack *a)
{
    const char *at = a->text;
    char word[32];
    char rest[FILE_MOST];
    char start[64] = "";
    bool server = false;

    while (next_line(&at, word, sizeof word, rest, sizeof rest)) {
        if (strcmp(word, "role") == 0) {
            server = strcmp(rest, "server") == 0;
            assert_true(server || strcmp(rest, "client") == 0);
        } else if (strcmp(word, "start") == 0) {
            (void)snprintf(start, sizeof start, "%.63s", rest);
        }
    }
    settings_init(&a->set, server, start);
    at = a->text;
    while (next_line(&at, word, sizeof word, rest, sizeof rest)) {
        if (strcmp(word, "set") == 0) {
            settings_apply(&a->set, rest);
        }
    }
    a->s = settings_open(&a->set, start, &a->work_len);
    a->s->log_len = 0;
    a->s->log[0] = '\0';
    a->s->output_len = 0;
    a->s->output_read = 0;
    a->s->output[0] = '\0';
    a->s->fed = 0;
    a->at_start = *a->s;
    a->work_at_start = malloc(a->work_len);
    assert_non_null(a->work_at_start);
    memcpy(a->work_at_start, a->s->work, a->work_len);
}

static void run_attack(void **state)
{
    static attack a;
    static result whole;
    static result cut;
    const char *path = *state;
    const char *name = strrchr(path, '/') + 1;
    FILE *file = fopen(path, "rb");
    uint32_t seed = 6120;
    size_t len;
    size_t i;

    assert_non_null(file);
    memset(&a, 0, sizeof a);
    (void)snprintf(a.name, sizeof a.name, "%s", name);
    len = fread(a.text, 1, sizeof a.text - 1, file);
    assert_true(feof(file) != 0);
    (void)fclose(file);
    a.text[len] = '\0';
    open_attack(&a);
    len = run(&a, SESSION_WHOLE, &whole);
    assert_true(a.checks > 0);
    if (SESSION_CUTS) {
        (void)run(&a, SESSION_EVERY_BYTE, &cut);
        same(&a, &whole, &cut, SESSION_EVERY_BYTE);
    }
    for (i = 1; SESSION_CUTS && i < (len <= 1024 ? len : 17); i++) {
        size_t where = len <= 1024 ? i : 1 + seeded_below(&seed, (uint32_t)len - 1);
        (void)run(&a, where, &cut);
        same(&a, &whole, &cut, where);
    }
    free(a.work_at_start);
    session_close(a.s);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const struct CMUnitTest *)left)->name,
                  ((const struct CMUnitTest *)right)->name);
}

int main(int count, char **arguments)
{
    static struct CMUnitTest tests[CASES_MOST];
    static char paths[CASES_MOST][512];
    static const char folder[] = PARLEY_TEST_DATA "/../attacks/cases";
    size_t found = 0;
    DIR *directory = opendir(folder);
    const struct dirent *entry;

    if (directory == NULL) {
        (void)fprintf(stderr, "cannot open %s\n", folder);
        return 1;
    }
    while ((entry = readdir(directory)) != NULL) {
        size_t len = strlen(entry->d_name);
        if (found == CASES_MOST) {
            (void)fprintf(stderr, "more than %d cases\n", CASES_MOST);
            return 1;
        }
        if (len < 6 || strcmp(entry->d_name + len - 5, ".case") != 0 ||
            (count > 1 && strncmp(entry->d_name, arguments[1], strlen(arguments[1])) != 0)) {
            continue;
        }
        (void)snprintf(paths[found], sizeof paths[found], "%s/%s", folder, entry->d_name);
        tests[found].name = strrchr(paths[found], '/') + 1;
        tests[found].test_func = run_attack;
        tests[found].initial_state = paths[found];
        found++;
    }
    (void)closedir(directory);
    if (found == 0) {
        (void)fprintf(stderr, "no cases in %s\n", folder);
        return 1;
    }
    qsort(tests, found, sizeof tests[0], by_name);
    return _cmocka_run_group_tests("attacks", tests, found, NULL, NULL);
}
