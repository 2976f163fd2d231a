/* The command as people and scripts meet it: usage, messages, statuses, `xml`, `jid`,
   `states`, the password, and servers that are not there. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/harness.h"
#include "common/rows.h"

#include <parley/machine.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static char folder[] = "/tmp/parley-command-XXXXXX";
static char file_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(file_path, sizeof file_path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file_path);
    return rmdir(folder);
}

static void put_file(const char *text, mode_t mode)
{
    FILE *file = fopen(file_path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(file_path, mode), 0);
}

/* One line on stderr that holds the words, nothing on stdout. */
static void refused(const char *const arguments[], int status, const char *words)
{
    run r;

    run_whole(&r, arguments, "", "secret");
    if (r.status != status || strstr(r.err, words) == NULL || lines_of(r.err) != 1 ||
        r.out_len != 0) {
        fail_msg("status %d, not %d with '%s'; stderr: %s; stdout: %s", r.status, status, words,
                 r.err, r.out);
    }
    run_free(&r);
}

static void wrong_usage_is_2(void **state)
{
    static const char sha256[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    const char *const *const table[] = {
        ARGUMENTS("nonsense", "no command 'nonsense'"),
        ARGUMENTS("probe", "a.example", "not part of this version"),
        ARGUMENTS("connect", "Give a JID"),
        ARGUMENTS("connect", "a@b", "c@d", "one JID is enough"),
        ARGUMENTS("connect", "a b@c", "is not a JID, at byte 1"),
        ARGUMENTS("connect", "example.org", "names no user"),
        ARGUMENTS("connect", "a@b", "--what", "no option --what"),
        ARGUMENTS("connect", "a@b", "-x", "no option -x"),
        ARGUMENTS("connect", "a@b", "--p", "not clear"),
        ARGUMENTS("connect", "a@b", "--host", "--host needs a value"),
        ARGUMENTS("connect", "a@b", "--json=1", "--json takes no value"),
        ARGUMENTS("connect", "a@b", "--port", "0", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--port", "65536", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--port", "5222x", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--timeout", "0", "--timeout takes seconds"),
        ARGUMENTS("connect", "a@b", "--listen", "-1", "--listen takes seconds"),
        ARGUMENTS("connect", "a@b", "--tls", "ssl", "--tls takes"),
        ARGUMENTS("connect", "a@b", "--tls", "off", "--insecure"),
        ARGUMENTS("connect", "a@b", "--insecure", "--tls off"),
        ARGUMENTS("connect", "a@b", "--tls", "off", "--insecure", "--ca", "x", "no meaning"),
        ARGUMENTS("connect", "a@b", "--pin", "12", "64 hexadecimal digits"),
        ARGUMENTS("connect", "a@b", "--pin", sha256, "--pin-only", sha256, "only one of"),
        ARGUMENTS("connect", "a@b", "--pin-only", sha256, "--ca", "x", "takes the place"),
        ARGUMENTS("connect", "a@b", "--cert", "x", "--cert and --key go together"),
        ARGUMENTS("connect", "a@b", "--key", "x", "--cert and --key go together"),
        ARGUMENTS("connect", "a@b", "--mechanism", "DIGEST-MD5", "no mechanism 'DIGEST-MD5'"),
        ARGUMENTS("connect", "a@b", "--mechanism", "PLAIN", "--mechanism", "plain", "twice"),
        ARGUMENTS("connect", "a@b", "--mechanism", "PLAIN", "--allow-plain", "in place of"),
        ARGUMENTS("connect", "a@b", "--resource", "", "cannot be a resource"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--to and --message go together"),
        ARGUMENTS("connect", "a@b", "--message", "x", "--to and --message go together"),
        ARGUMENTS("connect", "a@b", "--to", "@d", "--message", "x", "--to '@d' is not a JID"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--message", "\x01", "XML cannot carry"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--message", "\xFF", "XML cannot carry"),
        ARGUMENTS("xml", "--chunk", "0", "--chunk takes 1"),
        ARGUMENTS("xml", "--events", "all", "--events takes none"),
        ARGUMENTS("xml", "a", "b", "one FILE is enough"),
        ARGUMENTS("xml", "/nonexistent/file", "cannot be opened"),
        ARGUMENTS("jid", "which JID"),
        ARGUMENTS("jid", "a@b", "c@d", "one JID is enough"),
        ARGUMENTS("jid", "--xml", "a@b", "no option --xml"),
        ARGUMENTS("states", "router", "neither client nor server"),
        ARGUMENTS("states", "--format", "png", "--format takes"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *arguments[16] = {NULL};
        size_t count = 0;

        while (table[i][count + 1] != NULL) { /* the last one is what stderr must hold */
            arguments[count] = table[i][count];
            count++;
        }
        refused(arguments, 2, table[i][count]);
    }
}

static void without_a_command_there_is_help(void **state)
{
    run r;

    (void)state;
    run_whole(&r, (const char *const[]){NULL}, "", NULL);
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "Usage: parley COMMAND"));
    assert_int_equal(r.out_len, 0);
    run_free(&r);
}

static void each_command_has_help(void **state)
{
    static const char *const commands[] = {"demo", "connect", "serve", "xml", "jid", "states"};
    run r;

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char usage[64];

        run_whole(&r, ARGUMENTS(commands[i], "--help"), "", NULL);
        snprintf(usage, sizeof usage, "sage: parley %s", commands[i]);
        assert_int_equal(r.status, 0);
        if (strstr(r.out, usage) == NULL) {
            fail_msg("no '%s' in: %s", usage, r.out);
        }
        assert_int_equal(r.err_len, 0);
        run_free(&r);
    }
    run_whole(&r, ARGUMENTS("--help"), "", NULL);
    assert_int_equal(r.status, 0);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_non_null(strstr(r.out, commands[i]));
    }
    run_free(&r);
    run_whole(&r, ARGUMENTS("--version"), "", NULL);
    assert_int_equal(r.status, 0);
    assert_memory_equal(r.out, "parley ", 7);
    run_free(&r);
}

