#include "status.h"

int status_of_code(parley_code code)
{
    switch (code) {
    case PARLEY_NO_ERROR:
        return STATUS_OK;
    /* Cut off and timed out are the network's, whatever layer noticed. */
    case PARLEY_ERROR_STREAM_CUT:
    case PARLEY_ERROR_STREAM_DEADLINE:
    case PARLEY_ERROR_TLS_TRUNCATED:
        return STATUS_NETWORK;
    case PARLEY_ERROR_STREAM_PEER:
        return STATUS_PEER;
    case PARLEY_ERROR_NO_OUTPUT_ROOM:
    case PARLEY_ERROR_XML_DEPTH:
    case PARLEY_ERROR_XML_ATTRIBUTES:
    case PARLEY_ERROR_XML_NAME:
    case PARLEY_ERROR_XML_ELEMENT:
    case PARLEY_ERROR_XML_TOTAL:
    case PARLEY_ERROR_XML_ELEMENTS:
    case PARLEY_ERROR_XML_MEMORY:
    case PARLEY_ERROR_STANZA_TOO_LARGE:
        return STATUS_LIMIT;
    default:
        break;
    }
    switch (parley_code_layer(code)) {
    case PARLEY_LAYER_TLS:
        return STATUS_TLS;
    case PARLEY_LAYER_SASL:
        return STATUS_SASL;
    case PARLEY_LAYER_BIND:
        return STATUS_BIND;
    case PARLEY_LAYER_XML:
    case PARLEY_LAYER_STREAM:
    case PARLEY_LAYER_STANZA:
        return STATUS_PROTOCOL;
    default:
        return STATUS_LOCAL;
    }
}
