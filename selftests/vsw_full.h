/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of full rings share: ports that make senders wait
 */
#ifndef _VSW_FULL_H
#define _VSW_FULL_H

#include <signal.h>

#include "vsw_dev.h"

/* What becomes of frames for a port without room. */
static inline void port_policy(unsigned int i, enum vsw_on_full on_full,
			       uint32_t deadline)
{
	struct vsw_nl_port port = {};

	port_key(&port, i);
	vsw_nl_put(&port, PORT_ON_FULL, on_full, on_full);
	vsw_nl_put(&port, PORT_DEADLINE, deadline, deadline);
	must(!vsw_nl_port_set(test.nl, &port));
}

/* Make port @i, which makes senders wait for ever, and attach it. */
static inline void block_new(struct dev *dev, unsigned int i, uint32_t slots,
			     uint32_t buf_size, uint32_t flags)
{
	port_add(i, 1, slots, buf_size);
	port_policy(i, VSW_ON_FULL_BLOCK, 0);
	dev_up_flags(dev, i, flags, 0);
}

/* Slots that wait in a TX ring, or have not been synced. */
static inline uint32_t waiting(const struct dev *dev)
{
	return dev->tx->num_slots - 1 - vsw_ring_avail(dev->tx);
}

/* Put frames with the numbers from @seq on, without a sync. */
static inline void put_seq(struct dev *dev, unsigned int to, unsigned int from,
			   uint32_t seq, uint32_t num)
{
	while (num--)
		put(dev->tx, to, from, seq++, 60);
}

/* Put what fits into the TX ring, and sync; the number after the last. */
static inline uint32_t fill_up(struct dev *dev, unsigned int to,
			       unsigned int from, uint32_t seq)
{
	uint32_t num = vsw_ring_avail(dev->tx);

	put_seq(dev, to, from, seq, num);
	must(!txsync(dev));
	return seq + num;
}

/* Take frames as long as they have the numbers from @seq on; how many. */
static inline uint32_t take_seq(struct dev *dev, unsigned int to,
				unsigned int from, uint32_t seq)
{
	uint32_t num = 0;

	must(!rxsync(dev));
	while (vsw_ring_avail(dev->rx) && got(dev->rx, to, from, seq + num, 60))
		num++;
	must(!rxsync(dev));
	return num;
}

/* Sleep until there is room to send. */
static inline int sleep_for_room(void *dev)
{
	return dev_poll(dev, POLLOUT, LIMIT_MS) != POLLOUT;
}

/* Whether a child that sleeps was woken, and found room. */
static inline bool woken(pid_t pid)
{
	return !reap(pid);
}

/* What a sender sends to port 2. */
struct flow {
	struct dev	*dev;
	unsigned int	from;
	uint32_t	frames;
	uint32_t	batch;
};

/* Send frames in batches, and sleep when there is no room. */
static inline int send_flow(void *arg)
{
	struct flow *flow = arg;
	uint32_t sent = 0, n;

	while (sent < flow->frames) {
		n = vsw_ring_avail(flow->dev->tx);
		n = n < flow->batch ? n : flow->batch;
		n = n < flow->frames - sent ? n : flow->frames - sent;
		if (!n && dev_poll(flow->dev, POLLOUT, LIMIT_MS) != POLLOUT)
			return 1;
		put_seq(flow->dev, 2, flow->from, sent, n);
		sent += n;
		if (txsync(flow->dev))
			return 2;
	}
	while (waiting(flow->dev)) {
		flow->dev->tx->cur = flow->dev->tx->tail;
		if (dev_poll(flow->dev, POLLOUT, LIMIT_MS) != POLLOUT)
			return 3;
	}
	return 0;
}

#endif /* _VSW_FULL_H */
