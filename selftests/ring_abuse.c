// SPDX-License-Identifier: GPL-2.0
/*
 * Hostile programs scribble over all of their mappings while they sync, map,
 * unmap and fork, for a minute. Innocent ports on the same switch go on talking:
 * what they receive is intact, in order, for them and not a byte longer than
 * its frame; and what they miss has been counted.
 *
 *   port 1 ---+--- s0 ---+--- port 2
 *             |          |--- port 5, which only receives
 *         ports 3 and 4, hostile; 4 receives without sync
 *
 * ring_abuse [SECONDS]
 */
#include <pthread.h>

#include "vsw_dev.h"

#define SLOTS		64
#define BUF_SIZE	512
#define NUM_BUFS	(2 + 2 * SLOTS)
#define SECONDS		60
#define BATCH		32
#define GOOD_SLOTS	1024
#define GOOD_BUF_SIZE	2048
#define PATTERN		0xa5

/*
 * A hostile program. It knows its rings from before it began.
 */

static int64_t evil_until;
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

static void spoil_all(uint64_t *state)
{
	uint64_t *word = (void *)evil.map, *end;

	end = (void *)(evil.map + evil.info.region_size);
	while (word < end)
		*word++ = evil_random(state);
}

static void scribble(uint64_t *state)
{
	uint64_t r = evil_random(state), size = evil.info.region_size;
	struct vsw_ring *ring = r % 2 ? tx_ring : rx_ring;

	if (!(r >> 48)) {
		spoil_all(state);
		return;
	}
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

static int misbehave(void *port)
{
	uint64_t seeds[2] = { 0x9e3779b97f4a7c15ULL, 0xd1b54a32d192ed03ULL };
	unsigned long counts[3] = {}, i;
	pthread_t thread;

	must(!pthread_create(&thread, NULL, scribbler, &seeds[0]));
	for (i = 0; now_ms() < evil_until; i++) {
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
	printf("# port %u: of %lu: TXSYNC %lu, RXSYNC %lu, poll %lu\n",
	       *(unsigned int *)port, i, counts[0], counts[1], counts[2]);
	/* Else it has attacked nothing but the checks of head and cur. */
	return !i || counts[0] < i / 20 || counts[1] < i / 20;
}

static pid_t evil_start(unsigned int port, uint32_t flags)
{
	pid_t pid;

	port_add(port, 1, SLOTS, BUF_SIZE);
	dev_up_flags(&evil, port, flags, 0);
	tx_ring = evil.tx;
	rx_ring = evil.rx;
	pid = spawn(misbehave, &port);
	dev_down(&evil);
	return pid;
}

/*
 * The innocent
 */

struct flow {
	struct dev	dev;		/* that receives */
	unsigned int	to;
	unsigned int	from;
	uint32_t	next;		/* to be sent */
	uint32_t	expected;
	uint64_t	good;
	uint64_t	missed;
	uint64_t	strange;	/* from the hostile, or broadcast */
	uint64_t	corrupt;
	uint64_t	late;
	uint64_t	misled;		/* for another port */
	uint64_t	beyond;		/* slots with bytes behind the frame */
};

static struct flow flows[] = {
	{ .to = 2, .from = 1 }, { .to = 1, .from = 2 }, { .to = 5, .from = 1 },
};

static uint8_t pattern[GOOD_BUF_SIZE];

static bool is_misled(const uint8_t *buf)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flows); i++)
		if (frame_is(buf, HDR_LEN, flows[i].to, flows[i].from, 0, 0))
			return true;
	return false;
}

