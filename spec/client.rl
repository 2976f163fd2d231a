%%{
  machine client;

  # The client's negotiation (RFC 6120): states, events, transitions. Names only;
  # machines/client.rl gives the actions their bodies.
  #
  # Each state: one transition a line; what a state does not name ends it
  # (reject). Above each state, its facts:
  #: state | RFC clause | deadline | step

  # What the policy begins with.
  export BEGIN_STARTTLS       = 1;
  export BEGIN_DIRECT         = 2;
  export BEGIN_INSECURE       = 3;
  # The server's header and features, judged by policy and facts.
  export HEADER               = 4;
  export FEATURES_STARTTLS    = 5;
  export FEATURES_NO_STARTTLS = 6;
  export FEATURES_SASL_ALLOWED = 7;
  export FEATURES_SASL_WEAK   = 8;
  export FEATURES_BIND        = 9;
  export FEATURES_POOR        = 10;
  # STARTTLS and the TLS layer.
  export PROCEED              = 11;
  export STARTTLS_FAILURE     = 12;
  export TLS_UP_VERIFIED      = 13;
  export TLS_UP_UNVERIFIED    = 14;
  export TLS_FAILED           = 15;
  # SASL: what the mechanism made of the server's message, or of an answer.
  export FIRST_MESSAGE        = 16;
  export CHALLENGE_CREDENTIAL = 17;
  export CHALLENGE_ANSWERED   = 18;
  export CHALLENGE_PROVED     = 19;
  export CHALLENGE_REFUSED    = 20;
  export DERIVATION           = 21;
  export DERIVED              = 22;
  export SUCCESS_PROVED       = 23;
  export SUCCESS_UNPROVED     = 24;
  export SUCCESS_UNASKED      = 25;
  export SASL_FAILURE         = 26;
  # Binding and session.
  export BIND_RESULT          = 27;
  export BIND_RESULT_SESSION  = 28;
  export BIND_CONFLICT        = 29;
  export BIND_FAILURE         = 30;
  export SESSION_RESULT       = 31;
  export SESSION_FAILURE      = 32;
  # Stanzas and the stream.
  export STANZA               = 33;
  export WHITE_SPACE          = 34;
  export SILENCE              = 35;
  export STREAM_ERROR         = 36;
  export STREAM_CLOSE         = 37;
  export END_OF_INPUT         = 38;
  export DEADLINE             = 39;
  export CLOSE                = 40;
  # Everything else, by what it was: all rejected everywhere.
  export HEADER_REFUSED       = 41;
  export UNEXPECTED           = 42;
  export ILLEGAL_INPUT        = 43;
  export ANSWER_REFUSED       = 44;
  export FAIL                 = 45;

  # What ends every state.
  ending = STREAM_ERROR | STREAM_CLOSE | END_OF_INPUT | TLS_FAILED | DEADLINE | CLOSE;

  chart = (
    #: start | RFC 6120 3.2 | none | 1
    start: (
      BEGIN_STARTTLS  @open_stream  -> plain_header |
      BEGIN_DIRECT    @await_tls    -> handshake |
      BEGIN_INSECURE  @open_stream  -> insecure_header |
      END_OF_INPUT    @lose         -> closed |
      CLOSE           @finish       -> closed |
      (any - (BEGIN_STARTTLS | BEGIN_DIRECT | BEGIN_INSECURE | END_OF_INPUT | CLOSE)) @reject -> closing
    ) >~at_start,

    #: plain_header | RFC 6120 4.2 | open | 1
    plain_header: (
      HEADER          @read_header  -> plain_features |
      WHITE_SPACE                   -> plain_header |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_plain_header,

    #: plain_features | RFC 6120 5.4.1 | open | 1
    # TLS before SASL (5.3.4); it is mandatory where nothing else is offered (5.3.1).
    plain_features: (
      FEATURES_STARTTLS    @ask_tls      -> proceed |
      FEATURES_NO_STARTTLS @refuse_plain -> closing |
      WHITE_SPACE                        -> plain_features |
      STREAM_ERROR         @report_error -> closing |
      STREAM_CLOSE         @answer_close -> closed |
      END_OF_INPUT         @lose         -> closed |
      TLS_FAILED           @lose         -> closed |
      DEADLINE             @time_out     -> closing |
      CLOSE                @send_close   -> closing |
      (any - (FEATURES_STARTTLS | FEATURES_NO_STARTTLS | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_plain_features,

    #: proceed | RFC 6120 5.4.2 | tls | 2
    # White space between <starttls/> and <proceed/> is rejected (5.3.3).
    proceed: (
      PROCEED          @await_tls    -> handshake |
      STARTTLS_FAILURE @tls_refused  -> closing |
      STREAM_ERROR     @report_error -> closing |
      STREAM_CLOSE     @answer_close -> closed |
      END_OF_INPUT     @lose         -> closed |
      TLS_FAILED       @lose         -> closed |
      DEADLINE         @time_out     -> closing |
      CLOSE            @send_close   -> closing |
      (any - (PROCEED | STARTTLS_FAILURE | ending)) @reject -> closing
    ) >~at_proceed,

    #: handshake | RFC 6120 5.4.3 | tls | 2
    # Begins right behind the ">" (5.4.2.3). Who the server is, is verified in it (4.7.1, 4.7.2);
    # a failure ends the session (13.7.2). Both directions are secured (13.6).
    handshake: (
      TLS_UP_VERIFIED   @restart_stream -> secure_header |
      TLS_UP_UNVERIFIED @distrust       -> closed |
      END_OF_INPUT      @lose           -> closed |
      TLS_FAILED        @lose           -> closed |
      DEADLINE          @time_out       -> closed |
      CLOSE             @finish         -> closed |
      (any - (TLS_UP_VERIFIED | TLS_UP_UNVERIFIED | END_OF_INPUT | TLS_FAILED | DEADLINE | CLOSE)) @reject -> closing
    ) >~at_handshake,

    #: secure_header | RFC 6120 5.4.3.3 | open | 2
    secure_header: (
      HEADER          @read_header  -> secure_features |
      WHITE_SPACE                   -> secure_header |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_secure_header,

    #: secure_features | RFC 6120 6.4.1 | open | 2
    # SASL comes behind TLS (5.3.4, 13.3).
    secure_features: (
      FEATURES_SASL_ALLOWED @choose_mechanism -> mechanism |
      FEATURES_SASL_WEAK    @refuse_weak      -> closing |
      WHITE_SPACE                             -> secure_features |
      STREAM_ERROR          @report_error     -> closing |
      STREAM_CLOSE          @answer_close     -> closed |
      END_OF_INPUT          @lose             -> closed |
      TLS_FAILED            @lose             -> closed |
      DEADLINE              @time_out         -> closing |
      CLOSE                 @send_close       -> closing |
      (any - (FEATURES_SASL_ALLOWED | FEATURES_SASL_WEAK | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_secure_features,

    #: insecure_header | RFC 6120 4.2 | open | 1
    insecure_header: (
      HEADER          @read_header  -> insecure_features |
      WHITE_SPACE                   -> insecure_header |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_insecure_header,

    #: insecure_features | RFC 6120 6.4.1 | open | 2
    insecure_features: (
      FEATURES_SASL_ALLOWED @choose_mechanism -> mechanism |
      FEATURES_SASL_WEAK    @refuse_weak      -> closing |
      WHITE_SPACE                             -> insecure_features |
      STREAM_ERROR          @report_error     -> closing |
      STREAM_CLOSE          @answer_close     -> closed |
      END_OF_INPUT          @lose             -> closed |
      TLS_FAILED            @lose             -> closed |
      DEADLINE              @time_out         -> closing |
      CLOSE                 @send_close       -> closing |
      (any - (FEATURES_SASL_ALLOWED | FEATURES_SASL_WEAK | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_insecure_features,

    #: mechanism | RFC 6120 6.4.2 | sasl | 2
    mechanism: (
      FIRST_MESSAGE   @send_auth    -> authenticating |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (FIRST_MESSAGE | ending)) @reject -> closing
    ) >~at_mechanism,

    #: authenticating | RFC 6120 6.4.3 | sasl | 2
    # White space between <auth/> and <success/> is rejected (6.3.5).
    authenticating: (
      CHALLENGE_CREDENTIAL @ask_credential -> credential |
      CHALLENGE_ANSWERED   @send_response  -> authenticating |
      CHALLENGE_REFUSED    @abort_sasl     -> closing |
      SUCCESS_UNASKED      @authenticated  -> authenticated_header |
      SUCCESS_UNPROVED     @distrust       -> closing |
      SASL_FAILURE         @sasl_refused   -> closing |
      STREAM_ERROR         @report_error   -> closing |
      STREAM_CLOSE         @answer_close   -> closed |
      END_OF_INPUT         @lose           -> closed |
      TLS_FAILED           @lose           -> closed |
      DEADLINE             @time_out       -> closing |
      CLOSE                @send_close     -> closing |
      (any - (CHALLENGE_CREDENTIAL | CHALLENGE_ANSWERED | CHALLENGE_REFUSED | SUCCESS_UNASKED | SUCCESS_UNPROVED | SASL_FAILURE | ending)) @reject -> closing
    ) >~at_authenticating,

    #: credential | RFC 6120 6.4.3 | sasl | 2
    credential: (
      DERIVATION         @derive        -> deriving |
      CHALLENGE_ANSWERED @send_response -> proving |
      STREAM_ERROR       @report_error  -> closing |
      STREAM_CLOSE       @answer_close  -> closed |
      END_OF_INPUT       @lose          -> closed |
      TLS_FAILED         @lose          -> closed |
      DEADLINE           @time_out      -> closing |
      CLOSE              @send_close    -> closing |
      (any - (DERIVATION | CHALLENGE_ANSWERED | ending)) @reject -> closing
    ) >~at_credential,

    #: deriving | RFC 5802 3 | sasl | 2
    deriving: (
      DERIVED         @send_response -> proving |
      STREAM_ERROR    @report_error  -> closing |
      STREAM_CLOSE    @answer_close  -> closed |
      END_OF_INPUT    @lose          -> closed |
      TLS_FAILED      @lose          -> closed |
      DEADLINE        @time_out      -> closing |
      CLOSE           @send_close    -> closing |
      (any - (DERIVED | ending)) @reject -> closing
    ) >~at_deriving,

    #: proving | RFC 5802 5 | sasl | 2
    proving: (
      SUCCESS_PROVED    @authenticated -> authenticated_header |
      CHALLENGE_PROVED  @send_empty    -> proved |
      CHALLENGE_REFUSED @abort_sasl    -> closing |
      SUCCESS_UNPROVED  @distrust      -> closing |
      SASL_FAILURE      @sasl_refused  -> closing |
      STREAM_ERROR      @report_error  -> closing |
      STREAM_CLOSE      @answer_close  -> closed |
      END_OF_INPUT      @lose          -> closed |
      TLS_FAILED        @lose          -> closed |
      DEADLINE          @time_out      -> closing |
      CLOSE             @send_close    -> closing |
      (any - (SUCCESS_PROVED | CHALLENGE_PROVED | CHALLENGE_REFUSED | SUCCESS_UNPROVED | SASL_FAILURE | ending)) @reject -> closing
    ) >~at_proving,

    #: proved | RFC 6120 6.4.6 | sasl | 2
    proved: (
      SUCCESS_PROVED  @authenticated -> authenticated_header |
      SASL_FAILURE    @sasl_refused  -> closing |
      STREAM_ERROR    @report_error  -> closing |
      STREAM_CLOSE    @answer_close  -> closed |
      END_OF_INPUT    @lose          -> closed |
      TLS_FAILED      @lose          -> closed |
      DEADLINE        @time_out      -> closing |
      CLOSE           @send_close    -> closing |
      (any - (SUCCESS_PROVED | SASL_FAILURE | ending)) @reject -> closing
    ) >~at_proved,

    #: authenticated_header | RFC 6120 6.4.6 | open | 3
    authenticated_header: (
      HEADER          @read_header  -> authenticated_features |
      WHITE_SPACE                   -> authenticated_header |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (HEADER | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_authenticated_header,

    #: authenticated_features | RFC 6120 7.4 | open | 3
    # What is mandatory is negotiated first (4.3.2), and binding comes here (7.1).
    authenticated_features: (
      FEATURES_BIND   @send_bind    -> binding |
      WHITE_SPACE                   -> authenticated_features |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> closing |
      (any - (FEATURES_BIND | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_authenticated_features,

    #: binding | RFC 6120 7.6 | bind | 3
    # No new stream behind it (7.3.2). What the client is called is known from here on (4.3.6).
    binding: (
      BIND_RESULT         @become_ready -> ready |
      BIND_RESULT_SESSION @send_session -> session |
      BIND_CONFLICT       @send_bind    -> binding |
      BIND_FAILURE        @bind_refused -> closing |
      WHITE_SPACE                       -> binding |
      STREAM_ERROR        @report_error -> closing |
      STREAM_CLOSE        @answer_close -> closed |
      END_OF_INPUT        @lose         -> closed |
      TLS_FAILED          @lose         -> closed |
      DEADLINE            @time_out     -> closing |
      CLOSE               @send_close   -> closing |
      (any - (BIND_RESULT | BIND_RESULT_SESSION | BIND_CONFLICT | BIND_FAILURE | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_binding,

    #: session | RFC 3921 3 | bind | 4
    session: (
      SESSION_RESULT  @become_ready    -> ready |
      SESSION_FAILURE @session_refused -> closing |
      WHITE_SPACE                      -> session |
      STREAM_ERROR    @report_error    -> closing |
      STREAM_CLOSE    @answer_close    -> closed |
      END_OF_INPUT    @lose            -> closed |
      TLS_FAILED      @lose            -> closed |
      DEADLINE        @time_out        -> closing |
      CLOSE           @send_close      -> closing |
      (any - (SESSION_RESULT | SESSION_FAILURE | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_session,

    #: ready | RFC 6120 8 | ready | 5
    ready: (
      STANZA          @deliver      -> ready |
      WHITE_SPACE     @heard        -> ready |
      SILENCE         @keep_alive   -> ready |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @answer_close -> closed |
      END_OF_INPUT    @lose         -> closed |
      TLS_FAILED      @lose         -> closed |
      DEADLINE        @time_out     -> closing |
      CLOSE           @send_close   -> close_sent |
      (any - (STANZA | WHITE_SPACE | SILENCE | ending)) @reject -> closing
    ) >~at_ready,

    #: close_sent | RFC 6120 4.4 | closing | 6
    close_sent: (
      STANZA          @deliver      -> close_sent |
      WHITE_SPACE     @heard        -> close_sent |
      CLOSE                         -> close_sent |
      STREAM_ERROR    @report_error -> closing |
      STREAM_CLOSE    @finish       -> closed |
      END_OF_INPUT    @finish       -> closed |
      TLS_FAILED      @finish       -> closed |
      DEADLINE        @finish       -> closed |
      (any - (STANZA | WHITE_SPACE | ending)) @reject -> closing
    ) >~at_close_sent,

    #: closing | RFC 6120 4.4 | closing | 6
    closing: (
      STREAM_CLOSE    @finish -> closed |
      END_OF_INPUT    @finish -> closed |
      TLS_FAILED      @finish -> closed |
      DEADLINE        @finish -> closed |
      (any - (STREAM_CLOSE | END_OF_INPUT | TLS_FAILED | DEADLINE)) -> closing
    ) >~at_closing,

    #: closed | RFC 6120 4.4 | none | 6
    closed: (
      any -> closed
    ) >~at_closed
  );
}%%
