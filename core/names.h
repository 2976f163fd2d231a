/* The namespace names that RFC 6120 and its companions register. */
#ifndef PARLEY_CORE_NAMES_H
#define PARLEY_CORE_NAMES_H

#define PARLEY_NS_XML     "http://www.w3.org/XML/1998/namespace"
#define PARLEY_NS_XMLNS   "http://www.w3.org/2000/xmlns/"
#define PARLEY_NS_STREAM  "http://etherx.jabber.org/streams"    /* RFC 6120 4.8.1 */
#define PARLEY_NS_CLIENT  "jabber:client"                       /* RFC 6120 4.8.2 */
#define PARLEY_NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams" /* RFC 6120 4.9.2 */
#define PARLEY_NS_TLS     "urn:ietf:params:xml:ns:xmpp-tls"     /* RFC 6120 5.4 */
#define PARLEY_NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"    /* RFC 6120 6.4 */
#define PARLEY_NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"    /* RFC 6120 7.4 */
#define PARLEY_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session" /* RFC 3921 3 */
#define PARLEY_NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas" /* RFC 6120 8.3.2 */
#define PARLEY_NS_ROSTER  "jabber:iq:roster"                    /* RFC 6121 2.1 */

#endif
