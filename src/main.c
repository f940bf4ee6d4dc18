/* main.c - which store, clock and network are real is decided in cli/; this is only the door. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
