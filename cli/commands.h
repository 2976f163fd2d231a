/* The sub-commands. argv[0] is the sub-command's name; the result is the exit
   status (status.h). */
#ifndef PARLEY_CLI_COMMANDS_H
#define PARLEY_CLI_COMMANDS_H

int command_anchors(int argc, char **argv);
int command_connect(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_jid(int argc, char **argv);
int command_probe(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_states(int argc, char **argv);
int command_xml(int argc, char **argv);

#endif
