"""The tokenizer over short documents that are followed exactly (xml.c), and what is broken in it.

Every function is real here, those too that go from record to record (check, RECORDS), and so is
every call of parley/element.h."""

# States are followed one by one: what a function may return is not joined.
EXACT = ["-eva-slevel", "10000000", "-eva-ilevel", "256", "-eva-plevel", "1000", "-eva-split-limit",
         "200", "-eva-split-return", "full", "-eva-interprocedural-history",
         "-eva-interprocedural-splits", "-eva-partition-history", "6"]
SOURCES = ["core/xml.c", "spec/proof/xml_content.c", "core/xml_namespace.c", "core/xml_push.c",
           "core/xml_read.c", "core/xml_run.c", "core/xml_stop.c", "core/xml_store.c",
           "core/xml_tag.c", "core/xml_text.c", "core/characters.c", "core/wipe.c",
           "core/element.c", "core/string.c"]

NO_TREE = "PARLEY_XML_NO_TREE"


def document(say, text, known="", behind="", memory=0, tree=0, park=0, limits=".attributes = 2",
             window=1, reads=0):
    """One byte of `text` is any byte, each in turn; what is around it comes as it stands. It is
    pushed `window` bytes at a time, or read."""
    literal = '"' + (known + text + behind).replace("\\", "\\\\").replace('"', '\\"') + '"'
    defines = [("PROOF_DOCUMENT", literal), ("PROOF_FIRST", len(known)),
               ("PROOF_LAST", len(known + text) - 1), ("PROOF_MEMORY", memory),
               ("PROOF_TREE", tree), ("PROOF_PARK", park), ("PROOF_WINDOW", f"{window}u"),
               ("PROOF_READS", reads),
               ("PROOF_LIMITS", f".depth = 4, .name = 8, {limits}")]
    return {"kind": "eva", "driver": "xml.c", "machine": "xml_fast", "sources": SOURCES,
            "options": EXACT, "defines": defines, "say": f"tokenizer: {say}"}


PROOFS = {
    "element": document("an element", "<a b='c'>d</a>", memory=16, tree=1),
    "tree": document("a tree, and a reference", "<a><b>&#9;", memory=48, tree=1),
    "default": document("a default namespace, and none", "='u'><b xmlns=''/>", "<a xmlns",
                        memory=64, tree=NO_TREE),
    "prefix": document("a prefix, looked up through two elements", "><b><p:c xml:d=''/>",
                       "<a xmlns:p='u'", memory=112, tree=NO_TREE),
    "attributes": document("three attributes", "c='' d=''/>", "<a b='' ", memory=64,
                           limits=".attributes = 3"),
    "expanded": document("attributes with prefixes of one namespace or two", "v'",
                         "<a xmlns:p='u' xmlns:q='", " p:b='' q:b=''/>", memory=112,
                         limits=".attributes = 4"),
    "expanded_names": document("and with one local name or two", "b=''/>",
                               "<a xmlns:p='u' xml:b='' p:", memory=112, limits=".attributes = 3"),
    "park": document("a root that is parked", "'w'><p:b/></a>", "<a xmlns='u' xmlns:p='v' e=",
                     memory=64, tree=1, park=1, limits=".attributes = 3"),
    "compact": document("memory so small that what is skipped is moved", "<p:d/></c></b>",
                        "<a><b>tt<c xmlns:p='u' e=''>", memory=68, tree=1, park=1),
    "read": document("a tree that is read: text and an element", "e<f/></b>",
                     "<a><b xmlns='u' c='d'>", memory=96, tree=1, park=1),
    "read_prefixes": document("a tree that is read: names with prefixes, and text behind an element",
                              "<p:f/>g</p:b>", "<a><p:b xmlns:p='u' p:c='d'>", memory=128, tree=1,
                              park=1),
    "cut": document("a tag that is too large itself", "e='ffff'>g</b>", "<a><b c='d' ", memory=20,
                    tree=1, park=1),
    # All in one piece: text, references and tags that come whole (core/xml_content.c).
    "whole": document("a tag that comes whole", "d'>", "<a><b c='", "e</b></a>", memory=192, tree=1,
                      window=64),
    "whole_names": document("and one with prefixes", "p:", "<a xmlns:p='u'><",
                            "b p:c='' xml:d=''/></a>", memory=224, tree=NO_TREE, window=64),
    "whole_default": document("and one with a declaration", "'u'", "<a><b xmlns=", "/>e</a>",
                              memory=192, tree=1, window=64),
    "whole_many": document("and one with nine attributes", ">",
                           "<a><b c='' d='' e='' f='' g='' h='' i='' j='' C=''/></a", memory=448,
                           tree=1, limits=".attributes = 9", window=64),
    "whole_text": document("text and references that come whole", "#9", "<a><b>e&lt;&",
                           ";f]g</b></a>", memory=192, tree=1, window=64),
    "whole_read": document("and given to a handler", "a>", "<a><b/>c&lt;d<e></e></", "</a>",
                           memory=192, tree=NO_TREE, park=1, window=64, reads=1),
}

