// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl switch
 */
#include "options.h"
#include "parse.h"
#include "print.h"
#include "vswctl.h"

static int add(struct vsw_nl *nl, union request *req)
{
	const struct words *words = &req->sw_words.words;
	int err;

	/* There is no lookup yet whose attribute it could be. */
	if (words->n && !vsw_nl_has(&req->sw, SWITCH_LOOKUP))
		return unknown_word(words->word[0], "switch");
	err = options_encode(nl, req);
	return err ? err : vsw_nl_switch_new(nl, &req->sw);
}

static int set(struct vsw_nl *nl, union request *req)
{
	int err = options_encode(nl, req);

	return err ? err : vsw_nl_switch_set(nl, &req->sw);
}

static int del(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_switch_del(nl, &req->sw);
}

static int show(struct vsw_nl *nl, union request *req)
{
	if (req->present)
		return vsw_nl_switch_get(nl, &req->sw, print_object, NULL);
	return vsw_nl_switch_dump(nl, print_object, NULL);
}

static const struct command commands[] = {
	{
		.word = "add",
		.usage = "NAME [ lookup NAME [ ATTR VALUE ]... ] [ ageing SEC ] [ fdb-max N ]\n"
			 "                [ link-local { forward | filter } ]",
		.subject = VSW_A_SWITCH_NAME,
		.required = BIT(SWITCH_NAME),
		.optional = BIT(SWITCH_LOOKUP) | BIT(SWITCH_AGEING) |
			    BIT(SWITCH_FDB_MAX) | BIT(SWITCH_LINK_LOCAL),
		.words = true,
		.run = add,
	},
	{
		.word = "set",
		.usage = "NAME [ lookup NAME ] [ ATTR VALUE ]... [ ageing SEC ] [ fdb-max N ]\n"
			 "                [ link-local { forward | filter } ]",
		.subject = VSW_A_SWITCH_NAME,
		.required = BIT(SWITCH_NAME),
		.optional = BIT(SWITCH_LOOKUP) | BIT(SWITCH_AGEING) |
			    BIT(SWITCH_FDB_MAX) | BIT(SWITCH_LINK_LOCAL),
		.words = true,
		.run = set,
	},
	{
		.word = "del",
		.usage = "NAME",
		.subject = VSW_A_SWITCH_NAME,
		.required = BIT(SWITCH_NAME),
		.run = del,
	},
	{
		.word = "show",
		.usage = "[ NAME ]",
		.subject = VSW_A_SWITCH_NAME,
		.optional = BIT(SWITCH_NAME),
		.shows = true,
		.run = show,
	},
	{}
};

const struct object switch_object = {
	.word = "switch",
	.kind = VSW_NL_SWITCH,
	.commands = commands,
	.where = "ATTR is an attribute of the lookup: vswctl -d lookup show\n"
		 "VALUE := { NUMBER | TEXT | MAC | PORT } [ ,VALUE ]...\n"
		 "PORT := { NAME | index N }",
};
