/* The XML machine as Ragel's -T0 makes it: the smallest code. */
#include "xml_internal.h"

%%{
  machine xml;
  alphtype unsigned char;
  # The end of input is for parley_xml_finish. What Ragel writes for it here, a table and all
  # actions of errors again, is left out by the compiler, as no p is equal to this.
  variable eof (p != NULL ? NULL : byte_class);
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
    int cs = x->cs;

    %% write exec;

    return leave(x, cs, p);
}
