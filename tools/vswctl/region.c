// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl region
 */
#include "print.h"
#include "vswctl.h"

static int show(struct vsw_nl *nl, union request *req)
{
	if (req->present)
		return vsw_nl_region_get(nl, &req->region, print_object, NULL);
	return vsw_nl_region_dump(nl, print_object, NULL);
}

static const struct command commands[] = {
	{
		.word = "show",
		.usage = "[ id N ]",
		.optional = BIT(REGION_ID),
		.shows = true,
		.run = show,
	},
	{}
};

const struct object region_object = {
	.word = "region",
	.kind = VSW_NL_REGION,
	.commands = commands,
};
