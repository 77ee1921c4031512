// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: ring ports of vsw
 *
 * The buffers of all TX slots hold the frame from the beginning, so that to
 * send it again takes no more than to write its slot.
 */
#include <errno.h>
#include <stdlib.h>

#include "ring_port.h"

/**
 * struct ring_io - the ring backend
 * @port: the attached port
 * @tx: the ring that sends
 * @slots: slots of a frame
 * @rx: the rings that receive
 * @read: slots of each that the last burst has shown
 * @rings: number of these
 * @turn: which of them begins the next burst
 * @direct: they need no sync to receive
 */
struct ring_io {
	struct vsw_port	*port;
	struct vsw_ring	*tx;
	uint32_t	slots;
	struct vsw_ring	*rx[VSW_MAX_RINGS];
	uint32_t	read[VSW_MAX_RINGS];
	uint32_t	rings;
	uint32_t	turn;
	bool		direct;
};

/* Bytes of the frame in its slot number @k. */
static uint32_t slot_len(const struct gen_io *io, const struct ring_io *r,
			 uint32_t k)
{
	if (k + 1 < r->slots)
		return r->tx->buf_size;
	return io->conf->frame_len - k * r->tx->buf_size;
}

/* Write the first slot's part of the frame, which includes all headers. */
static void write_template(const struct gen_io *io, const struct ring_io *r,
			   uint32_t i)
{
	uint8_t *buf = vsw_slot_buf(r->tx, i);

	memset(buf, 0, r->tx->buf_size);
	frame_header(buf, &io->conf->local, &io->conf->peer,
		     io->conf->frame_len);
}

static int open_tx(struct gen_io *io, struct ring_io *r)
{
	uint32_t i;

	r->slots = (io->conf->frame_len + r->tx->buf_size - 1) / r->tx->buf_size;
	if (r->slots > VSW_MAX_FRAGS || r->slots >= r->tx->num_slots)
		return gen_error(-EMSGSIZE, "%s: %u slots of %u bytes",
				 io->conf->port, r->tx->num_slots,
				 r->tx->buf_size);
	for (i = 0; i < r->tx->num_slots; i++)
		write_template(io, r, i);
	return 0;
}

static void open_rx(struct ring_io *r)
{
	uint32_t i, rings = vsw_port_info(r->port)->rings;

	for (i = 0; i < rings && r->rings < ARRAY_SIZE(r->rx); i++) {
		struct vsw_ring *ring = vsw_port_rx(r->port, i);

		if (ring)
			r->rx[r->rings++] = ring;
	}
}

static void ring_close(struct gen_io *io)
{
	struct ring_io *r = io->priv;

	vsw_port_close(r->port);
	free(r);
}

/**
 * gen_port_open() - attach a port, or say why not
 * @port: out: the port
 * @name: its name
 * @params: how to attach it
 *
 * Return: 0 or a negative errno.
 */
int gen_port_open(struct vsw_port **port, const char *name,
		  const struct vsw_port_params *params)
{
	int err = vsw_port_open(port, name, params);

	if (err == -ENODEV)
		return gen_error(err, "no such port %s in this namespace; %s",
				 name, "see vswctl port show");
	if (err == -EPERM)
		return gen_error(err, "cannot attach port %s; %s", name,
				 "CAP_NET_RAW is needed");
	if (err == -ENOENT || err == -ENXIO)
		return gen_error(err, "cannot open /dev/vsw; is vsw loaded?");
	return err ? gen_error(err, "cannot attach port %s", name) : 0;
}

static int ring_open(struct gen_io *io, int dirs)
{
	struct vsw_port_params params = {
		.ring = io->conf->ring < 0 ? VSW_ALL_RINGS : io->conf->ring,
		.flags = VSW_ATTACH_NO_TX_POLL,
	};
	struct ring_io *r = calloc(1, sizeof(*r));
	int err = 0;

	if (!r)
		return gen_error(-ENOMEM, "%s", io->conf->port);
	io->priv = r;

	r->direct = io->conf->direct && dirs & IO_RX;
	if (r->direct)
		params.flags |= VSW_ATTACH_RX_DIRECT;
	err = gen_port_open(&r->port, io->conf->port, &params);
	if (err) {
		free(r);
		return err;
	}
	io->fd = vsw_port_fd(r->port);

	r->tx = vsw_port_tx(r->port, io->conf->ring < 0 ? 0 : io->conf->ring);
	if (dirs & IO_RX)
		open_rx(r);
	if (dirs & IO_TX)
		err = open_tx(io, r);
	if (err)
		ring_close(io);
	return err;
}

/* Put a frame into one slot. */
static inline void put_short(struct gen_io *io, struct ring_io *r, uint32_t i,
			     uint64_t seq)
{
	struct vsw_slot *slot = &r->tx->slot[i];

	/* The buffer is another one, which has not got the frame yet. */
	if (slot->flags & VSW_SLOT_BUF_CHANGED)
		write_template(io, r, i);
	slot->len = io->conf->frame_len;
	slot->flags = 0;
	if (io->fill) {
		struct gen_seg seg = {
			.data = vsw_slot_buf(r->tx, i),
			.len = io->conf->frame_len,
		};

		io_fill(io, &seg, seq);
	}
}

