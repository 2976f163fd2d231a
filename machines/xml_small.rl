/* The XML machine as Ragel's -T0 makes it: the smallest code. */
#include "packed.h"
#include "xml_internal.h"

%%{
  machine xml;
  alphtype unsigned char;
  getkey class_of(*p);

  include xml "xml.rl";

  write exports;
  write data nofinal;
}%%

#include "xml_host.h"

static unsigned char class_of(unsigned char byte)
{
    return byte < 0x80 ? byte_class[byte] : xml_ex_HIGH;
}

static const unsigned char *machine(parley_xml *x, const unsigned char *p, const unsigned char *pe)
{
    /* The end of input is for parley_xml_finish: there is no eof, and machines/pack leaves out what
       Ragel writes for it. */
    int cs = x->cs;

    %% write exec;

    return leave(x, cs, p);
}
