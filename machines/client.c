
#line 1 "client.rl"
/* Binds the names of spec/client.rl to the client core.
   ragel -F1 -o client.c client.rl */
#include "client_machine.h"


#line 69 "client.rl"



#line 8 "client.c"
static const unsigned char _client_trans_keys[] = {
	1u, 40u, 15u, 39u, 0u, 0u, 4u, 40u, 5u, 40u, 11u, 40u, 13u, 40u, 4u, 40u, 
	7u, 40u, 15u, 40u, 15u, 40u, 15u, 40u, 15u, 40u, 15u, 40u, 4u, 40u, 9u, 40u, 
	15u, 40u, 15u, 40u, 15u, 40u, 15u, 40u, 15u, 40u, 4u, 40u, 7u, 40u, 0
};

static const char _client_key_spans[] = {
	40, 25, 0, 37, 36, 30, 28, 37, 
	34, 26, 26, 26, 26, 26, 37, 32, 
	26, 26, 26, 26, 26, 37, 34
};

static const short _client_index_offsets[] = {
	0, 41, 67, 68, 106, 143, 174, 203, 
	241, 276, 303, 330, 357, 384, 411, 449, 
	482, 509, 536, 563, 590, 617, 655
};

static const char _client_indicies[] = {
	1, 2, 3, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 4, 0, 5, 
	0, 5, 6, 6, 6, 6, 6, 6, 
	6, 6, 6, 6, 6, 6, 6, 6, 
	6, 6, 6, 6, 6, 6, 6, 5, 
	5, 5, 6, 7, 8, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 9, 0, 10, 11, 4, 12, 
	13, 0, 14, 15, 0, 0, 0, 0, 
	0, 0, 0, 0, 4, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 16, 
	0, 10, 11, 4, 12, 13, 0, 2, 
	17, 0, 0, 4, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	10, 11, 4, 12, 13, 0, 18, 19, 
	4, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 4, 
	20, 5, 0, 21, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 4, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 22, 0, 10, 11, 4, 12, 13, 
	0, 23, 24, 0, 0, 0, 0, 0, 
	0, 4, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 25, 0, 10, 11, 
	4, 12, 13, 0, 4, 26, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 10, 11, 4, 12, 13, 0, 4, 
	0, 27, 28, 0, 29, 0, 0, 0, 
	30, 31, 32, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 10, 11, 4, 12, 
	13, 0, 4, 0, 0, 33, 0, 0, 
	34, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 10, 
	11, 4, 12, 13, 0, 4, 0, 0, 
	0, 35, 29, 0, 0, 31, 30, 0, 
	32, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 0, 0, 0, 0, 0, 0, 0, 
	31, 0, 0, 32, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 10, 11, 4, 
	12, 13, 0, 36, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 4, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 37, 0, 10, 11, 4, 12, 13, 
	0, 38, 0, 0, 0, 0, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 39, 0, 10, 11, 4, 12, 
	13, 0, 4, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 40, 41, 
	38, 42, 0, 0, 0, 43, 0, 10, 
	11, 4, 12, 13, 0, 4, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 44, 
	45, 46, 10, 11, 4, 12, 47, 0, 
	5, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 48, 49, 0, 10, 5, 5, 
	5, 49, 0, 4, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 40, 50, 0, 51, 0, 
	10, 11, 4, 12, 13, 0, 4, 0, 
	0, 0, 0, 0, 0, 33, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 10, 11, 4, 12, 13, 
	0, 52, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 4, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 53, 
	0, 10, 11, 4, 12, 13, 0, 23, 
	24, 0, 0, 0, 0, 0, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 54, 0, 10, 11, 4, 12, 
	13, 0, 0
};

static const char _client_trans_targs[] = {
	1, 3, 6, 21, 2, 2, 1, 2, 
	4, 3, 1, 2, 1, 1, 5, 1, 
	4, 1, 7, 2, 2, 8, 7, 9, 
	1, 8, 10, 11, 10, 1, 1, 14, 
	1, 12, 20, 13, 15, 14, 16, 15, 
	17, 19, 1, 16, 17, 17, 17, 18, 
	18, 18, 1, 19, 22, 21, 22
};

