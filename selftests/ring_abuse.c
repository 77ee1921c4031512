// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile program scribbles over all of its mapping while it syncs, maps,
 * unmaps and forks. Two innocent ports on the same switch go on talking: what
 * they receive is intact and in order, and what they miss has been counted.
 *
 *   port 1 --- s0 --- port 2
 *              |
 *           port 3, hostile
 */
#include <pthread.h>

#include "vsw_dev.h"

#define SLOTS		64
#define BUF_SIZE	512
#define NUM_BUFS	(2 + 2 * SLOTS)
#define ITERATIONS	4000
#define BATCH		32

/*
 * The hostile program. It knows its rings from before it began.
 */

static struct dev evil;
static struct vsw_ring *tx_ring, *rx_ring;
static bool evil_done;

static uint64_t evil_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void spoil_pointers(struct vsw_ring *ring, uint64_t r)
{
	uint32_t value = r >> 8 & 15 ? (r >> 16) % (SLOTS + 2) : r >> 16;

	switch (r % 5) {
	case 0:
		ring->head = value;
		break;
	case 1:
		ring->cur = value;
		break;
	case 2:
		ring->tail = value;
		break;
	case 3:
		ring->cur = ring->tail % SLOTS;
		ring->head = ring->cur;
		break;
	default:
		/* What the kernel never reads. */
		((uint32_t *)ring)[value % 64] = r >> 32;
		break;
	}
}

static void spoil_slot(struct vsw_ring *ring, uint64_t r)
{
	struct vsw_slot *slot = &ring->slot[r % SLOTS];

	slot->buf_idx = r >> 8 & 31 ? (r >> 16) % (NUM_BUFS + 2) : r >> 16;
	slot->len = r >> 40 & 7 ? (r >> 43) % (BUF_SIZE + 2) : r >> 43;
	slot->flags = r >> 13 & 3 ? 0 : r >> 48;
}

static void scribble(uint64_t *state)
{
	uint64_t r = evil_random(state), size = evil.info.region_size;
	struct vsw_ring *ring = r % 2 ? tx_ring : rx_ring;

	r = evil_random(state);
	switch (r % 4) {
	case 0:
		spoil_pointers(ring, r >> 2);
		break;
	case 1:
	case 2:
		spoil_slot(ring, r >> 2);
		break;
	default:
		memcpy(evil.map + (r >> 2) % (size - 8), state, sizeof(*state));
		break;
	}
}

static void *scribbler(void *seed)
{
	uint64_t state = *(uint64_t *)seed;

	while (!__atomic_load_n(&evil_done, __ATOMIC_RELAXED))
		scribble(&state);
	return NULL;
}

static void look_honest(struct vsw_ring *ring, uint32_t head)
{
	ring->cur = head % SLOTS;
	ring->head = head % SLOTS;
}

/* What is in tail may be a lie of ours: guess what the kernel takes for head. */
static bool guess_rx(uint64_t *state)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		look_honest(rx_ring, evil_random(state));
		if (!rxsync(&evil))
			return true;
	}
	return false;
}

static int sync_once(void *unused)
{
	(void)unused;
	txsync(&evil);
	rxsync(&evil);
	return 0;
}

static void map_again(uint64_t *state)
{
	size_t size = evil.info.region_size, page = getpagesize();
	size_t ofs = evil_random(state) % (size / page) * page;
	char *map;

	map = mmap(NULL, size - ofs, PROT_READ | PROT_WRITE, MAP_SHARED,
		   evil.fd, ofs);
	must(map != MAP_FAILED);
	memcpy(map + evil_random(state) % (size - ofs - 8), state,
	       sizeof(*state));
	munmap(map, size - ofs);
}

static int misbehave(void *unused)
{
	uint64_t seeds[2] = { 0x9e3779b97f4a7c15ULL, 0xd1b54a32d192ed03ULL };
	unsigned long counts[3] = {};
	pthread_t thread;
	uint32_t i;

	(void)unused;
	must(!pthread_create(&thread, NULL, scribbler, &seeds[0]));
	for (i = 0; i < ITERATIONS; i++) {
		if (i % 4)
			look_honest(tx_ring, tx_ring->tail);
		counts[0] += !txsync(&evil);
		counts[1] += i % 4 ? guess_rx(&seeds[1]) : !rxsync(&evil);
		counts[2] += !!dev_poll(&evil, POLLIN | POLLOUT, 0);
		if (!(i % 16))
			map_again(&seeds[1]);
		if (!(i % 256))
			must(!in_child(sync_once, NULL));
	}
	__atomic_store_n(&evil_done, true, __ATOMIC_RELAXED);
	must(!pthread_join(thread, NULL));
	printf("# of %d: TXSYNC %lu, RXSYNC %lu, poll %lu\n", ITERATIONS,
	       counts[0], counts[1], counts[2]);
	/* Else it has attacked nothing but the checks of head and cur. */
	return counts[0] < ITERATIONS / 20 || counts[1] < ITERATIONS / 20;
}

