/* The XML machine as Ragel's -T0 makes it: the smallest code. */
#include "xml_internal.h"

%%{
  machine xml;
  alphtype unsigned char;
  getkey byte_class[*p];

  include xml "xml.rl";

  write exports;
  write data nofinal;
}%%

#include "xml_host.h"

static const unsigned char *machine(parley_xml *x, const unsigned char *p, const unsigned char *pe)
{
    const unsigned char *const eof = NULL; /* the end of input is for parley_xml_finish */
    int cs = x->cs;

    %% write exec;

    return leave(x, cs, p);
}
