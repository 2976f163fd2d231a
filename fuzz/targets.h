/* The targets, one a line; read by CMakeLists.txt and by replay.c. */
TARGET(xml)
TARGET(xml_vs_expat)
TARGET(element)
TARGET(writer)
TARGET(utf8)
TARGET(base64)
TARGET(jid)
TARGET(certificate)