static const char _client_trans_actions[] = {
	2, 3, 4, 3, 5, 6, 0, 0, 
	10, 0, 11, 12, 13, 14, 16, 17, 
	0, 19, 21, 22, 13, 10, 0, 25, 
	26, 0, 28, 30, 31, 32, 22, 33, 
	34, 31, 36, 38, 10, 0, 42, 0, 
	44, 45, 46, 0, 48, 0, 49, 14, 
	48, 0, 52, 0, 10, 0, 0
};

static const char _client_to_state_actions[] = {
	1, 7, 8, 9, 15, 18, 20, 23, 
	24, 27, 29, 35, 37, 39, 40, 41, 
	43, 47, 50, 51, 53, 54, 55
};

static const int client_start = 0;


#line 72 "client.rl"

void parley_client_machine_init(parley_client *c)
{
    
#line 147 "client.c"
	{
	 c->stream.cs = client_start;
	}

#line 76 "client.rl"
    parley_client_at(c, CLIENT_START);
}

void parley_client_machine_step(parley_client *c, enum client_event event)
{
    const unsigned char letter = (unsigned char)event;
    const unsigned char *p = &letter;
    const unsigned char *const pe = p + 1;

    
#line 159 "client.c"
	{
	int _slen;
	int _trans;
	const unsigned char *_keys;
	const char *_inds;
	if ( p == pe )
		goto _test_eof;
_resume:
	_keys = _client_trans_keys + ( c->stream.cs<<1);
	_inds = _client_indicies + _client_index_offsets[ c->stream.cs];

	_slen = _client_key_spans[ c->stream.cs];
	_trans = _inds[ _slen > 0 && _keys[0] <=(*p) &&
		(*p) <= _keys[1] ?
		(*p) - _keys[0] : _slen ];

	 c->stream.cs = _client_trans_targs[_trans];

	if ( _client_trans_actions[_trans] == 0 )
		goto _again;

	switch ( _client_trans_actions[_trans] ) {
	case 3:
#line 10 "client.rl"
	{ parley_client_open_stream(c); }
	break;
	case 21:
#line 11 "client.rl"
	{ parley_client_restart_stream(c); }
	break;
	case 10:
#line 12 "client.rl"
	{ parley_client_read_header(c); }
	break;
	case 16:
#line 13 "client.rl"
	{ parley_client_ask_tls(c); }
	break;
	case 4:
#line 14 "client.rl"
	{ parley_client_await_tls(c); }
	break;
	case 17:
#line 15 "client.rl"
	{ parley_client_refuse_plain(c); }
	break;
	case 19:
#line 16 "client.rl"
	{ parley_client_tls_refused(c); }
	break;
	case 22:
#line 17 "client.rl"
	{ parley_client_distrust(c); }
	break;
	case 25:
#line 18 "client.rl"
	{ parley_client_choose_mechanism(c); }
	break;
	case 26:
#line 19 "client.rl"
	{ parley_client_refuse_weak(c); }
	break;
	case 28:
#line 20 "client.rl"
	{ parley_client_send_auth(c); }
	break;
	case 30:
#line 21 "client.rl"
	{ parley_client_ask_credential(c); }
	break;
	case 36:
#line 22 "client.rl"
	{ parley_client_derive(c); }
	break;
	case 31:
#line 23 "client.rl"
	{ parley_client_send_response(c); }
	break;
	case 38:
#line 24 "client.rl"
	{ parley_client_send_empty(c); }
	break;
	case 32:
#line 25 "client.rl"
	{ parley_client_abort_sasl(c); }
	break;
	case 34:
#line 26 "client.rl"
	{ parley_client_sasl_refused(c); }
	break;
	case 33:
#line 27 "client.rl"
	{ parley_client_authenticated(c); }
	break;
	case 42:
#line 28 "client.rl"
	{ parley_client_send_bind(c); }
	break;
	case 46:
#line 29 "client.rl"
	{ parley_client_bind_refused(c); }
	break;
	case 45:
#line 30 "client.rl"
	{ parley_client_send_session(c); }
	break;
	case 52:
#line 31 "client.rl"
	{ parley_client_session_refused(c); }
	break;
	case 44:
#line 32 "client.rl"
	{ parley_client_become_ready(c); }
	break;
	case 48:
#line 33 "client.rl"
	{ parley_client_deliver(c); }
	break;
	case 49:
#line 34 "client.rl"
	{ parley_client_keep_alive(c); }
	break;
	case 11:
#line 35 "client.rl"
	{ parley_client_report_error(c); }
	break;
	case 12:
#line 36 "client.rl"
	{ parley_client_answer_close(c); }
	break;
	case 14:
#line 37 "client.rl"
	{ parley_client_send_close(c); }
	break;
	case 13:
#line 38 "client.rl"
	{ parley_client_time_out(c); }
	break;
	case 5:
#line 39 "client.rl"
	{ parley_client_lose(c); }
	break;
	case 2:
#line 40 "client.rl"
	{ parley_client_reject(c); }
	break;
	case 6:
#line 41 "client.rl"
	{ parley_client_finished(c); }
	break;
#line 277 "client.c"
	}

_again:
	switch ( _client_to_state_actions[ c->stream.cs] ) {
	case 1:
#line 43 "client.rl"
	{ parley_client_at(c, CLIENT_START); }
	break;
	case 9:
#line 44 "client.rl"
	{ parley_client_at(c, CLIENT_PLAIN_HEADER); }
	break;
	case 15:
#line 45 "client.rl"
	{ parley_client_at(c, CLIENT_PLAIN_FEATURES); }
	break;
	case 18:
#line 46 "client.rl"
	{ parley_client_at(c, CLIENT_PROCEED); }
	break;
	case 20:
#line 47 "client.rl"
	{ parley_client_at(c, CLIENT_HANDSHAKE); }
	break;
	case 23:
#line 48 "client.rl"
	{ parley_client_at(c, CLIENT_SECURE_HEADER); }
	break;
	case 24:
#line 49 "client.rl"
	{ parley_client_at(c, CLIENT_SECURE_FEATURES); }
	break;
	case 54:
#line 50 "client.rl"
	{ parley_client_at(c, CLIENT_INSECURE_HEADER); }
	break;
	case 55:
#line 51 "client.rl"
	{ parley_client_at(c, CLIENT_INSECURE_FEATURES); }
	break;
	case 27:
#line 52 "client.rl"
	{ parley_client_at(c, CLIENT_MECHANISM); }
	break;
	case 29:
#line 53 "client.rl"
	{ parley_client_at(c, CLIENT_AUTHENTICATING); }
	break;
	case 35:
#line 54 "client.rl"
	{ parley_client_at(c, CLIENT_CREDENTIAL); }
	break;
	case 53:
#line 55 "client.rl"
	{ parley_client_at(c, CLIENT_DERIVING); }
	break;
	case 37:
#line 56 "client.rl"
	{ parley_client_at(c, CLIENT_PROVING); }
	break;
	case 39:
#line 57 "client.rl"
	{ parley_client_at(c, CLIENT_PROVED); }
	break;
	case 40:
#line 58 "client.rl"
	{ parley_client_at(c, CLIENT_AUTHENTICATED_HEADER); }
	break;
	case 41:
#line 59 "client.rl"
	{ parley_client_at(c, CLIENT_AUTHENTICATED_FEATURES); }
	break;
	case 43:
#line 60 "client.rl"
	{ parley_client_at(c, CLIENT_BINDING); }
	break;
	case 51:
#line 61 "client.rl"
	{ parley_client_at(c, CLIENT_SESSION); }
	break;
	case 47:
#line 62 "client.rl"
	{ parley_client_at(c, CLIENT_READY); }
	break;
	case 50:
#line 63 "client.rl"
	{ parley_client_at(c, CLIENT_CLOSE_SENT); }
	break;
	case 7:
#line 64 "client.rl"
	{ parley_client_at(c, CLIENT_CLOSING); }
	break;
	case 8:
#line 65 "client.rl"
	{ parley_client_at(c, CLIENT_CLOSED); }
	break;
#line 350 "client.c"
	}

	if ( ++p != pe )
		goto _resume;
	_test_eof: {}
	}

#line 86 "client.rl"
}
