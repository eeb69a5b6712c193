/* SPDX-License-Identifier: Apache-2.0
 *
 * print_manual.c - prints the settings of renkei.conf(5) for the build, in the
 * language that it is given; not installed. */
#include <stdio.h>

#include "config/config.h"

int
main(int argc, char **argv)
{
	BUF_AUTO page = BUF_INIT(1024 * 1024);
	config_print_man(&page, argc > 1 ? argv[1] : NULL);
	return fputs(buf_str(&page), stdout) < 0 || page.over || fflush(stdout) != 0;
}
