// SPDX-License-Identifier: GPL-2.0
/*
 * What a program writes into head, cur and tail is checked: a sync refuses what
 * makes no sense and changes nothing; poll says POLLERR; other ports do not
 * notice; and once the program has repaired its ring, it goes on.
 *
 *   port 1, the liar --- s0 --- port 2        port 3 --- s0 --- port 4
 */
#include "vsw_dev.h"

#define SLOTS	8

static struct dev liar, peer, a, b;

/* Pointers of a ring, as numbers of slots behind its first own slot. */
struct lie {
	const char	*what;
	int		err;
	bool		absolute;
	uint32_t	head;
	uint32_t	cur;
};

/* A ring with 8 slots, of which 4 are the program's: first, first + 1... */
static const struct lie lies[] = {
	{ "head is the number of slots",   EINVAL, true,  SLOTS, 0 },
	{ "head is 0xffffffff",            EINVAL, true,  0xffffffff, 0 },
	{ "head is 0x80000000",            EINVAL, true,  0x80000000, 0 },
	{ "cur is the number of slots",    EINVAL, true,  0, SLOTS },
	{ "cur is 0xffffffff",             EINVAL, true,  0, 0xffffffff },
	{ "both are the number of slots",  EINVAL, true,  SLOTS, SLOTS },
	{ "head and cur are beyond tail",  ERANGE, false, 5, 5 },
	{ "head is beyond tail",           ERANGE, false, 5, 4 },
	{ "cur is beyond tail",            ERANGE, false, 2, 5 },
	{ "head and cur moved back",       ERANGE, false, SLOTS - 1, SLOTS - 1 },
	{ "head moved back",               ERANGE, false, SLOTS - 1, 0 },
	{ "cur is behind head",            ERANGE, false, 2, 1 },
	{ "cur is before the first slot",  ERANGE, false, 0, SLOTS - 1 },
};

/* Let the liar own half of its RX ring, and the TX ring begin in the middle. */
static void arrange(void)
{
	uint32_t i;

	for (i = 0; i < 6; i++) {
		must(traffic(&peer, 2, &liar, 1));
		must(traffic(&liar, 1, &peer, 2));
	}
	must(!rxsync(&liar) && !vsw_ring_avail(liar.rx));
	for (i = 0; i < 4; i++)
		send_frame(&peer, 1, 2, 100 + i, 60);
	must(!rxsync(&liar) && vsw_ring_avail(liar.rx) == 4);
}

/* Of a TX ring all slots but one are the program's: no index is out of range. */
static bool applies(const struct lie *lie, const struct vsw_ring *ring)
{
	return ring == liar.rx || lie->absolute ||
	       (lie->cur < lie->head && lie->head < 4);
}

static void tell(const struct lie *lie, struct vsw_ring *ring)
{
	uint32_t first = lie->absolute ? 0 : ring->head;
	uint32_t head = first + lie->head, cur = first + lie->cur;

	if (!lie->absolute) {
		head %= SLOTS;
		cur %= SLOTS;
	} else {
		/* What is not the lie is true. */
		if (!lie->head)
			head = ring->head;
		if (!lie->cur)
			cur = ring->head;
	}
	ring->head = head;
	ring->cur = cur;
}

static void test_lie(const struct lie *lie, struct vsw_ring *ring)
{
	const char *dir = ring == liar.tx ? "TX" : "RX";
	unsigned long cmd = ring == liar.tx ? VSW_IOC_TXSYNC : VSW_IOC_RXSYNC;
	short events = ring == liar.tx ? POLLOUT : POLLIN;
	uint32_t good = ring->head, tail = ring->tail, head, cur;

	tell(lie, ring);
	head = ring->head;
	cur = ring->cur;
	ok_eq(dev_ioctl(liar.fd, cmd, NULL), lie->err, "%s, %s: %s", dir,
	      lie->what, strerror(lie->err));
	ok(ring->head == head && ring->cur == cur && ring->tail == tail,
	   "rule 5.1: %s, %s: the ring is left as it is", dir, lie->what);
	ok_eq(dev_poll(&liar, events, LIMIT_MS) & POLLERR, POLLERR,
	      "%s, %s: poll says POLLERR", dir, lie->what);
	ok(traffic(&a, 3, &b, 4),
	   "rule 5.1: %s, %s: other ports do not notice", dir, lie->what);
	ring->head = good;
	ring->cur = good;
	ok(!dev_ioctl(liar.fd, cmd, NULL) && ring->tail == tail &&
	   !(dev_poll(&liar, events, LIMIT_MS) & POLLERR),
	   "%s, %s: and it is over when it is repaired", dir, lie->what);
}

static void test_lies(void)
{
	size_t i;

	arrange();
	for (i = 0; i < ARRAY_SIZE(lies); i++)
		test_lie(&lies[i], liar.rx);
	for (i = 0; i < 4; i++)
		must(got(liar.rx, 1, 2, 100 + i, 60));
	must(!rxsync(&liar));
	for (i = 0; i < ARRAY_SIZE(lies); i++)
		if (applies(&lies[i], liar.tx))
			test_lie(&lies[i], liar.tx);
	ok(traffic(&liar, 1, &peer, 2) && traffic(&peer, 2, &liar, 1),
	   "rule 5.1: frames flow both ways after all that");
	ok(!port_drops(1) && !port_drops(2) && !port_drops(3) &&
	   !port_drops(4), "no frame was dropped");
}