/* A full disk is not success. */
static void lost_output_is_an_error(void **state)
{
    run r;

    (void)state;
    run_whole(&r, ARGUMENTS("jid", "a@b"), "", NULL);
    assert_int_equal(r.status, 0);
    run_free(&r);
    run_start(&r, ARGUMENTS("states"), "", 0, NULL, false);
    close(r.out_fd); /* what is written to a closed pipe is lost */
    r.out_fd = -1;
    run_finish(&r);
    assert_int_not_equal(r.status, 0);
    run_free(&r);
}

/* xml */

static void xml_prints_tokens(void **state)
{
    static const char document[] =
        "<?xml version='1.0'?><a xmlns='urn:x' b='1&#10;\"' xmlns:p='urn:p' p:c='&lt;'>one "
        "<![CDATA[two\\]]> &amp;\n three<p:d/>\xE2\x80\xAE</a>\n";
    static const char expected[] = "start {urn:x}a\n"
                                   "attribute {}b \"1\\n\\\"\"\n"
                                   "attribute {urn:p}c \"<\"\n"
                                   "text \"one two\\\\ &\\n three\"\n"
                                   "start {urn:p}d\n"
                                   "end {urn:p}d\n"
                                   "text \"\\u{202e}\"\n"
                                   "end {urn:x}a\n";
    static const char expected_json[] =
        "{\"token\":\"start\",\"namespace\":\"urn:x\",\"name\":\"a\"}\n"
        "{\"token\":\"attribute\",\"namespace\":\"\",\"name\":\"b\",\"value\":\"1\\n\\\"\"}\n"
        "{\"token\":\"attribute\",\"namespace\":\"urn:p\",\"name\":\"c\",\"value\":\"<\"}\n"
        "{\"token\":\"text\",\"text\":\"one two\\\\ &\\n three\"}\n"
        "{\"token\":\"start\",\"namespace\":\"urn:p\",\"name\":\"d\"}\n"
        "{\"token\":\"end\",\"namespace\":\"urn:p\",\"name\":\"d\"}\n"
        "{\"token\":\"text\",\"text\":\"\xE2\x80\xAE\"}\n"
        "{\"token\":\"end\",\"namespace\":\"urn:x\",\"name\":\"a\"}\n";
    static const char *const chunks[] = {"1", "2", "3", "7", "64", "65536"};
    run r;

    (void)state;
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        run_whole(&r, ARGUMENTS("xml", "--chunk", chunks[i]), document, NULL);
        assert_int_equal(r.status, 0);
        assert_string_equal(r.out, expected);
        assert_int_equal(r.err_len, 0);
        run_free(&r);
        run_whole(&r, ARGUMENTS("xml", "--json", "--chunk", chunks[i]), document, NULL);
        assert_string_equal(r.out, expected_json);
        run_free(&r);
    }
    run_whole(&r, ARGUMENTS("xml", "--events", "none", "-"), document, NULL);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.out_len, 0);
    run_free(&r);
}

