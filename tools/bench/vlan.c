// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: ports with VLANs
 */
#include <string.h>

#include "bench.h"

#define VLAN	10

/* In the VLAN, or, with @tagged, a trunk that carries it. */
static int set_port(struct bench *b, const char *name, bool tagged)
{
	struct vsw_nl_port port = {};

	vsw_nl_put(&port, PORT_NAME, name, name);
	vsw_nl_put(&port, PORT_SWITCH, sw, BENCH_SWITCH);
	if (tagged) {
		port.trunk[VLAN / 8] = 1U << VLAN % 8;
		port.present |= VSW_NL_BIT(VSW_A_PORT_TRUNK);
	} else {
		vsw_nl_put(&port, PORT_VLAN, vlan, VLAN);
	}
	return vsw_nl_port_set(b->nl, &port);
}

/* What was learned has been forgotten by that. */
static int add_receiver(struct bench *b)
{
	struct vsw_nl_fdb fdb = {};

	vsw_nl_put(&fdb, FDB_SWITCH, sw, BENCH_SWITCH);
	vsw_nl_put(&fdb, FDB_PORT, port, BENCH_RX "0");
	vsw_nl_put(&fdb, FDB_VLAN, vlan, VLAN);
	memcpy(fdb.address, b->rx[0].addr, sizeof(fdb.address));
	fdb.present |= VSW_NL_BIT(VSW_A_FDB_ADDRESS);
	return vsw_nl_fdb_new(b->nl, &fdb);
}

/* The sender is in the VLAN, and so is the receiver, which may want the tag. */
int bench_vlan(struct bench *b)
{
	int err = set_port(b, BENCH_TX "0", false);

	if (!err)
		err = set_port(b, BENCH_RX "0", b->c.tag);
	if (!err)
		err = add_receiver(b);
	return err ? bench_fail(b, err, "vlan") : 0;
}
