/* Eva: the tags that come whole, with their places. */
#include "placed.h"

#include "../../core/xml_content.c"
