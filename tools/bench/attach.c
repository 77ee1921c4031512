// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: ports that are attached and detached; each counts as a frame
 */
#include <stdio.h>

#include "bench.h"

static int attach_all(struct bench *b)
{
	char name[VSW_NAME_SIZE];
	struct vsw_port *port;
	uint32_t i;
	int err;

	for (i = 0; i < b->c.fresh; i++) {
		snprintf(name, sizeof(name), BENCH_NEW "%u", i);
		err = vsw_port_open(&port, name, NULL);
		if (err)
			return bench_fail(b, err, "attach");
		vsw_port_close(port);
		b->result.sent++;
		b->result.received++;
		b->result.bytes += b->c.len;
	}
	return 0;
}

/*
 * Each port in its turn, as one that was detached just now would have to wait
 * for a grace period; and all before one has passed, so that nothing is freed.
 * The first time it is the allocators of the kernel that have to get memory.
 */
int bench_attach(struct bench *b)
{
	int err = attach_all(b);

	if (!err)
		err = bench_settle(b);
	return err ? err : bench_measure_once(b, attach_all);
}