# As in check; of the document as it stands, with the last byte any.
CONTROLS = [
    ("a value is kept beside its attribute", "core/xml_tag.c",
     "parley_xml_block_at(x, x->attribute) + offsetof(xml_attribute, value)",
     "parley_xml_block_at(x, x->value << 3) + offsetof(xml_attribute, value)", "element"),
    ("an index is wrong", "core/xml_text.c", "    out[0] = (unsigned char)(lead | character);",
     "    out[more + 4096] = (unsigned char)(lead | character);", "tree"),
    ("the machine's p leaves the window", "machines/xml.rl",
     "action reference       { ", "action reference       { p++; ", "tree"),
    ("the name of an end tag is compared behind its element", "core/xml_run.c",
     "parley_xml_at(x, x->open) + sizeof(xml_element) + x->matched;",
     "parley_xml_at(x, x->top) + sizeof(xml_element) + x->matched;", "element"),
    ("names are compared with what is before the first attribute", "core/xml_tag.c",
     "parley_xml_first_attribute(x->tag, &element), x->attribute);",
     "x->tag + (uint32_t)sizeof element, x->attribute);", "attributes"),
    ("the tree of names leads beside the attributes", "core/xml_tag.c",
     "next = first + 4 * (other.space", "next = first + 4 + 4 * (other.space", "attributes"),
    ("a declaration is compared with the one before it", "core/xml_namespace.c",
     "span value = value_of(x, at);", "span value = value_of(x, x->declarations);", "default"),
    ("the default namespace is looked for behind the last declaration", "core/xml_namespace.c",
     """    while (at != XML_NOWHERE) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (attribute.prefix_len == 0) {""",
     """    while (at != XML_SPACE_NONE) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (attribute.prefix_len == 0) {""", "prefix"),
    ("a scope is left that has been left", "core/xml_namespace.c",
     "while (x->declarations != XML_NOWHERE && XML_RANK(x, x->declarations) >= XML_RANK(x, at))",
     "while (XML_RANK(x, x->declarations) >= XML_RANK(x, at))", "attributes"),
    ("a declaration is entered beside its place", "core/xml_namespace.c",
     "            x->declarations = at;", "            x->declarations = at + 12;", "prefix"),
    ("a prefix is looked up beside the declarations", "core/xml_namespace.c",
     "uint32_t at = x->declarations;\n\n    if (is(prefix",
     "uint32_t at = x->declarations + 12;\n\n    if (is(prefix", "expanded"),
    ("the attribute behind one with a prefix is missed", "core/xml_namespace.c",
     """                return false;
            }
        }
        at = parley_xml_next_attribute(x, at, &attribute);""",
     """                return false;
            }
        }
        at = parley_xml_next_attribute(x, at, &attribute) + 4;""", "expanded"),
    ("expanded names are compared behind the attributes", "core/xml_namespace.c",
     "same(local_of(name_of(x, at, &attribute), attribute.prefix_len), local)",
     "same(local_of(name_of(x, at + 64, &attribute), attribute.prefix_len), local)", "expanded"),
    ("what is kept of a root is counted beside its attributes", "core/xml_store.c",
     "uint32_t next = parley_xml_next_attribute(x, from, &attribute);\n        size",
     "uint32_t next = parley_xml_next_attribute(x, from, &attribute) + 4;\n        size", "park"),
    ("what is moved of a root lies beside its attributes", "core/xml_store.c",
     "        from = next;\n    }\n    parley_xml_put_head",
     "        from = next + 4;\n    }\n    parley_xml_put_head",
     "park"),
    ("what moves up is cut from another place", "core/xml_store.c",
     "memmove(parley_xml_at(x, end), parley_xml_at(x, x->tag), x->top - x->tag);",
     "memmove(parley_xml_at(x, end), parley_xml_at(x, x->tag), x->top);", "compact"),
    ("what is open moves too far", "core/xml_store.c", "parley_xml_move_element(x, at, end);",
     "parley_xml_move_element(x, at, end + 64);", "compact"),
    ("with a value what is before it is dropped", "core/xml_tag.c",
     "        x->top = x->value;\n", "        x->top = x->value - 64;\n", "cut"),
    ("the length of a namespace's name is doubled", "core/element.c",
     "                        declaration.value >> 1);", "                        declaration.value);",
     "read"),
    ("an attribute is read beside its place", "core/element.c",
     """            return true;
        }
        at = parley_xml_next_attribute(e.xml, at, &record);""",
     """            return true;
        }
        at = parley_xml_next_attribute(e.xml, at, &record) + 8;""", "read"),
    ("an element is looked for behind the last record", "core/element.c",
     "if ((head & XML_IS_LAST) != 0) {", "if ((head & XML_IS_LAST) != 0 && at == 0) {",
     "read_prefixes"),
    ("an element without content is looked into", "core/element.c",
     "(parley_xml_get_head(x, at) & XML_CONTENT) != 0;",
     "(parley_xml_get_head(x, at) & XML_CONTENT) != 1;", "read"),
    ("text is taken for an element", "core/element.c",
     "while (at != XML_NOWHERE && (parley_xml_get_head(x, at) & XML_IS_TEXT) != 0) {",
     "while (at == 0) {", "read"),
    ("a text is longer than it is", "core/element.c",
     "return bytes_at(x, at + (uint32_t)sizeof head, head >> 2);",
     "return bytes_at(x, at + (uint32_t)sizeof head, head >> 1);", "read"),
    ("a local name has its prefix's length too", "core/element.c", "name_len - before);",
     "name_len + before);", "read_prefixes"),
    ("the next node is beside its place", "core/element.c", "at = record_after(e.xml, at);",
     "at = at + 4;", "read_prefixes"),
    ("whose content it was is read before the text's end", "core/element.c",
     "return parley_xml_get_head(x, parley_xml_round(at + (uint32_t)sizeof head + (head >> 2)));",
     "return parley_xml_get_head(x, at + (uint32_t)sizeof head + (head >> 2));", "read_prefixes"),
    ("a tag that comes whole lies beside its place", "core/xml_content.c",
     "return PARLEY_ROOT_SIZE + (uint32_t)(at - x->memory);", "return (uint32_t)(at - x->memory);",
     "whole"),
    ("a run is looked at behind the end of the bytes", "core/xml_content.c",
     "while (kind != XML_NAME && w->p <= w->safe) {", "while (kind != XML_NAME && w->p < w->pe) {",
     "whole_names"),
    ("the link of a declaration that comes whole is beside it", "core/xml_content.c",
     "memcpy(parley_xml_block_at(x, declaration), &x->declarations",
     "memcpy(parley_xml_block_at(x, declaration + 256), &x->declarations", "whole_default"),
    ("names that come whole are compared beside the first attribute", "core/xml_content.c",
     "same = parley_xml_is_repeated(x, first, *next);",
     "same = parley_xml_is_repeated(x, first + 4, *next);", "whole_many"),
    ("text that comes whole is kept beside the top", "core/xml_content.c",
     "len = xml_copy(parley_xml_block_at(x, x->top), p,",
     "len = xml_copy(parley_xml_block_at(x, x->top + 512), p,", "whole_text"),
    ("behind the root's end what is read goes on", "core/xml_read.c", "x->many | x->closed | ",
     "x->many | ", "whole_read"),
    ("an end that was due is due again", "core/xml_read.c", "        x->end_due = false;\n", "",
     "whole_read"),
]


# With `./check --full` of these the last byte alone is any: what they reach is also proved for any
# input, by single steps and from record to record (check). --long takes each of their bytes.
AT_LENGTH = ("element", "tree", "default", "prefix", "park", "read", "read_prefixes", "cut")


def as_it_stands(proof):
    """Of one of PROOFS: but for the last byte."""
    defines = [(name, "sizeof document - 2" if name in ("PROOF_FIRST", "PROOF_LAST") else value)
               for name, value in proof["defines"]]
    return dict(proof, defines=defines)