/* One of the two directions is wrong. */
static void test_directions(void)
{
	uint32_t head = liar.rx->head;

	liar.rx->head = SLOTS;
	put(liar.tx, 2, 1, 50, 60);
	ok(!txsync(&liar) && recv_frame(&peer, 2, 1, 50, 60),
	   "rule 5.1: a wrong RX ring keeps no TX ring from sending");
	liar.rx->head = head;
	must(!rxsync(&liar));

	head = liar.tx->head;
	liar.tx->head = SLOTS;
	send_frame(&peer, 1, 2, 51, 60);
	ok(recv_frame(&liar, 1, 2, 51, 60),
	   "rule 5.1: a wrong TX ring keeps no RX ring from receiving");
	liar.tx->head = head;
	must(!txsync(&liar));
}

static void test_tail(struct vsw_ring *ring)
{
	const char *dir = ring == liar.tx ? "TX" : "RX";
	unsigned long cmd = ring == liar.tx ? VSW_IOC_TXSYNC : VSW_IOC_RXSYNC;
	static const uint32_t tails[] = { 0, 3, SLOTS - 1, SLOTS, 0xffffffff };
	uint32_t tail = ring->tail;
	bool same = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tails); i++) {
		ring->tail = tails[i];
		same &= !dev_ioctl(liar.fd, cmd, NULL) && ring->tail == tail;
	}
	ok(same,
	   "rule 5.1: %s: tail is restored whatever was written there", dir);
}

/* Words that the kernel has written are constant, it never reads them. */
static void test_constants(struct vsw_ring *ring)
{
	const char *dir = ring == liar.tx ? "TX" : "RX";
	struct vsw_ring copy = *ring;
	struct vsw_if nif = *liar.nif;

	ring->buf_ofs = 0x123456789abcdefLL;
	ring->num_slots = 0xffffffff;
	ring->buf_size = 0xffffffff;
	ring->ringid = 0xffff;
	ring->dir = 0xffff;
	memset(&liar.nif->version, 0xff, 40);
	put(peer.tx, 1, 2, 60, 60);
	must(!txsync(&peer));
	ok(!txsync(&liar) && !rxsync(&liar),
	   "rule 5.1: %s: spoiled constants do no harm", dir);
	ring->buf_ofs = copy.buf_ofs;
	ring->num_slots = copy.num_slots;
	ring->buf_size = copy.buf_size;
	ring->ringid = copy.ringid;
	ring->dir = copy.dir;
	*liar.nif = nif;
	ok(got(liar.rx, 1, 2, 60, 60) && traffic(&liar, 1, &peer, 2),
	   "rule 5.1: %s: frames flow with spoiled constants", dir);
}

/* Of two ring pairs one is in error. */
static void test_other_rings(void)
{
	struct dev two, to;
	struct vsw_ring *tx0, *rx0;

	dev_new(&two, 5, 2, SLOTS, 256);
	dev_new(&to, 6, 2, SLOTS, 256);
	tx0 = dev_tx(&two, 0);
	tx0->head = SLOTS;
	put(dev_tx(&two, 1), 6, 5, 1, 60);
	ok_eq(txsync(&two), EINVAL, "one TX ring in error: the sync says so");
	ok(!rxsync(&to) && got(dev_rx(&to, 1), 6, 5, 1, 60),
	   "one TX ring in error: the other one is synced");
	tx0->head = 0;
	must(!txsync(&two));

	rx0 = dev_rx(&two, 0);
	rx0->cur = 5;
	put(dev_tx(&to, 1), 5, 6, 2, 60);
	must(!txsync(&to));
	ok_eq(rxsync(&two), ERANGE, "one RX ring in error: the sync says so");
	ok(got(dev_rx(&two, 1), 5, 6, 2, 60),
	   "one RX ring in error: the other one is synced");
	ok_eq(dev_poll(&two, POLLIN | POLLOUT, LIMIT_MS), POLLERR | POLLOUT,
	      "one RX ring in error: poll tells that, and what is ready");
	dev_down(&two);
	dev_down(&to);
}

int main(void)
{
	test_begin();
	lan_begin();
	dev_new(&liar, 1, 1, SLOTS, 256);
	dev_new(&peer, 2, 1, SLOTS, 256);
	dev_new(&a, 3, 1, SLOTS, 256);
	dev_new(&b, 4, 1, SLOTS, 256);
	test_lies();
	test_directions();
	test_tail(liar.tx);
	test_tail(liar.rx);
	test_constants(liar.tx);
	test_constants(liar.rx);
	test_other_rings();
	dev_down(&liar);
	dev_down(&peer);
	dev_down(&a);
	dev_down(&b);
	lan_end();
	return test_end();
}
