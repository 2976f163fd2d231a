#include "options.h"

#include "report.h"
#include "status.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

static const parley_mechanism *const mechanisms[] = {
    &parley_scram_sha_512_plus, &parley_scram_sha_256_plus,
    &parley_scram_sha_1_plus,   &parley_scram_sha_512,
    &parley_scram_sha_256,      &parley_scram_sha_1,
    &parley_external,           &parley_plain,
    &parley_digest_md5,         &parley_anonymous,
};

/* getopt_long takes abbreviations. Here they are refused: --password would be
   --password-file, and its value, a password, shown as a file's name. */
static bool is_whole(char **argv, const char *name)
{
    const char *word = argv[optind - 1];

    if (optarg != NULL && optarg == word) {
        word = argv[optind - 2];
    }
    return strncmp(word, "--", 2) == 0 && strcspn(word + 2, "=") == strlen(name);
}

int options_next(int argc, char **argv, const struct option *options)
{
    const char *word;
    int option;
    int index = -1;

    opterr = 0;
    option = getopt_long(argc, argv, ":h", options, &index);
    if (option != '?' && option != ':') {
        if (index < 0 || is_whole(argv, options[index].name)) {
            return option;
        }
        report_usage("there is --%s; options are not abbreviated", options[index].name);
        return '?';
    }
    word = argv[optind - 1]; /* getopt_long is past a long option when it complains */
    if (option == ':') {
        report_usage("%s needs a value", word);
    } else if (optopt != 0 && strncmp(word, "--", 2) == 0) {
        report_usage("%.*s takes no value", (int)strcspn(word, "="), word);
    } else if (optopt != 0) {
        report_usage("there is no option -%c", optopt);
    } else {
        report_usage("there is no option %s, or it is not clear which one is meant", word);
    }
    return '?';
}

bool options_number(const char *text, unsigned long least, unsigned long most, unsigned long *value)
{
    unsigned long number = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        unsigned long digit = (unsigned long)(*text - '0');

        if (*text < '0' || *text > '9' || number > (ULONG_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *value = number;
    return number >= least && number <= most;
}

int options_seconds(const char *name, const char *value, unsigned long least, int64_t *milliseconds)
{
    unsigned long seconds;

    if (!options_number(value, least, 1000000, &seconds)) {
        return report_usage("--%s takes seconds, %lu to 1000000, not '%s'", name, least, value);
    }
    *milliseconds = (int64_t)seconds * 1000;
    return STATUS_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool options_sha256(const char *text, unsigned char hash[32])
{
    for (int i = 0; i < 32; i++) {
        int high;
        int low;

        if (i > 0 && *text == ':') {
            text++;
        }
        high = hex_digit(text[0]);
        low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0) {
            return false;
        }
        hash[i] = (unsigned char)(high * 16 + low);
        text += 2;
    }
    return *text == '\0';
}

const parley_mechanism *options_mechanism(const char *name)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        if (strcasecmp(name, parley_mechanism_name(mechanisms[i])) == 0) {
            return mechanisms[i];
        }
    }
    return NULL;
}

const char *options_mechanism_names(void)
{
    return "SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1, each with and without -PLUS, EXTERNAL, "
           "PLAIN, DIGEST-MD5, ANONYMOUS";
}
