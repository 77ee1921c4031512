// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen forward: moves frames from one ring port to another
 *
 * It takes from the RX rings what the TX rings have room for, and no more, so
 * that ports which make senders wait make it wait, and it makes its own senders
 * wait: nothing is lost on the way.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "report.h"
#include "ring_port.h"

/* How long the last frames may take to leave the ring once we have to end. */
#define FLUSH_MS	1000

/**
 * struct lane - an RX ring, and where its frames go
 * @rx: the RX ring
 * @tx: the TX ring, which may be that of other lanes, too
 * @full: its next frame has to wait for room
 */
struct lane {
	struct vsw_ring	*rx;
	struct vsw_ring	*tx;
	bool		full;
};

/**
 * struct forward - the forwarder
 * @conf: the command line
 * @rep: what is counted
 * @in: the port that receives
 * @out: the port that sends
 * @lane: the rings
 * @lanes: number of these
 */
struct forward {
	const struct gen_conf	*conf;
	struct report		rep;
	struct vsw_port		*in;
	struct vsw_port		*out;
	struct lane		lane[VSW_MAX_RINGS];
	uint32_t		lanes;
};

/* Slots of the frame at @i, of @avail at most; @len is its length. */
static uint32_t measure(const struct vsw_ring *rx, uint32_t i, uint32_t avail,
			uint32_t *len)
{
	uint32_t n = 0;
	uint16_t more;

	*len = 0;
	do {
		*len += rx->slot[i].len;
		more = rx->slot[i].flags & VSW_SLOT_MOREFRAG;
		i = vsw_ring_next(rx, i);
		n++;
	} while (more && n < avail);
	return n;
}

/* Copy a frame from slot @from to slot @to on; @seg is what it is there. */
static void copy_frame(const struct lane *lane, uint32_t from, uint32_t to,
		       uint32_t len, struct gen_seg *seg)
{
	struct vsw_ring *rx = lane->rx, *tx = lane->tx;
	uint32_t done = 0, filled, n;

	do {
		seg->data = vsw_slot_buf(tx, to);
		seg->len = len < tx->buf_size ? len : tx->buf_size;
		for (filled = 0; filled < seg->len; filled += n) {
			while (done == rx->slot[from].len) {
				from = vsw_ring_next(rx, from);
				done = 0;
			}
			n = rx->slot[from].len - done;
			if (n > seg->len - filled)
				n = seg->len - filled;
			memcpy(seg->data + filled,
			       (uint8_t *)vsw_slot_buf(rx, from) + done, n);
			done += n;
		}
		len -= seg->len;
		seg->more = len > 0;
		tx->slot[to].len = seg->len;
		tx->slot[to].flags = seg->more ? VSW_SLOT_MOREFRAG : 0;
		to = vsw_ring_next(tx, to);
	} while (seg++->more);
}

/* A frame that was sealed, and is intact, is so with the new addresses, too. */
static void rewrite(const struct gen_conf *conf, const struct gen_seg *seg)
{
	struct gen_mark mark;
	bool intact = conf->integrity && payload_check(seg, &mark);

	memcpy(seg->data, conf->dst, 6);
	memcpy(seg->data + 6, conf->src, 6);
	if (intact)
		payload_reseal(seg, &mark);
}

static void count(struct report *rep, uint32_t frames, uint64_t bytes)
{
	uint64_t now;

	if (!frames)
		return;
	now = gen_now();
	if (!rep->last)
		rep->first = now;
	rep->last = now;
	rep->frames += frames;
	rep->bytes += bytes;
}

/* Move a burst at most; @sync: somebody waits for the slots that are free now. */
static uint32_t move(struct forward *fwd, struct lane *lane, bool *sync)
{
	uint32_t avail = vsw_ring_avail(lane->rx), room = vsw_ring_avail(lane->tx);
	uint32_t size = lane->tx->buf_size, slots, need, len;
	uint32_t from = lane->rx->head, to = lane->tx->head;
	uint32_t taken = 0, given = 0, frames = 0, i;
	struct gen_seg seg[VSW_MAX_FRAGS];
	uint64_t bytes = 0;

	lane->full = false;
	for (i = 0; i < fwd->conf->burst && taken < avail; i++) {
		slots = measure(lane->rx, from, avail - taken, &len);
		need = (len + size - 1) / size;
		if (need && need <= VSW_MAX_FRAGS && need < lane->tx->num_slots) {
			lane->full = need > room - given;
			if (lane->full)
				break;
			copy_frame(lane, from, to, len, seg);
			if (fwd->conf->rewrite)
				rewrite(fwd->conf, seg);
			to = vsw_ring_add(lane->tx, to, need);
			given += need;
			bytes += len;
			frames++;
		}
		from = vsw_ring_add(lane->rx, from, slots);
		taken += slots;
	}
	fwd->rep.attempted += i;
	count(&fwd->rep, frames, bytes);
	vsw_ring_advance(lane->tx, given);
	*sync |= vsw_ring_release(lane->rx, taken);
	return taken;
}

/* Whether frames wait in the TX rings; then there is less room than usual. */
static bool is_waiting(const struct forward *fwd)
{
	uint32_t i;

	for (i = 0; i < fwd->lanes; i++)
		if (vsw_ring_avail(fwd->lane[i].tx) < fwd->lane[i].tx->num_slots - 1)
			return true;
	return false;
}

