#include "password.h"

#include "entropy.h"
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#if defined(__APPLE__) || defined(__OpenBSD__) || defined(__FreeBSD__)
#include <readpassphrase.h>
#else
#include <bsd/readpassphrase.h>
#endif

static bool set(password *p, const char *text, size_t len, const char *where, failure *f)
{
    if (len == 0) {
        return failure_set(f, STATUS_LOCAL, "no-credential", "%s: the password is empty", where);
    }
    if (len > sizeof p->text) {
        return failure_set(f, STATUS_LOCAL, "no-credential",
                           "%s: the password is longer than %zu bytes", where, sizeof p->text);
    }
    memcpy(p->text, text, len);
    p->len = len;
    return true;
}

static void warn_if_shared(FILE *in, const char *path)
{
    struct stat about;

    if (fstat(fileno(in), &about) == 0 && S_ISREG(about.st_mode) &&
        (about.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        report("warning: %s can be read by others; chmod 600 it", path);
    }
}

static bool read_line(password *p, FILE *in, const char *path, failure *f)
{
    char line[sizeof p->text + 3]; /* room for CR, LF and the sight of one byte too many */
    size_t got = fread(line, 1, sizeof line, in);
    char *end = memchr(line, '\n', got);
    size_t len = end == NULL ? got : (size_t)(end - line);
    bool good;

    if (ferror(in)) {
        good = failure_set(f, STATUS_LOCAL, "no-credential", "%s: cannot be read: %s", path,
                           strerror(errno));
    } else {
        if (end != NULL && len > 0 && line[len - 1] == '\r') {
            len--;
        }
        good = set(p, line, len, path, f);
    }
    entropy_wipe(line, sizeof line);
    return good;
}

static bool from_file(password *p, const char *path, failure *f)
{
    FILE *in = fopen(path, "rb");
    bool good;

    if (in == NULL) {
        return failure_set(f, STATUS_LOCAL, "no-credential", "%s: cannot be opened: %s", path,
                           strerror(errno));
    }
    setvbuf(in, NULL, _IONBF, 0);
    warn_if_shared(in, path);
    good = read_line(p, in, path, f);
    fclose(in);
    return good;
}

bool password_ask(password *p, const char *prompt, failure *f)
{
    char line[sizeof p->text + 2];
    bool good;

    if (readpassphrase(prompt, line, sizeof line, RPP_REQUIRE_TTY) == NULL) {
        good = failure_set(f, STATUS_LOCAL, "no-credential",
                           errno == ENOTTY || errno == ENXIO
                               ? "no terminal to ask for the password on; use --password-file "
                                 "or PARLEY_PASSWORD"
                               : "no password was given");
    } else {
        good = set(p, line, strlen(line), "the prompt", f);
    }
    entropy_wipe(line, sizeof line);
    return good;
}

bool password_get(password *p, const char *path, const char *jid, failure *f)
{
    char *variable = getenv("PARLEY_PASSWORD");
    char prompt[256];
    bool good;

    if (path != NULL) {
        return from_file(p, path, f);
    }
    if (variable != NULL) {
        good = set(p, variable, strlen(variable), "PARLEY_PASSWORD", f);
        entropy_wipe(variable, strlen(variable));
        unsetenv("PARLEY_PASSWORD");
        return good;
    }
    snprintf(prompt, sizeof prompt, "Password of %.200s: ", jid);
    return password_ask(p, prompt, f);
}
