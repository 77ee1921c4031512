// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: a switch, its ports, and frames that are ready to be sent
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define ETHERTYPE	0x88b5	/* for local experiments */

/* The first bytes of an address: locally administered, and what it is of. */
enum addr_kind {
	ADDR_TX		= 0x0200,
	ADDR_RX		= 0x0201,
	ADDR_IDLE	= 0x0202,
	ADDR_FDB	= 0x0203,
	ADDR_NOBODY	= 0x02ff,
};

int bench_fail(const struct bench *b, int err, const char *what)
{
	const char *text = b->nl ? vsw_nl_error(b->nl)->text : "";

	fprintf(stderr, "%s %u/%u: %s: %s%s%s\n", b->c.name, b->c.len,
		b->c.batch, what, strerror(-err), *text ? ": " : "", text);
	return err;
}

static void make_addr(uint8_t *addr, enum addr_kind kind, uint32_t i)
{
	/* So that the addresses differ in all of their bytes. */
	uint32_t low = i * 2654435761U;

	addr[0] = kind >> 8;
	addr[1] = kind & 0xff;
	memcpy(addr + 2, &low, sizeof(low));
}

static int create_switch(struct bench *b)
{
	struct vsw_nl_switch sw = {};
	int err;

	vsw_nl_put(&sw, SWITCH_NAME, name, BENCH_SWITCH);
	if (b->c.lookup)
		vsw_nl_put(&sw, SWITCH_LOOKUP, lookup, b->c.lookup);
	if (b->c.fdb)
		vsw_nl_put(&sw, SWITCH_FDB_MAX, fdb_max, 2 * b->c.fdb);
	err = vsw_nl_switch_new(b->nl, &sw);
	return err ? bench_fail(b, err, "switch-new") : 0;
}

static int create_port(struct bench *b, const char *name)
{
	struct vsw_nl_port port = {};
	int err;

	vsw_nl_put(&port, PORT_NAME, name, name);
	vsw_nl_put(&port, PORT_SWITCH, sw, BENCH_SWITCH);
	if (b->c.slots)
		vsw_nl_put(&port, PORT_SLOTS, slots, b->c.slots);
	if (b->c.buf_size)
		vsw_nl_put(&port, PORT_BUF_SIZE, buf_size, b->c.buf_size);
	if (b->c.block)
		vsw_nl_put(&port, PORT_ON_FULL, on_full, VSW_ON_FULL_BLOCK);
	err = vsw_nl_port_new(b->nl, &port);
	return err ? bench_fail(b, err, "port-new") : 0;
}

static int attach_port(struct bench *b, const char *name, struct bench_port *p)
{
	struct vsw_port_params params = {
		.ring	= VSW_ALL_RINGS,
		.flags	= b->c.attach_flags,
	};
	uint32_t i;
	int err;

	err = vsw_port_open(&p->port, name, &params);
	if (err)
		return bench_fail(b, err, "attach");
	p->tx = vsw_port_tx(p->port, 0);
	p->rx = vsw_port_rx(p->port, 0);
	p->num_slots = p->tx->num_slots;
	p->buf_size = p->tx->buf_size;
	p->bufs = vsw_ring_buf(p->tx, 0);
	p->buf = calloc(p->num_slots, sizeof(*p->buf));
	if (!p->buf)
		return bench_fail(b, -ENOMEM, "attach");
	for (i = 0; i < p->num_slots; i++)
		p->buf[i] = p->tx->slot[i].buf_idx;
	return 0;
}

/* Ports "@prefix0", "@prefix1", ...: attached if @ports is not NULL. */
static int create_ports(struct bench *b, const char *prefix,
			enum addr_kind kind, uint32_t num,
			struct bench_port **ports)
{
	char name[VSW_NAME_SIZE];
	uint32_t i;
	int err;

	if (ports) {
		*ports = calloc(num, sizeof(**ports));
		if (!*ports)
			return bench_fail(b, -ENOMEM, "ports");
	}
	for (i = 0; i < num; i++) {
		snprintf(name, sizeof(name), "%s%u", prefix, i);
		err = create_port(b, name);
		if (!err && ports) {
			make_addr((*ports)[i].addr, kind, i);
			err = attach_port(b, name, &(*ports)[i]);
		}
		if (err)
			return err;
	}
	return 0;
}

static int create_fdb(struct bench *b)
{
	struct vsw_nl_fdb fdb = {};
	uint32_t i;
	int err;

	vsw_nl_put(&fdb, FDB_SWITCH, sw, BENCH_SWITCH);
	vsw_nl_put(&fdb, FDB_PORT, port, BENCH_RX "0");
	fdb.present |= VSW_NL_BIT(VSW_A_FDB_ADDRESS);
	for (i = 0; i < b->c.fdb; i++) {
		make_addr(fdb.address, ADDR_FDB, i);
		err = vsw_nl_fdb_new(b->nl, &fdb);
		if (err)
			return bench_fail(b, err, "fdb-new");
	}
	return 0;
}

