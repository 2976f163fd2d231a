/* Everything of the core. TLS is in <parley/tls.h>. */
#ifndef PARLEY_PARLEY_H
#define PARLEY_PARLEY_H

#include "base64.h"
#include "client.h"
#include "element.h"
#include "jid.h"
#include "limits.h"
#include "lockout.h"
#include "mechanism.h"
#include "result.h"
#include "safety.h"
#include "server.h"
#include "session.h"
#include "version.h"
#include "writer.h"
#include "xml.h"

#endif