static bool names_one_of(const char *text, const char *conditions)
{
    char list[128];

    snprintf(list, sizeof list, "%s", conditions);
    for (char *name = strtok(list, "|"); name != NULL; name = strtok(NULL, "|")) {
        char words[160];

        snprintf(words, sizeof words, ": %s:", name);
        if (strstr(text, words) != NULL) {
            return true;
        }
    }
    return false;
}

static void judge_case(const rows *cases, const run *r)
{
    const char *wanted = cases->field[1];
    int status = strcmp(wanted, "accept") == 0 ? 0 : strcmp(wanted, "reject") == 0 ? 1 : 3;

    if (r->status != status) {
        fail_msg("%s: status %d, not %d: %s", cases->field[0], r->status, status, r->err);
    }
    if (lines_of(r->err) != (status == 0 ? 0 : 1)) {
        fail_msg("%s: stderr: %s", cases->field[0], r->err);
    }
    if (status != 0 && strstr(r->err, ", byte ") == NULL) {
        fail_msg("%s: no offset: %s", cases->field[0], r->err);
    }
    if (status == 1 && !names_one_of(r->err, cases->field[2])) {
        fail_msg("%s: not %s: %s", cases->field[0], cases->field[2], r->err);
    }
    if (status == 3 && strstr(r->err, "incomplete") == NULL) {
        fail_msg("%s: %s", cases->field[0], r->err);
    }
}

/* Each case has its status and message, and the same output whatever the chunks. */
static void xml_judges_the_cases(void **state)
{
    static rows cases;
    unsigned count = 0;

    (void)state;
    rows_open(&cases, "xmlcases/CASES.tsv");
    while (rows_next(&cases)) {
        char path[1024];
        run whole;
        run cut;

        snprintf(path, sizeof path, "%s/xmlcases/%s", PARLEY_TEST_DATA, cases.field[0]);
        run_whole(&whole, ARGUMENTS("xml", "--json", path), "", NULL);
        judge_case(&cases, &whole);
        check_json_lines(whole.out);
        run_whole(&cut, ARGUMENTS("xml", "--json", "--chunk", "1", path), "", NULL);
        assert_int_equal(cut.status, whole.status);
        assert_string_equal(cut.out, whole.out);
        assert_string_equal(cut.err, whole.err);
        run_free(&whole);
        run_free(&cut);
        count++;
    }
    assert_true(count > 150);
}

/* jid */

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return false;
        }
    }
    return true;
}

/* ,"NAME":"VALUE" or null, as the line must hold it. "-": absent. */
static void has_part(const run *r, const char *name, const char *wanted)
{
    char value[4096];
    char words[4200];
    size_t used = 0;

    value[rows_unescape(wanted, value, sizeof value - 1).len] = '\0';
    if (strcmp(wanted, "-") == 0) {
        snprintf(words, sizeof words, "\"%s\":null", name);
    } else {
        char escaped[4096];

        for (const char *at = value; *at != '\0' && used + 3 < sizeof escaped; at++) {
            if (*at == '"' || *at == '\\') {
                escaped[used++] = '\\';
            }
            escaped[used++] = *at;
        }
        escaped[used] = '\0';
        snprintf(words, sizeof words, "\"%s\":\"%s\"", name, escaped);
    }
    if (strstr(r->out, words) == NULL) {
        fail_msg("no %s in %s", words, r->out);
    }
}

