// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl fdb
 */
#include <errno.h>
#include <string.h>

#include "print.h"
#include "vswctl.h"

#define PORT	(BIT(FDB_PORT) | BIT(FDB_PORT_INDEX))

/* All entries that are added are static: the word is allowed, but not sent. */
static const struct vsw_nl_fdb *entry(union request *req)
{
	req->present &= ~BIT(FDB_STATIC);
	return &req->fdb;
}

static int add(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_fdb_new(nl, entry(req));
}

static int replace(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_fdb_replace(nl, entry(req));
}

static int del(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_fdb_del(nl, &req->fdb);
}

static int flush(struct vsw_nl *nl, union request *req)
{
	return vsw_nl_fdb_flush(nl, &req->fdb);
}

/* What is to be shown, and how much there was of it. */
struct wanted {
	struct vsw_nl_fdb	fdb;
	unsigned int		found;
};

/* The kernel filters by switch only. */
static int print_if_wanted(const struct vsw_nl_msg *msg, void *data)
{
	const struct vsw_nl_fdb *fdb = msg->fdb, *want;
	struct wanted *wanted = data;

	want = &wanted->fdb;
	if (vsw_nl_has(want, FDB_ADDRESS) &&
	    memcmp(fdb->address, want->address, sizeof(fdb->address)))
		return 0;
	if (vsw_nl_has(want, FDB_VLAN) && fdb->vlan != want->vlan)
		return 0;
	if (vsw_nl_has(want, FDB_PORT) &&
	    (!vsw_nl_has(fdb, FDB_PORT) || strcmp(fdb->port, want->port)))
		return 0;
	if (vsw_nl_has(want, FDB_PORT_INDEX) &&
	    fdb->port_index != want->port_index)
		return 0;
	wanted->found++;
	return print_object(msg, NULL);
}

/* An address in whatever VLAN it is. */
static int show_address(struct vsw_nl *nl, const struct vsw_nl_fdb *key,
			struct wanted *want)
{
	struct vsw_nl_fdb filter = *key;
	int err = vsw_nl_fdb_get(nl, key, print_if_wanted, want);

	if (err != -ENOENT || vsw_nl_has(key, FDB_VLAN))
		return err;
	filter.present &= ~BIT(FDB_ADDRESS);
	err = vsw_nl_fdb_dump(nl, &filter, print_if_wanted, want);
	/* In none: let the kernel say so. */
	return err || want->found ? err :
	       vsw_nl_fdb_get(nl, key, print_if_wanted, want);
}

static int show(struct vsw_nl *nl, union request *req)
{
	struct wanted want = { .fdb = req->fdb };

	req->present &= ~PORT;
	if (vsw_nl_has(&want.fdb, FDB_ADDRESS))
		return show_address(nl, &req->fdb, &want);
	req->present &= ~BIT(FDB_VLAN);
	return vsw_nl_fdb_dump(nl, &req->fdb, print_if_wanted, &want);
}

static const struct command commands[] = {
	{
		.word = "add",
		.usage = "MAC switch SW [ vlan N ] PORT [ static ]",
		.subject = VSW_A_FDB_ADDRESS,
		.required = BIT(FDB_ADDRESS) | BIT(FDB_SWITCH),
		.optional = PORT | BIT(FDB_VLAN) | BIT(FDB_STATIC),
		.one_of = PORT,
		.run = add,
	},
	{
		.word = "replace",
		.usage = "MAC switch SW [ vlan N ] PORT [ static ]",
		.subject = VSW_A_FDB_ADDRESS,
		.required = BIT(FDB_ADDRESS) | BIT(FDB_SWITCH),
		.optional = PORT | BIT(FDB_VLAN) | BIT(FDB_STATIC),
		.one_of = PORT,
		.run = replace,
	},
	{
		.word = "del",
		.usage = "MAC switch SW [ vlan N ]",
		.subject = VSW_A_FDB_ADDRESS,
		.required = BIT(FDB_ADDRESS) | BIT(FDB_SWITCH),
		.optional = BIT(FDB_VLAN),
		.run = del,
	},
	{
		.word = "flush",
		.usage = "switch SW [ PORT ] [ static ] [ dynamic ]",
		.required = BIT(FDB_SWITCH),
		.optional = PORT | BIT(FDB_STATIC) | BIT(FDB_DYNAMIC),
		.run = flush,
	},
	{
		.word = "show",
		.usage = "[ MAC ] [ switch SW ] [ vlan N ] [ PORT ]",
		.subject = VSW_A_FDB_ADDRESS,
		.optional = BIT(FDB_ADDRESS) | BIT(FDB_SWITCH) | BIT(FDB_VLAN) |
			    PORT,
		.shows = true,
		.run = show,
	},
	{}
};

const struct object fdb_object = {
	.word = "fdb",
	.kind = VSW_NL_FDB,
	.commands = commands,
	.where = "PORT := { port NAME | port-index N }",
};
