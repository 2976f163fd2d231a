#include "report.h"

#include "status.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *command_name = "";

bool failure_set(failure *f, int status, const char *outcome, const char *format, ...)
{
    va_list arguments;

    f->status = status;
    f->outcome = outcome;
    va_start(arguments, format);
    vsnprintf(f->text, sizeof f->text, format, arguments);
    va_end(arguments);
    return false;
}

void report_command(const char *name)
{
    command_name = name;
}

static void say(const char *format, va_list arguments)
{
    char line[1536];

    vsnprintf(line, sizeof line, format, arguments);
    fprintf(stderr, "parley%s%s: ", *command_name ? " " : "", command_name);
    text_print(stderr, TEXT_LINE, parley_string_of(line));
    fputc('\n', stderr);
}

void report(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

int report_usage(const char *format, ...)
{
    char line[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    report("%s; see parley%s%s --help", line, *command_name ? " " : "", command_name);
    return STATUS_USAGE;
}
