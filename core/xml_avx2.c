/* parley_xml_push for processors with AVX2, in the build `fast` for x86-64: core/xml_whole.c once
   more, compiled for them. core/xml.c goes here where the configuration says that it may. */
#define XML_PUSH_ONLY
#define parley_xml_take parley_xml_take_avx2

#include "xml_whole.c"

#undef parley_xml_take
size_t parley_xml_push_avx2(parley_xml *x, const void *data, size_t len, parley_xml_token *token)
{
    return parley_xml_take_avx2(x, data, len, token);
}