static void jid_judges_the_rows(void **state)
{
    static rows r;
    unsigned count = 0;

    (void)state;
    rows_open(&r, "vectors/jid.tsv");
    while (rows_next(&r)) {
        char text[4096];
        parley_string jid = rows_unescape(r.field[0], text, sizeof text);
        bool valid = strcmp(r.field[1], "valid") == 0;
        run done;

        text[jid.len < sizeof text ? jid.len : 0] = '\0';
        if (!is_ascii(text) || strlen(text) != jid.len) {
            continue; /* beyond ASCII the library's own tests judge */
        }
        run_whole(&done, ARGUMENTS("jid", "--json", "--", text), "", NULL);
        if (done.status != (valid ? 0 : 1)) {
            fail_msg("'%s': status %d: %s%s", text, done.status, done.out, done.err);
        }
        if (valid) {
            check_json_lines(done.out);
            has_part(&done, "local", r.field[2]);
            has_part(&done, "domain", r.field[3]);
            has_part(&done, "resource", r.field[4]);
        } else {
            assert_int_equal(lines_of(done.err), 1);
            assert_non_null(strstr(done.err, "byte "));
            assert_int_equal(done.out_len, 0);
        }
        run_free(&done);
        count++;
    }
    assert_true(count > 50);
}

static void jid_says_where_and_why(void **state)
{
    run r;

    (void)state;
    refused(ARGUMENTS("jid", "a b@c"), 1, "byte 1: byte 0x20 cannot stand there in the localpart");
    refused(ARGUMENTS("jid", "a\"@c"), 1, "byte 1: '\"' cannot stand there in the localpart");
    refused(ARGUMENTS("jid", "a@c d"), 1, "byte 3: byte 0x20 cannot stand there in the domainpart");
    refused(ARGUMENTS("jid", "@c"), 1, "byte 0: the localpart is empty");
    refused(ARGUMENTS("jid", "a@"), 1, "byte 2: the domainpart is empty");
    refused(ARGUMENTS("jid", "a@b/"), 1, "byte 4: the resourcepart is empty");
    refused(ARGUMENTS("jid", ""), 1, "byte 0: the domainpart is empty");
    refused(ARGUMENTS("jid", "a@b/\x01"), 1, "byte 4: byte 0x01 cannot stand there in the resourcepart");
    run_whole(&r, ARGUMENTS("jid", "Juliet@Example.ORG/Balcony"), "", NULL);
    assert_string_equal(r.out, "local     juliet\ndomain    example.org\nresource  Balcony\n");
    run_free(&r);
    run_whole(&r, ARGUMENTS("jid", "example.org"), "", NULL);
    assert_string_equal(r.out, "domain    example.org\n");
    run_free(&r);
}

/* states */

static bool goes(const parley_machine *machine, uint8_t from, uint8_t to)
{
    for (unsigned i = 0; i < machine->transition_count; i++) {
        if (machine->transitions[i].state == from && machine->transitions[i].next == to) {
            return true;
        }
    }
    return false;
}

static size_t count_of(const char *text, const char *words)
{
    size_t count = 0;

    while ((text = strstr(text, words)) != NULL) {
        text += strlen(words);
        count++;
    }
    return count;
}

/* The drawing has each state of the compiled machine, an edge from state to state where a
   transition leads there, and no other. */
