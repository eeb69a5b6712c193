/* SPDX-License-Identifier: Apache-2.0
 *
 * print_manual.c - prints the settings of renkei.conf(5) for the build; not installed. */
#include <stdio.h>

#include "config/config.h"

int
main(void)
{
	BUF_AUTO page = BUF_INIT(1024 * 1024);
	config_print_man(&page);
	return fputs(buf_str(&page), stdout) < 0 || page.over || fflush(stdout) != 0;
}
