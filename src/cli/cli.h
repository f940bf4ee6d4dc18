/* cli.h - the commands: bihuan init, serve, demo, intake, report, audit, verify, rebuild, backup, restore,
 * pack, user. */
#pragma once

int cli_main(int argc, char **argv); /* exit status: 0 done, 1 refused or not sound, 2 used wrongly */