static void drawings_are_current(const parley_machine *machine)
{
    run svg;
    char id[128];
    size_t edges = 0;

    run_whole(&svg, ARGUMENTS("states", machine->name, "svg"), "", NULL);
    assert_int_equal(svg.status, 0);
    for (uint8_t from = 0; from < machine->state_count; from++) {
        snprintf(id, sizeof id, "id=\"%s-state-%s\"", machine->name, machine->states[from].name);
        assert_int_equal(count_of(svg.out, id), 1);
        for (uint8_t to = 0; to < machine->state_count; to++) {
            size_t expected = from != to && goes(machine, from, to);

            snprintf(id, sizeof id, "id=\"%s-edge-%s-%s\"", machine->name,
                     machine->states[from].name, machine->states[to].name);
            if (count_of(svg.out, id) != expected) {
                fail_msg("%s: build the target diagrams", id);
            }
            edges += expected;
        }
    }
    snprintf(id, sizeof id, "id=\"%s-edge-", machine->name);
    assert_int_equal(count_of(svg.out, id), edges);
    assert_true(edges > 20);
    run_free(&svg);
}

/* Every event that labels the dot text stands in the drawing. */
static void labels_are_current(const char *role)
{
    run dot;
    run svg;
    size_t words = 0;

    run_whole(&dot, ARGUMENTS("states", role, "dot"), "", NULL);
    run_whole(&svg, ARGUMENTS("states", "--format", "svg", role), "", NULL);
    for (const char *at = dot.out; *at != '\0';) {
        size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

        if (len > 4) {
            char word[64];

            snprintf(word, sizeof word, "%.*s", (int)len, at);
            if (strstr(svg.out, word) == NULL) {
                fail_msg("the drawing of the %s lacks %s: build the target diagrams", role, word);
            }
            words++;
        }
        at += len > 0 ? len : 1;
    }
    assert_true(words > 20);
    run_free(&dot);
    run_free(&svg);
}

static void states_are_drawn(void **state)
{
    run r;

    (void)state;
    drawings_are_current(&parley_client_machine);
    drawings_are_current(&parley_server_machine);
    labels_are_current("client");
    labels_are_current("server");
    run_whole(&r, ARGUMENTS("states"), "", NULL);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "RFC 6120"));
    assert_non_null(strstr(r.out, "anything else"));
    run_free(&r);
    run_whole(&r, ARGUMENTS("states", "server", "mermaid"), "", NULL);
    assert_non_null(strstr(r.out, "\nstateDiagram-v2\n"));
    run_free(&r);
}

/* The password */

/* connect to a port that refuses: it gets as far as the password. */
static void connect_refused(run *r, const char *password_file, const char *password)
{
    unsigned port;
    int fd = refuse_somewhere(&port);
    char number[16];
    const char *arguments[12] = {"connect", "a@b.example", "--host", "127.0.0.1", "--port", number,
                                 "--tls", "off", "--insecure"};

    snprintf(number, sizeof number, "%u", port);
    if (password_file != NULL) {
        arguments[9] = "--password-file";
        arguments[10] = password_file;
    }
    run_whole(r, arguments, "", password);
    close(fd);
}

static void password_files_are_read(void **state)
{
    static char long_line[1200];
    run r;

    (void)state;
    put_file("secret\nmore\n", 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 1);
    run_free(&r);

    put_file("secret", 0640);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 2);
    assert_non_null(strstr(r.err, "warning: "));
    assert_non_null(strstr(r.err, "chmod 600"));
    run_free(&r);

    put_file("\nsecond line\n", 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "the password is empty"));
    run_free(&r);

    memset(long_line, 'x', sizeof long_line - 1);
    put_file(long_line, 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "longer than 1024 bytes"));
    run_free(&r);

    connect_refused(&r, "/nonexistent/file", NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "/nonexistent/file: cannot be opened"));
    run_free(&r);
}

static void without_a_terminal_there_is_no_prompt(void **state)
{
    run r;

    (void)state;
    connect_refused(&r, NULL, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "--password-file"));
    run_free(&r);
    connect_refused(&r, NULL, "");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "PARLEY_PASSWORD: the password is empty"));
    run_free(&r);
}

static bool echoes(int terminal)
{
    struct termios settings;

    assert_int_equal(tcgetattr(terminal, &settings), 0);
    return (settings.c_lflag & ECHO) != 0;
}

