// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl monitor
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "vswctl.h"

/* The groups have the names of the objects. */
static const char *const groups[] = {
	VSW_MCGRP_SWITCH, VSW_MCGRP_PORT, VSW_MCGRP_FDB,
};

#define N_GROUPS	ARRAY_SIZE(groups)
#define ALL		((1U << N_GROUPS) - 1)

static int parse_groups(int argc, char **argv, unsigned int *wanted)
{
	unsigned int i;

	*wanted = argc ? 0 : ALL;
	for (; argc; argc--, argv++) {
		if (!strcmp(argv[0], "all")) {
			*wanted = ALL;
			continue;
		}
		for (i = 0; i < N_GROUPS; i++)
			if (!strcmp(argv[0], groups[i]))
				break;
		if (i == N_GROUPS)
			return unknown_word(argv[0], "monitor");
		*wanted |= 1U << i;
	}
	return 0;
}

static int join(struct vsw_nl *nl, unsigned int wanted)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < N_GROUPS; i++)
		if (wanted & (1U << i))
			err = vsw_nl_join(nl, groups[i]);
	return err;
}

static int watch(struct vsw_nl *nl)
{
	int err;

	for (;;) {
		err = vsw_nl_events(nl, print_event, NULL);
		if (err == -ENOBUFS)
			fprintf(stderr, "Warning: events were lost\n");
		else if (err)
			return err;
		/* Nobody reads any more. */
		if (ferror(stdout))
			return -errno;
	}
}

static int monitor(int argc, char **argv)
{
	struct vsw_nl *nl;
	unsigned int wanted;
	int exit_code, err;

	exit_code = parse_groups(argc, argv, &wanted);
	if (exit_code)
		return exit_code;
	nl = open_socket(&exit_code);
	if (!nl)
		return exit_code;
	err = join(nl, wanted);
	if (!err)
		err = watch(nl);
	vsw_nl_close(nl);
	return error(EXIT_REFUSED, "cannot watch: %s", strerror(-err));
}

const struct object monitor_object = {
	.word = "monitor",
	.main = monitor,
	.usage = "[ switch ] [ port ] [ fdb ] [ all ]",
};