static void judge(struct flow *flow, const uint8_t *buf, uint32_t len)
{
	uint32_t seq;

	if (len < SEQ_LEN || !frame_is(buf, HDR_LEN, flow->to, flow->from, 0, 0)) {
		flow->strange++;
		flow->misled += len >= HDR_LEN && is_misled(buf);
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

/* Look behind the frame in a buffer, and make it what it was before. */
static void clean_slot(struct flow *flow, uint8_t *buf, uint32_t len)
{
	flow->beyond += len > GOOD_BUF_SIZE ||
			memcmp(buf + len, pattern, GOOD_BUF_SIZE - len);
	memset(buf, PATTERN, GOOD_BUF_SIZE);
}

/* Take a frame; one of several slots is a strange one. */
static void take(struct flow *flow)
{
	struct vsw_ring *ring = flow->dev.rx;
	const struct vsw_slot *slot = &ring->slot[ring->head];
	uint32_t slots = slot->flags >> VSW_SLOT_FRAGS_SHIFT;

	must(slots >= 1 && slots <= vsw_ring_avail(ring));
	if (slots == 1)
		judge(flow, vsw_slot_buf(ring, ring->head), slot->len);
	else
		flow->strange++;
	for (; slots; slots--) {
		clean_slot(flow, vsw_slot_buf(ring, ring->head),
			   ring->slot[ring->head].len);
		vsw_ring_advance(ring, 1);
	}
}

static void receive(struct flow *flow)
{
	must(!rxsync(&flow->dev));
	while (vsw_ring_avail(flow->dev.rx))
		take(flow);
	must(!rxsync(&flow->dev));
}

static void transmit(struct flow *flow, struct dev *from)
{
	uint32_t i;

	for (i = 0; i < BATCH; i++, flow->next++)
		put(from->tx, flow->to, flow->from, flow->next,
		    60 + flow->next % 400);
	/* The hostile receive, too: one slot, or several. */
	put(from->tx, ALL, flow->from, flow->next, 60 + flow->next % 1500);
	must(!txsync(from));
}

static void flow_start(struct flow *flow)
{
	uint32_t i;

	dev_new(&flow->dev, flow->to, 1, GOOD_SLOTS, GOOD_BUF_SIZE);
	for (i = 0; i < GOOD_SLOTS; i++)
		memset(vsw_slot_buf(flow->dev.rx, i), PATTERN, GOOD_BUF_SIZE);
}

static void talk(void)
{
	size_t i;

	transmit(&flows[0], &flows[1].dev);
	transmit(&flows[1], &flows[0].dev);
	transmit(&flows[2], &flows[1].dev);
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		receive(&flows[i]);
}

/* Whether buffers in which there is no frame are as they were. */
static bool untouched(const struct vsw_ring *ring)
{
	uint32_t i;

	for (i = 0; i < GOOD_SLOTS; i++)
		if (memcmp(vsw_slot_buf(ring, i), pattern, GOOD_BUF_SIZE))
			return false;
	return true;
}

static void check_flow(const struct flow *flow)
{
	struct port_info to = port_info(flow->to);

	printf("# to port %u: %llu good, %llu missed, %llu strange\n", flow->to,
	       (unsigned long long)flow->good, (unsigned long long)flow->missed,
	       (unsigned long long)flow->strange);
	ok(flow->good, "port %u receives", flow->to);
	ok_eq(flow->corrupt, 0, "rule 5.1: port %u: no frame is corrupt",
	      flow->to);
	ok_eq(flow->misled, 0, "rule 5.1: port %u: no frame is misdelivered",
	      flow->to);
	ok_eq(port_drops(flow->to), to.drops.no_room,
	      "rule 5.1: port %u: nothing is wrong with it", flow->to);
	ok_eq(flow->beyond, 0, "rule 5.2: port %u: no byte behind a frame",
	      flow->to);
	ok(untouched(flow->dev.rx),
	   "rule 5.2: port %u: no byte where no frame is", flow->to);
	ok_eq(flow->late, 0, "rule 5.4: port %u: no frame is out of order",
	      flow->to);
	ok(flow->missed + flow->next - flow->expected <= to.drops.no_room,
	   "rule 5.8: port %u: what it misses is counted", flow->to);
	ok_eq(to.stats.rx_frames, flow->good + flow->strange,
	      "rule 5.8: port %u: what it receives is counted", flow->to);
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

/* Whether a child has ended; its status is 0 as long as all is well. */
static bool ended(pid_t pid, int *status)
{
	pid_t ret = waitpid(pid, status, WNOHANG);

	must(ret >= 0);
	return ret == pid;
}

static void check_evil(unsigned int port, int status)
{
	struct dev *a = &flows[1].dev, *b = &flows[0].dev;

	ok_eq(status, 0, "rule 5.1: port %u: it survives what it does", port);
	ok_eq(port_info(port).attached, 0, "port %u is detached in the end",
	      port);
	dev_up(&evil, port);
	ok(traffic(a, 1, &evil, port) && traffic(&evil, port, b, 2),
	   "rule 5.1: port %u can be attached, and used", port);
	dev_down(&evil);
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : SECONDS;
	int status[2] = {};
	pid_t pid[2];
	size_t i;

	test_begin();
	lan_begin();
	memset(pattern, PATTERN, sizeof(pattern));
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		flow_start(&flows[i]);
	evil_until = now_ms() + seconds * 1000LL;
	pid[0] = evil_start(3, 0);
	pid[1] = evil_start(4, VSW_ATTACH_RX_DIRECT);
	while (!ended(pid[0], &status[0]))
		talk();
	while (!ended(pid[1], &status[1]))
		talk();
	talk();
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		check_flow(&flows[i]);
	ok_eq(regions(), ARRAY_SIZE(flows), "the hostile regions are gone");
	check_evil(3, status[0]);
	check_evil(4, status[1]);
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		dev_down(&flows[i].dev);
	ok_eq(regions(), 0, "no region is left");
	lan_end();
	return test_end();
}
