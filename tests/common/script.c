#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "parley/base64.h"

#define STREAM "http://etherx.jabber.org/streams"
#define NAMES  " xmlns='jabber:client' xmlns:stream='" STREAM "'"
#define URN    "xmlns='urn:ietf:params:xml:ns:xmpp-"
#define XML    "<?xml version='1.0'?>"
/* What the server's counter of random bytes makes of its first three ids. */
#define ID1             "AAECAwQFBgcICQoLDA0ODxAR"
#define ID2             "EhMUFRYXGBkaGxwdHh8gISIj"
#define ID3             "JCUmJygpKissLS4vMDEyMzQ1"
#define REPLY(from, id) XML "<stream:stream" NAMES from " id='" id "' version='1.0' xml:lang='en'>"
#define SERVED          " from='example.com'"
#define UNSERVED        " from=''"

/* name, as a client under test has it, as a server under test has it. */
static const char *const words[][3] = {
    {"H", XML "<stream:stream from='example.com' id='s1' version='1.0'" NAMES ">",
     XML "<stream:stream to='example.com' version='1.0'" NAMES ">"},
    {"h", "<stream:stream from='example.com' id='s1' version='1.0'" NAMES ">",
     "<stream:stream to='example.com' version='1.0'" NAMES ">"},
    {"/", "</stream:stream>", "</stream:stream>"},
    {"STREAM", STREAM, STREAM},
    {"TLS", URN "tls'", URN "tls'"},
    {"SASL", URN "sasl'", URN "sasl'"},
    {"BIND", URN "bind'", URN "bind'"},
    {"SESS", URN "session'", URN "session'"},
    {"STREAMS", URN "streams'", URN "streams'"},
    {"STANZAS", URN "stanzas'", URN "stanzas'"},
    {"OURS", XML "<stream:stream" NAMES " to='example.com' version='1.0'>", REPLY(SERVED, ID1)},
    {"OURS2", NULL, REPLY(SERVED, ID2)},
    {"OURS3", NULL, REPLY(SERVED, ID3)},
    {"NOFROM", NULL, REPLY(UNSERVED, ID1)},
    {"NOFROM2", NULL, REPLY(UNSERVED, ID2)},
    {"NOFROM3", NULL, REPLY(UNSERVED, ID3)},
};

static size_t put(char *bytes, size_t size, size_t len, const char *text, size_t text_len)
{
    assert_true(text_len < size - len);
    memcpy(bytes + len, text, text_len);
    return len + text_len;
}

static unsigned hex(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *at = strchr(digits, digit | 0x20);

    assert_true(digit != '\0' && at != NULL);
    return (unsigned)(at - digits);
}

/* Resolves the escape that `text` begins with; how much of `text` it was. */
static size_t escape(const char *text, char *byte)
{
    static const char from[] = "nrt\\{}";
    static const char to[] = "\n\r\t\\{}";
    const char *at = text[1] != '\0' ? strchr(from, text[1]) : NULL;

    if (at != NULL) {
        *byte = to[at - from];
        return 2;
    }
    if (text[1] != 'x') {
        fail_msg("no such escape: %.4s", text);
    }
    *byte = (char)(hex(text[2]) << 4 | hex(text[3]));
    return 4;
}

static size_t put_base64(char *bytes, size_t size, size_t len, const char *text, size_t text_len)
{
    char data[4096];
    char coded[PARLEY_BASE64_SIZE(sizeof data)];
    size_t count = 0;
    size_t i = 0;

    while (i < text_len) {
        assert_true(count < sizeof data);
        if (text[i] == '\\') {
            i += escape(text + i, &data[count++]);
        } else {
            data[count++] = text[i++];
        }
    }
    parley_base64_encode(data, count, coded);
    return put(bytes, size, len, coded, PARLEY_BASE64_SIZE(count));
}

static size_t put_word(char *bytes, size_t size, size_t len, const char *word, size_t word_len,
                       bool server)
{
    char error[256];
    size_t i;

    if (word_len > 4 && strncmp(word, "b64:", 4) == 0) {
        return put_base64(bytes, size, len, word + 4, word_len - 4);
    }
    if (word_len > 6 && strncmp(word, "ERROR:", 6) == 0) {
        (void)snprintf(error, sizeof error,
                       "<stream:error><%.*s " URN "streams'/></stream:error>"
                       "</stream:stream>",
                       (int)word_len - 6, word + 6);
        return put(bytes, size, len, error, strlen(error));
    }
    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *text = words[i][server ? 2 : 1];
        if (strlen(words[i][0]) == word_len && memcmp(words[i][0], word, word_len) == 0 &&
            text != NULL) {
            return put(bytes, size, len, text, strlen(text));
        }
    }
    fail_msg("no such abbreviation: {%.*s}", (int)word_len, word);
    return len;
}

size_t script_expand(const char *text, bool server, char *bytes, size_t size)
{
    size_t len = 0;

    while (*text != '\0') {
        if (*text == '\\') {
            char byte;
            text += escape(text, &byte);
            len = put(bytes, size, len, &byte, 1);
        } else if (*text == '{') {
            const char *end = strchr(text, '}');
            if (end == NULL) {
                fail_msg("a brace is not closed: %s", text);
                return 0;
            }
            len = put_word(bytes, size, len, text + 1, (size_t)(end - text) - 1, server);
            text = end + 1;
        } else {
            len = put(bytes, size, len, text++, 1);
        }
    }
    bytes[len] = '\0';
    return len;
}
