%%{
  machine scram_client_messages;

  # What a client sends and a server reads, each message an entry of its own.

  include scram "scram.rl";

  saslname = ( value_safe_char | "=2C" | "=3D" )+;
  cb_name  = ( alnum | "." | "-" )+;

  cbind_flag = "n" @cbind_none | "y" @cbind_unused | "p=" @mark @cbind_used cb_name %cb_name;
  authzid    = "a=" @mark saslname %authzid;
  gs2_header = cbind_flag "," authzid? "," @gs2_end;

  username        = "n=" @mark saslname %username;
  channel_binding = "c=" @mark base64 %channel_binding;
  proof           = "p" >proof_begin "=" @mark base64 %proof;

  client_first_message := gs2_header reserved_mext username "," nonce extensions;
  client_final_message := channel_binding "," nonce extensions "," proof;
}%%
