%%{
  machine server;

  # The server's negotiation (RFC 6120): states, events, transitions. Names only;
  # machines/server.rl gives the actions their bodies.
  #
  # Each state: one transition a line; what a state does not name ends it
  # (reject). Above each state, its facts:
  #: state | RFC clause | deadline | step

  # What the policy begins with.
  export BEGIN_STARTTLS  = 1;
  export BEGIN_DIRECT    = 2;
  export BEGIN_INSECURE  = 3;

  # The client opens a stream; the application knows the host.
  export HEADER          = 4;
  export HOST_SERVED     = 5;

  # STARTTLS and the TLS layer.
  export STARTTLS        = 6;
  export TLS_UP          = 7;
  export TLS_FAILED      = 8;

  # SASL: what the client asked for, and what the mechanism made of it.
  export AUTH            = 9;
  export AUTH_REFUSED    = 10;
  export IDENTITY        = 11;
  export CHALLENGE       = 12;
  export DERIVATION      = 13;
  export PROVED          = 14;
  export ATTEMPT_REFUSED = 15;
  export ATTEMPTS_SPENT  = 16;
  export ABORT           = 17;
  export AUTHORIZED      = 18;

  # Binding.
  export BIND            = 19;
  export BIND_REFUSED    = 20;
  export BOUND           = 21;

  # Stanzas and the stream.
  export SESSION         = 22;
  export STANZA          = 23;
  export WHITE_SPACE     = 24;
  export SILENCE         = 25;
  export STREAM_ERROR    = 26;
  export STREAM_CLOSE    = 27;
  export END_OF_INPUT    = 28;
  export DEADLINE        = 29;
  export CLOSE           = 30;

  # Everything else, by what it was: all rejected everywhere.
  export HEADER_REFUSED  = 31;
  export HOST_REFUSED    = 32;
  export UNEXPECTED      = 33;
  export ILLEGAL_INPUT   = 34;
  export ANSWER_REFUSED  = 35;
  export FAIL            = 36;

  # What ends every state.
  ending = STREAM_ERROR | STREAM_CLOSE | END_OF_INPUT | TLS_FAILED | DEADLINE | CLOSE;

  chart = (
    #: start | RFC 6120 3.2 | none | 1
    start: (
      BEGIN_STARTTLS @expect_header -> plain_header |
      BEGIN_DIRECT   @await_tls     -> handshake |
      BEGIN_INSECURE @expect_header -> insecure_header |
      END_OF_INPUT   @lose          -> closed |
      CLOSE          @finish        -> closed |
      (any - (BEGIN_STARTTLS | BEGIN_DIRECT | BEGIN_INSECURE | END_OF_INPUT | CLOSE)) @reject -> closing
    ) >~at_start,

    #: plain_header | RFC 6120 4.2 | open | 1
    plain_header: (
      HEADER       @ask_host     -> plain_host |
      WHITE_SPACE                -> plain_header |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_plain_header,

    #: plain_host | RFC 6120 4.7.2 | open | 1
    plain_host: (
      HOST_SERVED  @offer_starttls -> plain_features |
      STREAM_ERROR @report_error   -> closing |
      STREAM_CLOSE @answer_close   -> closed |
      END_OF_INPUT @lose           -> closed |
      TLS_FAILED   @lose           -> closed |
      DEADLINE     @time_out       -> closing |
      CLOSE        @send_close     -> closing |
      (any - (HOST_SERVED | ending)) @reject -> closing
    ) >~at_plain_host,

    #: plain_features | RFC 6120 5.4.1 | open | 1
    plain_features: (
      STARTTLS       @send_proceed -> handshake |
      AUTH           @refuse_plain -> plain_features |
      AUTH_REFUSED   @refuse_plain -> plain_features |
      ATTEMPTS_SPENT @reject       -> closing |
      WHITE_SPACE                  -> plain_features |
      STREAM_ERROR   @report_error -> closing |
      STREAM_CLOSE   @answer_close -> closed |
      END_OF_INPUT   @lose         -> closed |
      TLS_FAILED     @lose         -> closed |
      DEADLINE       @time_out     -> closing |
      CLOSE          @send_close   -> closing |
      (any - (STARTTLS | AUTH | AUTH_REFUSED | ATTEMPTS_SPENT | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_plain_features,

    #: handshake | RFC 6120 5.4.3 | tls | 2
    handshake: (
      TLS_UP       @restart_stream -> secure_header |
      END_OF_INPUT @lose           -> closed |
      TLS_FAILED   @lose           -> closed |
      DEADLINE     @time_out       -> closed |
      CLOSE        @finish         -> closed |
      (any - (TLS_UP | END_OF_INPUT | TLS_FAILED | DEADLINE | CLOSE)) @reject -> closing
    ) >~at_handshake,

    #: secure_header | RFC 6120 5.4.3.3 | open | 2
    secure_header: (
      HEADER       @ask_host     -> secure_host |
      WHITE_SPACE                -> secure_header |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_secure_header,

    #: secure_host | RFC 6120 4.7.2 | open | 2
    secure_host: (
      HOST_SERVED  @offer_mechanisms -> mechanisms |
      STREAM_ERROR @report_error     -> closing |
      STREAM_CLOSE @answer_close     -> closed |
      END_OF_INPUT @lose             -> closed |
      TLS_FAILED   @lose             -> closed |
      DEADLINE     @time_out         -> closing |
      CLOSE        @send_close       -> closing |
      (any - (HOST_SERVED | ending)) @reject -> closing
    ) >~at_secure_host,

    #: insecure_header | RFC 6120 4.2 | open | 1
    insecure_header: (
      HEADER       @ask_host     -> insecure_host |
      WHITE_SPACE                -> insecure_header |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_insecure_header,

    #: insecure_host | RFC 6120 4.7.2 | open | 1
    insecure_host: (
      HOST_SERVED  @offer_mechanisms -> mechanisms |
      STREAM_ERROR @report_error     -> closing |
      STREAM_CLOSE @answer_close     -> closed |
      END_OF_INPUT @lose             -> closed |
      TLS_FAILED   @lose             -> closed |
      DEADLINE     @time_out         -> closing |
      CLOSE        @send_close       -> closing |
      (any - (HOST_SERVED | ending)) @reject -> closing
    ) >~at_insecure_host,

    #: mechanisms | RFC 6120 6.4.1 | sasl | 2
    # SASL is mandatory (6.3.1), and comes behind TLS (13.3).
    mechanisms: (
      AUTH           @ask_nonce    -> nonce |
      AUTH_REFUSED   @send_failure -> mechanisms |
      ATTEMPTS_SPENT @reject       -> closing |
      WHITE_SPACE                  -> mechanisms |
      STREAM_ERROR   @report_error -> closing |
      STREAM_CLOSE   @answer_close -> closed |
      END_OF_INPUT   @lose         -> closed |
      TLS_FAILED     @lose         -> closed |
      DEADLINE       @time_out     -> closing |
      CLOSE          @send_close   -> closing |
      (any - (AUTH | AUTH_REFUSED | ATTEMPTS_SPENT | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_mechanisms,

    #: nonce | RFC 6120 6.4.2 | sasl | 2
    nonce: (
      IDENTITY        @ask_credential -> credential |
      CHALLENGE       @send_challenge -> challenged |
      ATTEMPT_REFUSED @send_failure   -> mechanisms |
      ATTEMPTS_SPENT  @reject         -> closing |
      STREAM_ERROR    @report_error   -> closing |
      STREAM_CLOSE    @answer_close   -> closed |
      END_OF_INPUT    @lose           -> closed |
      TLS_FAILED      @lose           -> closed |
      DEADLINE        @time_out       -> closing |
      CLOSE           @send_close     -> closing |
      (any - (IDENTITY | CHALLENGE | ATTEMPT_REFUSED | ATTEMPTS_SPENT | ending)) @reject -> closing
    ) >~at_nonce,

    #: credential | RFC 6120 6.4.3 | sasl | 2
    credential: (
      CHALLENGE       @send_challenge -> challenged |
      DERIVATION      @derive         -> deriving |
      PROVED          @ask_authority  -> authorizing |
      ATTEMPT_REFUSED @send_failure   -> mechanisms |
      ATTEMPTS_SPENT  @reject         -> closing |
      STREAM_ERROR    @report_error   -> closing |
      STREAM_CLOSE    @answer_close   -> closed |
      END_OF_INPUT    @lose           -> closed |
      TLS_FAILED      @lose           -> closed |
      DEADLINE        @time_out       -> closing |
      CLOSE           @send_close     -> closing |
      (any - (CHALLENGE | DERIVATION | PROVED | ATTEMPT_REFUSED | ATTEMPTS_SPENT | ending)) @reject -> closing
    ) >~at_credential,

    #: challenged | RFC 6120 6.4.3 | sasl | 2
    # White space between <auth/> and <success/> is rejected (6.3.5).
    challenged: (
      AUTH            @ask_nonce      -> nonce |
      AUTH_REFUSED    @send_failure   -> mechanisms |
      IDENTITY        @ask_credential -> credential |
      CHALLENGE       @send_challenge -> challenged |
      DERIVATION      @derive         -> deriving |
      PROVED          @ask_authority  -> authorizing |
      ATTEMPT_REFUSED @send_failure   -> mechanisms |
      ABORT           @send_failure   -> mechanisms |
      ATTEMPTS_SPENT  @reject         -> closing |
      STREAM_ERROR    @report_error   -> closing |
      STREAM_CLOSE    @answer_close   -> closed |
      END_OF_INPUT    @lose           -> closed |
      TLS_FAILED      @lose           -> closed |
      DEADLINE        @time_out       -> closing |
      CLOSE           @send_close     -> closing |
      (any - (AUTH | AUTH_REFUSED | IDENTITY | CHALLENGE | DERIVATION | PROVED | ATTEMPT_REFUSED | ABORT | ATTEMPTS_SPENT | ending)) @reject -> closing
    ) >~at_challenged,

    #: deriving | RFC 5802 3 | sasl | 2
    deriving: (
      CHALLENGE       @send_challenge -> challenged |
      PROVED          @ask_authority  -> authorizing |
      ATTEMPT_REFUSED @send_failure   -> mechanisms |
      ATTEMPTS_SPENT  @reject         -> closing |
      STREAM_ERROR    @report_error   -> closing |
      STREAM_CLOSE    @answer_close   -> closed |
      END_OF_INPUT    @lose           -> closed |
      TLS_FAILED      @lose           -> closed |
      DEADLINE        @time_out       -> closing |
      CLOSE           @send_close     -> closing |
      (any - (CHALLENGE | PROVED | ATTEMPT_REFUSED | ATTEMPTS_SPENT | ending)) @reject -> closing
    ) >~at_deriving,

    #: authorizing | RFC 6120 6.3.8 | sasl | 2
    # Who the client is, is known before any stanza (4.7.1, 4.7.2).
    authorizing: (
      AUTHORIZED      @send_success -> authenticated_header |
      ATTEMPT_REFUSED @send_failure -> mechanisms |
      ATTEMPTS_SPENT  @reject       -> closing |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (AUTHORIZED | ATTEMPT_REFUSED | ATTEMPTS_SPENT | ending)) @reject -> closing
    ) >~at_authorizing,

    #: authenticated_header | RFC 6120 6.4.6 | open | 3
    authenticated_header: (
      HEADER       @ask_host     -> authenticated_host |
      WHITE_SPACE                -> authenticated_header |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_authenticated_header,

    #: authenticated_host | RFC 6120 4.7.2 | open | 3
    authenticated_host: (
      HOST_SERVED  @offer_bind   -> authenticated_features |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (HOST_SERVED | ending)) @reject -> closing
    ) >~at_authenticated_host,

    #: authenticated_features | RFC 6120 7.4 | bind | 3
    # Binding is mandatory (7.3.1): a stanza before it ends the session (4.3.5).
    authenticated_features: (
      BIND           @ask_bind     -> binding |
      BIND_REFUSED   @refuse_bind  -> authenticated_features |
      ATTEMPTS_SPENT @reject       -> closing |
      WHITE_SPACE                  -> authenticated_features |
      STREAM_ERROR   @report_error -> closing |
      STREAM_CLOSE   @answer_close -> closed |
      END_OF_INPUT   @lose         -> closed |
      TLS_FAILED     @lose         -> closed |
      DEADLINE       @time_out     -> closing |
      CLOSE          @send_close   -> closing |
      (any - (BIND | BIND_REFUSED | ATTEMPTS_SPENT | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_authenticated_features,

    #: binding | RFC 6120 7.6 | bind | 3
    # What the client is called is known from here on (4.3.6).
    binding: (
      BOUND        @send_bound   -> ready |
      BIND_REFUSED @refuse_bind  -> authenticated_features |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @answer_close -> closed |
      END_OF_INPUT @lose         -> closed |
      TLS_FAILED   @lose         -> closed |
      DEADLINE     @time_out     -> closing |
      CLOSE        @send_close   -> closing |
      (any - (BOUND | BIND_REFUSED | ending)) @reject -> closing
    ) >~at_binding,

    #: ready | RFC 6120 8 | ready | 5
    # No more features (4.3.5), and no new stream behind binding (7.3.2).
    ready: (
      STANZA       @deliver        -> ready |
      SESSION      @answer_session -> ready |
      BIND         @refuse_bind    -> ready |
      BIND_REFUSED @refuse_bind    -> ready |
      SILENCE      @keep_alive     -> ready |
      WHITE_SPACE  @heard          -> ready |
      STREAM_ERROR @report_error   -> closing |
      STREAM_CLOSE @answer_close   -> closed |
      END_OF_INPUT @lose           -> closed |
      TLS_FAILED   @lose           -> closed |
      DEADLINE     @time_out       -> closing |
      CLOSE        @send_close     -> close_sent |
      (any - (STANZA | SESSION | BIND | BIND_REFUSED | SILENCE | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_ready,

    #: close_sent | RFC 6120 4.4 | closing | 6
    close_sent: (
      STANZA       @deliver      -> close_sent |
      WHITE_SPACE  @heard        -> close_sent |
      SESSION                    -> close_sent |
      BIND                       -> close_sent |
      BIND_REFUSED               -> close_sent |
      CLOSE                      -> close_sent |
      STREAM_ERROR @report_error -> closing |
      STREAM_CLOSE @finish       -> closed |
      END_OF_INPUT @finish       -> closed |
      TLS_FAILED   @finish       -> closed |
      DEADLINE     @finish       -> closed |
      (any - (STANZA | WHITE_SPACE | SESSION | BIND | BIND_REFUSED | CLOSE | STREAM_ERROR | STREAM_CLOSE | END_OF_INPUT | TLS_FAILED | DEADLINE)) @reject -> closing
    ) >~at_close_sent,

    #: closing | RFC 6120 4.4 | closing | 6
    # What offended is not processed (4.9.3.12).
    closing: (
      STREAM_CLOSE @finish -> closed |
      END_OF_INPUT @finish -> closed |
      TLS_FAILED   @finish -> closed |
      DEADLINE     @finish -> closed |
      (any - (STREAM_CLOSE | END_OF_INPUT | TLS_FAILED | DEADLINE)) -> closing
    ) >~at_closing,

    #: closed | RFC 6120 4.4 | none | 6
    closed: (
      any -> closed
    ) >~at_closed
  );
}%%