static pid_t evil_start(void)
{
	pid_t pid;

	dev_new(&evil, 3, 1, SLOTS, BUF_SIZE);
	tx_ring = evil.tx;
	rx_ring = evil.rx;
	pid = spawn(misbehave, NULL);
	dev_down(&evil);
	return pid;
}

/*
 * The innocent
 */

struct flow {
	struct dev	*dev;
	unsigned int	to;
	unsigned int	from;
	uint32_t	next;		/* to be sent */
	uint32_t	expected;
	uint64_t	good;
	uint64_t	missed;
	uint64_t	strange;	/* from the hostile, or broadcast */
	uint64_t	corrupt;
	uint64_t	late;
};

static void judge(struct flow *flow, const uint8_t *buf, uint32_t len)
{
	uint32_t seq;

	if (len < SEQ_LEN || !frame_is(buf, HDR_LEN, flow->to, flow->from, 0, 0)) {
		flow->strange++;
		return;
	}
	seq = frame_seq(buf);
	if (len != 60 + seq % 400 ||
	    !frame_is(buf, len, flow->to, flow->from, seq, 0)) {
		flow->corrupt++;
	} else if (seq < flow->expected) {
		flow->late++;
	} else {
		flow->missed += seq - flow->expected;
		flow->expected = seq + 1;
		flow->good++;
	}
}

/* Take all that has come; a chain of slots counts as one strange frame. */
static void receive(struct flow *flow)
{
	struct vsw_ring *ring = flow->dev->rx;
	uint32_t n, i, slots;

	must(!rxsync(flow->dev));
	for (n = vsw_ring_avail(ring); n; n -= slots) {
		i = ring->head;
		slots = ring->slot[i].flags >> VSW_SLOT_FRAGS_SHIFT;
		must(slots >= 1 && slots <= n);
		if (slots == 1)
			judge(flow, vsw_slot_buf(ring, i), ring->slot[i].len);
		else
			flow->strange++;
		vsw_ring_advance(ring, slots);
	}
	must(!rxsync(flow->dev));
}

static void transmit(struct flow *flow, struct dev *from)
{
	uint32_t i;

	for (i = 0; i < BATCH; i++, flow->next++)
		put(from->tx, flow->to, flow->from, flow->next,
		    60 + flow->next % 400);
	/* The hostile receives, too. */
	put(from->tx, ALL, flow->from, flow->next, 100);
	must(!txsync(from));
}

static void check_flow(const struct flow *flow)
{
	struct port_info to = port_info(flow->to);

	printf("# to port %u: %llu good, %llu missed, %llu strange\n", flow->to,
	       (unsigned long long)flow->good, (unsigned long long)flow->missed,
	       (unsigned long long)flow->strange);
	ok(flow->good, "port %u receives", flow->to);
	ok_eq(flow->corrupt, 0, "port %u: no frame is corrupt", flow->to);
	ok_eq(flow->late, 0, "port %u: no frame is out of order", flow->to);
	ok(flow->missed + flow->next - flow->expected <= to.drops.no_room,
	   "port %u: what it misses is counted", flow->to);
	ok_eq(to.stats.rx_frames, flow->good + flow->strange,
	      "port %u: what it receives is counted", flow->to);
	ok_eq(port_drops(flow->to), to.drops.no_room,
	      "port %u: nothing else is wrong with it", flow->to);
}

static int count_cb(const struct vsw_nl_msg *msg, void *data)
{
	(void)msg;
	++*(int *)data;
	return 0;
}

static int regions(void)
{
	int num = 0;

	must(!vsw_nl_region_dump(test.nl, count_cb, &num));
	return num;
}

int main(void)
{
	struct dev a, b;
	struct flow to_a = { .dev = &a, .to = 1, .from = 2 };
	struct flow to_b = { .dev = &b, .to = 2, .from = 1 };
	int status;
	pid_t pid;

	test_begin();
	lan_begin();
	dev_new(&a, 1, 1, 1024, 2048);
	dev_new(&b, 2, 1, 1024, 2048);
	pid = evil_start();
	while (waitpid(pid, &status, WNOHANG) != pid) {
		transmit(&to_b, &a);
		receive(&to_b);
		transmit(&to_a, &b);
		receive(&to_a);
	}
	ok(WIFEXITED(status) && !WEXITSTATUS(status),
	   "the hostile program survives what it does");
	receive(&to_a);
	receive(&to_b);
	check_flow(&to_a);
	check_flow(&to_b);
	ok_eq(port_info(3).attached, 0, "it is detached in the end");
	ok_eq(regions(), 2, "and its region is gone");
	dev_up(&evil, 3);
	ok(traffic(&a, 1, &evil, 3) && traffic(&evil, 3, &b, 2),
	   "its port can be attached, and used");
	dev_down(&evil);
	dev_down(&a);
	dev_down(&b);
	ok_eq(regions(), 0, "no region is left");
	lan_end();
	return test_end();
}
