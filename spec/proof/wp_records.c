/* WP: what goes from attribute to attribute of an element stays within what the element has, and in
   the root or the block. */
#include "records.h"
#include "relations.h"

#include "../../core/xml_store.c"