static void the_prompt_does_not_echo(void **state)
{
    unsigned port;
    int fd = refuse_somewhere(&port);
    char number[16];
    run r;

    (void)state;
    snprintf(number, sizeof number, "%u", port);
    run_start(&r,
              ARGUMENTS("connect", "a@b.example", "--host", "127.0.0.1", "--port", number, "--tls",
                        "off", "--insecure", "--json"),
              "", 0, NULL, true);
    run_until_typed(&r, "Password of a@b.example: ");
    assert_false(echoes(r.terminal));
    run_type(&r, "s3cret\n");
    run_until_err(&r, "Connection refused");
    assert_true(r.terminal < 0 || echoes(r.terminal));
    run_finish(&r);
    assert_int_equal(r.status, 3);
    assert_null(strstr(r.typed, "s3cret"));
    assert_null(strstr(r.out, "s3cret"));
    assert_null(strstr(r.err, "s3cret"));
    run_free(&r);
    close(fd);
}

/* Files and servers that are not there */

static void bad_authorities_are_1(void **state)
{
    (void)state;
    put_file("", 0600);
    refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1,
            "holds no PEM block");
    put_file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0600);
    refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1, "line 1");
    put_file("-----BEGIN CERTIFICATE-----\nAAAA\n", 0600);
    refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1, "cut off");
    refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", "/nonexistent/ca"), 1,
            "/nonexistent/ca: cannot be opened");
}

static void a_dead_port_is_3(void **state)
{
    run r;

    (void)state;
    connect_refused(&r, NULL, "secret");
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 1);
    assert_non_null(strstr(r.err, "127.0.0.1"));
    assert_non_null(strstr(r.err, "refused"));
    run_free(&r);
}

static void silence_is_3_in_time(void **state)
{
    unsigned port;
    int fd = listen_somewhere(&port);
    char number[16];
    long long begun = now();
    run r;

    (void)state;
    snprintf(number, sizeof number, "%u", port);
    run_whole(&r,
              ARGUMENTS("connect", "a@b.example", "--host", "localhost", "--port", number,
                        "--timeout", "1", "--json", "--tls", "off", "--insecure"),
              "", "secret");
    assert_int_equal(r.status, 3);
    assert_true(now() - begun >= 1000);
    assert_true(now() - begun < 4000);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out, "{\"event\":\"closed\",\"outcome\":\"stream-deadline\""));
    assert_int_equal(lines_of(r.err), 1);
    run_free(&r);
    close(fd);
}

static void signals_end_it(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        unsigned port;
        int fd = listen_somewhere(&port);
        char number[16];
        run r;

        snprintf(number, sizeof number, "%u", port);
        run_start(&r,
                  ARGUMENTS("connect", "a@b.example", "--host", "127.0.0.1", "--port", number,
                            "--json", "--trace", "--tls", "off", "--insecure"),
                  "", 0, "secret", false);
        run_until_err(&r, "<stream:stream");
        run_signal(&r, numbers[i]);
        run_finish(&r);
        assert_int_equal(r.status, 128 + numbers[i]);
        check_json_lines(r.out);
        assert_non_null(strstr(r.out, "{\"event\":\"closed\""));
        assert_non_null(strstr(r.err, "</stream:stream>"));
        run_free(&r);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_is_2),
        cmocka_unit_test(without_a_command_there_is_help),
        cmocka_unit_test(each_command_has_help),
        cmocka_unit_test(lost_output_is_an_error),
        cmocka_unit_test(xml_prints_tokens),
        cmocka_unit_test(xml_judges_the_cases),
        cmocka_unit_test(jid_judges_the_rows),
        cmocka_unit_test(jid_says_where_and_why),
        cmocka_unit_test(states_are_drawn),
        cmocka_unit_test(password_files_are_read),
        cmocka_unit_test(without_a_terminal_there_is_no_prompt),
        cmocka_unit_test(the_prompt_does_not_echo),
        cmocka_unit_test(bad_authorities_are_1),
        cmocka_unit_test(a_dead_port_is_3),
        cmocka_unit_test(silence_is_3_in_time),
        cmocka_unit_test(signals_end_it),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
