
#line 1 "server.rl"
/* Binds the names of spec/server.rl to the server core.
   ragel -F1 -o server.c server.rl */
#include "server_machine.h"


#line 66 "server.rl"



#line 8 "server.c"
static const unsigned char _server_trans_keys[] = {
	1u, 30u, 8u, 29u, 0u, 0u, 4u, 30u, 5u, 30u, 6u, 30u, 7u, 30u, 4u, 30u, 
	5u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 4u, 30u, 
	5u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 8u, 30u, 4u, 30u, 5u, 30u, 0
};

static const char _server_key_spans[] = {
	30, 22, 0, 27, 26, 25, 24, 27, 
	26, 23, 23, 23, 23, 23, 23, 27, 
	26, 23, 23, 23, 23, 27, 26
};

static const short _server_index_offsets[] = {
	0, 31, 54, 55, 83, 110, 136, 161, 
	189, 216, 240, 264, 288, 312, 336, 360, 
	388, 415, 439, 463, 487, 511, 539
};

static const char _server_indicies[] = {
	1, 2, 3, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 4, 0, 5, 0, 5, 
	6, 6, 6, 6, 6, 6, 6, 6, 
	6, 6, 6, 6, 6, 6, 6, 6, 
	6, 6, 5, 5, 5, 6, 7, 8, 
	0, 0, 0, 4, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 9, 0, 10, 11, 4, 
	12, 13, 0, 14, 0, 0, 4, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	10, 11, 4, 12, 13, 0, 15, 0, 
	4, 16, 16, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	17, 0, 10, 11, 4, 12, 13, 0, 
	18, 4, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 4, 19, 5, 
	0, 20, 0, 0, 0, 4, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 21, 0, 10, 
	11, 4, 12, 13, 0, 22, 0, 0, 
	4, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 23, 24, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	25, 0, 10, 11, 4, 12, 13, 0, 
	4, 0, 0, 26, 27, 0, 0, 24, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 0, 0, 0, 27, 28, 29, 24, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 23, 24, 26, 27, 28, 29, 24, 
	0, 24, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 0, 0, 0, 27, 0, 29, 24, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	4, 0, 0, 0, 0, 0, 0, 24, 
	0, 0, 30, 0, 0, 0, 0, 0, 
	0, 0, 10, 11, 4, 12, 13, 0, 
	31, 0, 0, 0, 4, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 32, 0, 10, 11, 
	4, 12, 13, 0, 33, 0, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 10, 11, 4, 12, 13, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 34, 35, 0, 0, 0, 36, 
	0, 10, 11, 4, 12, 13, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 35, 37, 0, 0, 0, 
	0, 10, 11, 4, 12, 13, 0, 4, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 38, 38, 0, 39, 40, 41, 
	42, 10, 11, 4, 12, 43, 0, 5, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 44, 44, 0, 44, 45, 44, 
	0, 10, 5, 5, 5, 44, 0, 46, 
	0, 0, 0, 4, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 47, 0, 10, 11, 4, 
	12, 13, 0, 22, 0, 0, 4, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	0, 0, 0, 0, 0, 0, 0, 0, 
	10, 11, 4, 12, 13, 0, 0
};

static const char _server_trans_targs[] = {
	1, 3, 6, 21, 2, 2, 1, 2, 
	4, 3, 1, 2, 1, 1, 5, 6, 
	5, 5, 7, 2, 8, 7, 9, 10, 
	9, 9, 11, 12, 13, 14, 15, 16, 
	15, 17, 18, 17, 17, 19, 19, 19, 
	19, 19, 19, 20, 20, 20, 22, 21
};

static const char _server_trans_actions[] = {
	2, 3, 4, 3, 5, 6, 0, 0, 
	10, 0, 11, 12, 13, 14, 16, 18, 
	19, 0, 21, 13, 10, 0, 24, 26, 
	27, 0, 29, 30, 32, 33, 37, 10, 
	0, 40, 42, 43, 0, 45, 43, 47, 
	48, 0, 49, 14, 0, 48, 10, 0
};

static const char _server_to_state_actions[] = {
	1, 7, 8, 9, 15, 17, 20, 22, 
	23, 25, 28, 31, 34, 35, 36, 38, 
	39, 41, 44, 46, 50, 51, 52
};

static const int server_start = 0;


#line 69 "server.rl"

void parley_server_machine_init(parley_server *s)
{
    
#line 129 "server.c"
	{
	 s->stream.cs = server_start;
	}

#line 73 "server.rl"
    parley_server_at(s, SERVER_START);
}

