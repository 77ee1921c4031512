// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl lookup
 */
#include "print.h"
#include "vswctl.h"

static int show(struct vsw_nl *nl, union request *req)
{
	(void)req;
	return vsw_nl_lookup_dump(nl, print_object, NULL);
}

static const struct command commands[] = {
	{
		.word = "show",
		.usage = "",
		.shows = true,
		.run = show,
	},
	{}
};

const struct object lookup_object = {
	.word = "lookup",
	.kind = VSW_NL_LOOKUP,
	.commands = commands,
};