static void make_dst(const struct bench *b, uint32_t slot, uint8_t *addr)
{
	switch (b->c.dst) {
	case BENCH_UNICAST:
		memcpy(addr, b->rx[slot % b->c.receivers].addr, BENCH_ADDR_LEN);
		break;
	case BENCH_BROADCAST:
		memset(addr, 0xff, BENCH_ADDR_LEN);
		break;
	case BENCH_UNKNOWN:
		make_addr(addr, ADDR_NOBODY, 0);
		break;
	}
}

/*
 * Frames to @dst; NULL: to where the case sends. Every buffer begins with a
 * header, also where a frame only goes on.
 */
static void make_frames(const struct bench *b, struct bench_port *p,
			const uint8_t *dst)
{
	uint8_t *data;
	uint32_t i;

	for (i = 0; i < p->tx->num_slots; i++) {
		data = vsw_ring_buf(p->tx, p->buf[i]);
		memset(data, i, p->tx->buf_size);
		if (dst)
			memcpy(data, dst, BENCH_ADDR_LEN);
		else
			make_dst(b, i, data);
		memcpy(data + BENCH_ADDR_LEN, p->addr, BENCH_ADDR_LEN);
		data[12] = ETHERTYPE >> 8;
		data[13] = ETHERTYPE & 0xff;
	}
}

/* The switch shall learn the port, as from the first frame of a real one. */
static int announce(struct bench *b, struct bench_port *p)
{
	uint8_t *data = vsw_ring_buf(p->tx, p->buf[p->tx->head]);
	int err;

	memset(data, 0, b->c.len);
	memset(data, 0xff, BENCH_ADDR_LEN);
	memcpy(data + BENCH_ADDR_LEN, p->addr, BENCH_ADDR_LEN);
	err = bench_fill(b, p, 1);
	if (!err)
		err = vsw_port_txsync(p->port);
	return err ? bench_fail(b, err, "announce") : 0;
}

static int discard(struct bench *b, struct bench_port *p)
{
	int err = vsw_port_rxsync(p->port);

	if (err)
		return bench_fail(b, err, "rxsync");
	bench_consume(b, p);
	err = vsw_port_rxsync(p->port);
	return err ? bench_fail(b, err, "rxsync") : 0;
}

static int announce_all(struct bench *b)
{
	uint32_t i;
	int err = 0;

	for (i = 0; !err && i < b->c.receivers; i++)
		err = announce(b, &b->rx[i]);
	for (i = 0; !err && i < b->c.senders; i++)
		err = announce(b, &b->tx[i]);
	for (i = 0; !err && i < b->c.receivers; i++)
		err = discard(b, &b->rx[i]);
	for (i = 0; !err && i < b->c.senders; i++)
		err = discard(b, &b->tx[i]);
	for (i = 0; !err && i < b->c.senders; i++)
		make_frames(b, &b->tx[i], NULL);
	for (i = 0; !err && i < b->c.receivers; i++)
		make_frames(b, &b->rx[i], b->tx[0].addr);
	memset(&b->result, 0, sizeof(b->result));
	return err;
}

static uint32_t at_least_one(uint32_t n)
{
	return n ? n : 1;
}

/* The others come first: those in use shall not have the best places. */
static int open_ports(struct bench *b)
{
	struct bench_port *idle;
	int err;

	err = create_ports(b, BENCH_NEW, ADDR_IDLE, b->c.fresh, NULL);
	if (!err)
		err = create_ports(b, "idle", ADDR_IDLE, b->c.idle, NULL);
	if (!err)
		err = create_ports(b, "busy", ADDR_IDLE, b->c.idle_attached,
				   &idle);
	if (!err)
		err = create_ports(b, BENCH_RX, ADDR_RX, b->c.receivers, &b->rx);
	if (!err)
		err = create_ports(b, BENCH_TX, ADDR_TX, b->c.senders, &b->tx);
	return err;
}

/* Whoever calls it ends soon after, so what an error leaves behind may stay. */
int bench_open(struct bench *b, const struct bench_case *c)
{
	int err;

	memset(b, 0, sizeof(*b));
	b->c = *c;
	b->c.senders = at_least_one(c->senders);
	b->c.receivers = at_least_one(c->receivers);
	b->c.frags = at_least_one(c->frags);
	b->c.gather = at_least_one(c->gather);

	err = vsw_nl_open(&b->nl);
	if (err)
		return bench_fail(b, err, "netlink");
	err = create_switch(b);
	if (!err)
		err = open_ports(b);
	if (!err)
		err = create_fdb(b);
	if (!err)
		err = announce_all(b);
	if (!err && b->c.setup)
		err = b->c.setup(b);
	return err;
}

void bench_close(struct bench *b)
{
	struct vsw_nl_switch sw = {};

	if (!b->nl)
		return;
	vsw_nl_put(&sw, SWITCH_NAME, name, BENCH_SWITCH);
	vsw_nl_switch_del(b->nl, &sw);
	vsw_nl_close(b->nl);
}
