// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl port
 */
#include "netns.h"
#include "print.h"
#include "vswctl.h"

#define NETNS		(BIT(PORT_NETNS_ID) | BIT(PORT_NETNS_FD) | \
			 BIT(PORT_NETNS_PID))
#define CONFIG		(BIT(PORT_RINGS) | BIT(PORT_SLOTS) | \
			 BIT(PORT_BUF_SIZE) | BIT(PORT_ON_FULL) | \
			 BIT(PORT_DEADLINE) | BIT(PORT_LOCKED) | \
			 BIT(PORT_ISOLATED) | BIT(PORT_LEARN_MAX) | \
			 BIT(PORT_FLOOD_RATE) | BIT(PORT_VLAN) | \
			 BIT(PORT_TRUNK) | BIT(PORT_VNET_HDR))
#define KEY		(BIT(PORT_NAME) | BIT(PORT_SWITCH) | \
			 BIT(PORT_INDEX) | NETNS)
#define NAME_OR_INDEX	(BIT(PORT_NAME) | BIT(PORT_INDEX))

static int add(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_port_new(nl, &req->port);
}

static int set(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_port_set(nl, &req->port);
}

static int del(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_port_del(nl, &req->port);
}

static int show(struct vsw_nl *nl, union request *req)
{
	/* A switch alone names many ports. */
	if (req->present & ~BIT(PORT_SWITCH))
		return vsw_nl_port_get(nl, &req->port, print_object, NULL);
	return vsw_nl_port_dump(nl, &req->port, print_object, NULL);
}

static const struct command commands[] = {
	{
		.word = "add",
		.usage = "NAME switch SW [ type { ring | netdev | uplink } ] [ netns NS ]\n"
			 "                [ rings N ] [ slots N ] [ buf-size N ] [ dev DEV ]\n"
			 "                [ on-full { drop | block } ] [ deadline MS ]\n"
			 "                [ locked { off | on } ] [ isolated { off | on } ]\n"
			 "                [ learn-max N ] [ flood-rate N ]\n"
			 "                [ vlan { N | none } ] [ trunk { VLANS | none } ]\n"
			 "                [ vnet-hdr { off | on } ]",
		.subject = VSW_A_PORT_NAME,
		.required = BIT(PORT_NAME) | BIT(PORT_SWITCH),
		.optional = BIT(PORT_TYPE) | BIT(PORT_DEV) | CONFIG | NETNS,
		.run = add,
	},
	{
		.word = "set",
		.usage = "PORT [ rings N ] [ slots N ] [ buf-size N ]\n"
			 "                [ on-full { drop | block } ] [ deadline MS ]\n"
			 "                [ locked { off | on } ] [ isolated { off | on } ]\n"
			 "                [ learn-max N ] [ flood-rate N ]\n"
			 "                [ vlan { N | none } ] [ trunk { VLANS | none } ]\n"
			 "                [ vnet-hdr { off | on } ]",
		.subject = VSW_A_PORT_NAME,
		.optional = KEY | CONFIG,
		.one_of = NAME_OR_INDEX,
		.run = set,
	},
	{
		.word = "del",
		.usage = "PORT",
		.subject = VSW_A_PORT_NAME,
		.optional = KEY,
		.one_of = NAME_OR_INDEX,
		.run = del,
	},
	{
		.word = "show",
		.usage = "[ PORT | switch SW ]",
		.subject = VSW_A_PORT_NAME,
		.optional = KEY,
		.shows = true,
		.run = show,
	},
	{}
};

static const struct special_word netns_word = {
	.word = "netns",
	.attrs = NETNS,
	.parse = netns_parse,
};

const struct object port_object = {
	.word = "port",
	.kind = VSW_NL_PORT,
	.commands = commands,
	.special = &netns_word,
	.where = "PORT := { NAME [ switch SW ] [ netns NS ] | switch SW index N }\n"
		 "NS := { NAME | PID | /PATH }\n"
		 "VLANS := { N | N-N } [ ,VLANS ]",
};