void parley_server_machine_step(parley_server *s, enum server_event event)
{
    const unsigned char letter = (unsigned char)event;
    const unsigned char *p = &letter;
    const unsigned char *const pe = p + 1;

    
#line 141 "server.c"
	{
	int _slen;
	int _trans;
	const unsigned char *_keys;
	const char *_inds;
	if ( p == pe )
		goto _test_eof;
_resume:
	_keys = _server_trans_keys + ( s->stream.cs<<1);
	_inds = _server_indicies + _server_index_offsets[ s->stream.cs];

	_slen = _server_key_spans[ s->stream.cs];
	_trans = _inds[ _slen > 0 && _keys[0] <=(*p) &&
		(*p) <= _keys[1] ?
		(*p) - _keys[0] : _slen ];

	 s->stream.cs = _server_trans_targs[_trans];

	if ( _server_trans_actions[_trans] == 0 )
		goto _again;

	switch ( _server_trans_actions[_trans] ) {
	case 3:
#line 10 "server.rl"
	{ parley_server_expect_header(s); }
	break;
	case 4:
#line 11 "server.rl"
	{ parley_server_await_tls(s); }
	break;
	case 5:
#line 12 "server.rl"
	{ parley_server_lose(s); }
	break;
	case 6:
#line 13 "server.rl"
	{ parley_server_finished(s); }
	break;
	case 2:
#line 14 "server.rl"
	{ parley_server_reject(s); }
	break;
	case 10:
#line 15 "server.rl"
	{ parley_server_ask_host(s); }
	break;
	case 11:
#line 16 "server.rl"
	{ parley_server_report_error(s); }
	break;
	case 12:
#line 17 "server.rl"
	{ parley_server_answer_close(s); }
	break;
	case 13:
#line 18 "server.rl"
	{ parley_server_time_out(s); }
	break;
	case 14:
#line 19 "server.rl"
	{ parley_server_send_close(s); }
	break;
	case 16:
#line 20 "server.rl"
	{ parley_server_offer_starttls(s); }
	break;
	case 18:
#line 21 "server.rl"
	{ parley_server_send_proceed(s); }
	break;
	case 19:
#line 22 "server.rl"
	{ parley_server_refuse_plain(s); }
	break;
	case 21:
#line 23 "server.rl"
	{ parley_server_restart_stream(s); }
	break;
	case 24:
#line 24 "server.rl"
	{ parley_server_offer_mechanisms(s); }
	break;
	case 26:
#line 25 "server.rl"
	{ parley_server_ask_nonce(s); }
	break;
	case 27:
#line 26 "server.rl"
	{ parley_server_send_failure(s); }
	break;
	case 29:
#line 27 "server.rl"
	{ parley_server_ask_credential(s); }
	break;
	case 30:
#line 28 "server.rl"
	{ parley_server_send_challenge(s); }
	break;
	case 32:
#line 29 "server.rl"
	{ parley_server_derive(s); }
	break;
	case 33:
#line 30 "server.rl"
	{ parley_server_ask_authority(s); }
	break;
	case 37:
#line 31 "server.rl"
	{ parley_server_send_success(s); }
	break;
	case 40:
#line 32 "server.rl"
	{ parley_server_offer_bind(s); }
	break;
	case 42:
#line 33 "server.rl"
	{ parley_server_ask_bind(s); }
	break;
	case 43:
#line 34 "server.rl"
	{ parley_server_refuse_bind(s); }
	break;
	case 45:
#line 35 "server.rl"
	{ parley_server_send_bound(s); }
	break;
	case 48:
#line 36 "server.rl"
	{ parley_server_deliver(s); }
	break;
	case 47:
#line 37 "server.rl"
	{ parley_server_answer_session(s); }
	break;
	case 49:
#line 38 "server.rl"
	{ parley_server_keep_alive(s); }
	break;
#line 250 "server.c"
	}

_again:
	switch ( _server_to_state_actions[ s->stream.cs] ) {
	case 1:
#line 40 "server.rl"
	{ parley_server_at(s, SERVER_START); }
	break;
	case 9:
#line 41 "server.rl"
	{ parley_server_at(s, SERVER_PLAIN_HEADER); }
	break;
	case 15:
#line 42 "server.rl"
	{ parley_server_at(s, SERVER_PLAIN_HOST); }
	break;
	case 17:
#line 43 "server.rl"
	{ parley_server_at(s, SERVER_PLAIN_FEATURES); }
	break;
	case 20:
#line 44 "server.rl"
	{ parley_server_at(s, SERVER_HANDSHAKE); }
	break;
	case 22:
#line 45 "server.rl"
	{ parley_server_at(s, SERVER_SECURE_HEADER); }
	break;
	case 23:
#line 46 "server.rl"
	{ parley_server_at(s, SERVER_SECURE_HOST); }
	break;
	case 51:
#line 47 "server.rl"
	{ parley_server_at(s, SERVER_INSECURE_HEADER); }
	break;
	case 52:
#line 48 "server.rl"
	{ parley_server_at(s, SERVER_INSECURE_HOST); }
	break;
	case 25:
#line 49 "server.rl"
	{ parley_server_at(s, SERVER_MECHANISMS); }
	break;
	case 28:
#line 50 "server.rl"
	{ parley_server_at(s, SERVER_NONCE); }
	break;
	case 31:
#line 51 "server.rl"
	{ parley_server_at(s, SERVER_CREDENTIAL); }
	break;
	case 34:
#line 52 "server.rl"
	{ parley_server_at(s, SERVER_CHALLENGED); }
	break;
	case 35:
#line 53 "server.rl"
	{ parley_server_at(s, SERVER_DERIVING); }
	break;
	case 36:
#line 54 "server.rl"
	{ parley_server_at(s, SERVER_AUTHORIZING); }
	break;
	case 38:
#line 55 "server.rl"
	{ parley_server_at(s, SERVER_AUTHENTICATED_HEADER); }
	break;
	case 39:
#line 56 "server.rl"
	{ parley_server_at(s, SERVER_AUTHENTICATED_HOST); }
	break;
	case 41:
#line 57 "server.rl"
	{ parley_server_at(s, SERVER_AUTHENTICATED_FEATURES); }
	break;
	case 44:
#line 58 "server.rl"
	{ parley_server_at(s, SERVER_BINDING); }
	break;
	case 46:
#line 59 "server.rl"
	{ parley_server_at(s, SERVER_READY); }
	break;
	case 50:
#line 60 "server.rl"
	{ parley_server_at(s, SERVER_CLOSE_SENT); }
	break;
	case 7:
#line 61 "server.rl"
	{ parley_server_at(s, SERVER_CLOSING); }
	break;
	case 8:
#line 62 "server.rl"
	{ parley_server_at(s, SERVER_CLOSED); }
	break;
#line 323 "server.c"
	}

	if ( ++p != pe )
		goto _resume;
	_test_eof: {}
	}

#line 83 "server.rl"
}
