/* The committed drawings (docs/diagrams), a line each, ended by NULL. */
#ifndef PARLEY_CLI_DRAWINGS_H
#define PARLEY_CLI_DRAWINGS_H

extern const char *const drawings_client_svg[];
extern const char *const drawings_server_svg[];
extern const char *const drawings_client_dot[];
extern const char *const drawings_server_dot[];
extern const char *const drawings_client_mermaid[];
extern const char *const drawings_server_mermaid[];

#endif