static uint32_t tail_of(const struct vsw_ring *ring)
{
	return __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
}

/* Sleep until something changes: a new frame, or room for one that waits. */
static void wait_change(const struct forward *fwd)
{
	struct pollfd pfd[2] = {
		{ .fd = vsw_port_fd(fwd->in), .events = POLLIN },
		{ .fd = vsw_port_fd(fwd->out) },
	};
	bool waiting = is_waiting(fwd);
	uint32_t i;

	for (i = 0; i < fwd->lanes; i++) {
		const struct lane *lane = &fwd->lane[i];

		if (lane->full)
			lane->rx->cur = tail_of(lane->rx);
		if (waiting)
			lane->tx->cur = tail_of(lane->tx);
	}
	pfd[1].events = waiting ? POLLOUT : 0;
	poll(pfd, ARRAY_SIZE(pfd), GEN_POLL_MS);
}

static int move_all(struct forward *fwd, uint32_t *moved)
{
	bool sync = !fwd->conf->direct;
	uint32_t i;
	int err;

	*moved = 0;
	for (i = 0; i < fwd->lanes; i++)
		*moved += move(fwd, &fwd->lane[i], &sync);
	err = *moved || is_waiting(fwd) ? vsw_port_txsync(fwd->out) : 0;
	/* Before going to sleep also to learn that the port is gone. */
	if (!err && (sync || !*moved))
		err = vsw_port_rxsync(fwd->in);
	return err;
}

static bool is_done(const struct forward *fwd, uint64_t now)
{
	const struct gen_conf *conf = fwd->conf;
	const struct report *rep = &fwd->rep;

	if (conf->count && rep->frames >= conf->count)
		return true;
	return conf->wait && rep->last && now > rep->last + conf->wait &&
	       !is_waiting(fwd);
}

/* Wait until what was sent has left the rings; @patient: unless told to end. */
static void flush(struct vsw_port *port, bool patient)
{
	struct pollfd pfd = { .fd = vsw_port_fd(port), .events = POLLOUT };
	uint32_t i, rings = vsw_port_info(port)->rings;
	uint64_t end = gen_now() + FLUSH_MS * (NSEC_PER_SEC / 1000);
	struct vsw_ring *tx;

	for (i = 0; i < rings; i++) {
		tx = vsw_port_tx(port, i);
		while (tx && vsw_ring_avail(tx) < tx->num_slots - 1 &&
		       ((patient && !gen_stop) || gen_now() < end)) {
			tx->cur = tx->tail;
			if (vsw_port_txsync(port))
				return;
			poll(&pfd, 1, 1);
		}
		if (tx)
			tx->cur = tx->head;
	}
}

static int forward_loop(struct forward *fwd)
{
	const struct gen_conf *conf = fwd->conf;
	uint64_t now = gen_now();
	uint64_t end = conf->time ? now + conf->time : UINT64_MAX;
	uint32_t moved;
	int err;

	while (!gen_stop && now < end && !is_done(fwd, now)) {
		err = move_all(fwd, &moved);
		if (err)
			return gen_error(err, "cannot forward from port %s to port %s",
					 conf->port, conf->out);
		if (!moved)
			wait_change(fwd);
		now = gen_now();
		report_tick(&fwd->rep, now);
	}
	flush(fwd->out, !conf->time);
	return 0;
}

/* RX ring i goes to TX ring i, modulo what the other port has. */
static void open_lanes(struct forward *fwd)
{
	uint32_t i, k, ins = vsw_port_info(fwd->in)->rings;
	uint32_t outs = vsw_port_info(fwd->out)->rings;

	for (i = 0; i < ins && fwd->lanes < ARRAY_SIZE(fwd->lane); i++) {
		struct lane *lane = &fwd->lane[fwd->lanes];

		k = fwd->conf->ring < 0 ? i % outs : i;
		lane->rx = vsw_port_rx(fwd->in, i);
		lane->tx = vsw_port_tx(fwd->out, k);
		if (lane->rx && lane->tx)
			fwd->lanes++;
	}
}

static int open_ports(struct forward *fwd)
{
	const struct gen_conf *conf = fwd->conf;
	struct vsw_port_params params = {
		.ring = conf->ring < 0 ? VSW_ALL_RINGS : conf->ring,
		.flags = VSW_ATTACH_NO_TX_POLL,
	};
	int err;

	err = gen_port_open(&fwd->out, conf->out, &params);
	if (err)
		return err;
	if (conf->direct)
		params.flags |= VSW_ATTACH_RX_DIRECT;
	err = gen_port_open(&fwd->in, conf->port, &params);
	if (!err)
		open_lanes(fwd);
	return err;
}

/**
 * gen_forward() - the app
 * @conf: the command line
 *
 * Return: exit status.
 */
int gen_forward(const struct gen_conf *conf)
{
	struct forward fwd = { .conf = conf };
	int err = open_ports(&fwd);

	if (!err) {
		report_start(&fwd.rep, conf, REPORT_SENDS);
		err = forward_loop(&fwd);
		if (report_end(&fwd.rep, NULL, NULL))
			err = -1;
	}
	vsw_port_close(fwd.in);
	vsw_port_close(fwd.out);
	return err ? GEN_EXIT_SYSTEM : 0;
}