/*
 * Put a frame into several slots. Any slot may have to take the beginning of a
 * frame this time and the middle of one the next time.
 */
static void put_long(struct gen_io *io, struct ring_io *r, uint32_t i,
		     uint64_t seq)
{
	struct gen_seg seg[VSW_MAX_FRAGS];
	uint32_t k;

	write_template(io, r, i);
	for (k = 0; k < r->slots; k++) {
		struct vsw_slot *slot = &r->tx->slot[i];

		seg[k].data = vsw_slot_buf(r->tx, i);
		seg[k].len = slot_len(io, r, k);
		seg[k].more = k + 1 < r->slots;
		slot->len = seg[k].len;
		slot->flags = seg[k].more ? VSW_SLOT_MOREFRAG : 0;
		i = vsw_ring_next(r->tx, i);
	}
	if (io->fill)
		io_fill(io, seg, seq);
}

static int ring_tx(struct gen_io *io, uint32_t n)
{
	struct ring_io *r = io->priv;
	uint32_t i = r->tx->head;
	uint32_t room = vsw_ring_avail(r->tx) / r->slots;
	uint32_t k;
	int err;

	if (n > room)
		n = room;
	for (k = 0; k < n; k++) {
		if (r->slots == 1)
			put_short(io, r, i, io->seq + k);
		else
			put_long(io, r, i, io->seq + k);
		i = vsw_ring_add(r->tx, i, r->slots);
	}

	vsw_ring_advance(r->tx, n * r->slots);
	if (!n)
		/* Sleep until there is more than the little that is left. */
		r->tx->cur = r->tx->tail;
	err = vsw_port_txsync(r->port);
	return err ? err : (int)n;
}

/* A piece fits into a slot: it is from one of this port, or short. */
static int ring_put(struct gen_io *io, const struct gen_seg *seg, uint32_t n)
{
	struct ring_io *r = io->priv;
	uint32_t i = r->tx->head, room = vsw_ring_avail(r->tx);
	uint32_t k, whole = 0;
	int err;

	if (n > room)
		n = room;
	for (k = 0; k < n; k++) {
		struct vsw_slot *slot = &r->tx->slot[i];

		memcpy(vsw_slot_buf(r->tx, i), seg[k].data, seg[k].len);
		slot->len = seg[k].len;
		slot->flags = seg[k].more ? VSW_SLOT_MOREFRAG : 0;
		if (!seg[k].more)
			whole = k + 1;
		i = vsw_ring_next(r->tx, i);
	}

	vsw_ring_advance(r->tx, whole);
	if (!whole)
		/* As in ring_tx(). */
		r->tx->cur = r->tx->tail;
	err = vsw_port_txsync(r->port);
	return err ? err : (int)whole;
}

static int ring_push(struct gen_io *io)
{
	struct ring_io *r = io->priv;
	int err;

	if (vsw_ring_avail(r->tx) == r->tx->num_slots - 1)
		return 0;
	r->tx->cur = r->tx->tail;
	err = vsw_port_txsync(r->port);
	return err ? err : vsw_ring_avail(r->tx) < r->tx->num_slots - 1;
}

/* Show the frames of one ring; returns the number of pieces. */
static uint32_t show_frames(struct vsw_ring *ring, uint32_t *read,
			    struct gen_seg *seg, uint32_t max)
{
	uint32_t i = ring->head, n = vsw_ring_avail(ring);
	uint32_t k, whole = 0;

	if (n > max)
		n = max;
	for (k = 0; k < n; k++) {
		const struct vsw_slot *slot = &ring->slot[i];

		seg[k].data = vsw_slot_buf(ring, i);
		seg[k].len = slot->len;
		seg[k].more = slot->flags & VSW_SLOT_MOREFRAG;
		if (!seg[k].more)
			whole = k + 1;
		i = vsw_ring_next(ring, i);
	}
	*read = whole;
	return whole;
}

static int ring_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max)
{
	struct ring_io *r = io->priv;
	bool sync = !r->direct;
	uint32_t i, k, n = 0;
	int err;

	for (i = 0; i < r->rings; i++)
		sync |= vsw_ring_release(r->rx[i], r->read[i]);
	if (sync) {
		err = vsw_port_rxsync(r->port);
		if (err)
			return err;
	}

	for (k = 0; k < r->rings; k++) {
		i = (r->turn + k) % r->rings;
		n += show_frames(r->rx[i], &r->read[i], seg + n, max - n);
	}
	r->turn = (r->turn + 1) % r->rings;
	/* Who will sleep has to learn that the port is gone. */
	if (!n && !sync) {
		err = vsw_port_rxsync(r->port);
		if (err)
			return err;
	}
	return n;
}

const struct gen_io_ops io_ring = {
	.name = "ring",
	.waits = true,
	.open = ring_open,
	.tx = ring_tx,
	.rx = ring_rx,
	.put = ring_put,
	.push = ring_push,
	.close = ring_close,
};
