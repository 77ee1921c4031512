// SPDX-License-Identifier: GPL-2.0
/*
 * Several processes send into one RX ring at the same time, or sync one file:
 * the frames of each come intact and in order, and what is sent is received or
 * counted as dropped, exactly.
 */
#include "vsw_dev.h"

#define FRAMES		20000
#define MAX_SENDERS	4
#define RECEIVER	1
#define SENDER(i)	(10 + (i))

/* What a receiver has seen of a sender. */
struct seen {
	uint32_t	next;
	uint32_t	good;
	uint32_t	bad;
};

static uint32_t len_of(uint32_t seq)
{
	return 60 + seq * 7 % 900;
}

/* The sender has attached its port already: the index is all it needs. */
static struct dev sender[MAX_SENDERS];
static struct dev receiver;

static int send_all(void *index)
{
	unsigned int i = *(unsigned int *)index;
	struct vsw_ring *ring = sender[i].tx;
	uint32_t seq = 0, n;

	while (seq < FRAMES) {
		/* Batches of all sizes that a TX ring of 256 slots allows. */
		for (n = 1 + seq * 13 % 120; n && seq < FRAMES; n--, seq++)
			put(ring, seq % 97 ? RECEIVER : ALL, SENDER(i), seq,
			    len_of(seq));
		if (txsync(&sender[i]))
			return 1;
	}
	return 0;
}

/* Of whom a frame is, by its source address. */
static unsigned int sender_of(const uint8_t *buf)
{
	return (unsigned int)(buf[10] << 8 | buf[11]) - SENDER(0);
}

/* Frames may span slots. */
static uint32_t collect(const struct vsw_ring *ring, uint8_t *frame)
{
	uint32_t i = ring->head, len = 0;

	do {
		memcpy(frame + len, vsw_slot_buf(ring, i), ring->slot[i].len);
		len += ring->slot[i].len;
		if (!(ring->slot[i].flags & VSW_SLOT_MOREFRAG))
			break;
		i = vsw_ring_next(ring, i);
	} while (len < 2048);
	return len;
}

static void take(struct vsw_ring *ring, struct seen *seen)
{
	uint32_t slots = ring->slot[ring->head].flags >> VSW_SLOT_FRAGS_SHIFT;
	uint8_t frame[4096];
	uint32_t len = collect(ring, frame), seq = frame_seq(frame);
	unsigned int i = sender_of(frame);

	must(slots && slots <= vsw_ring_avail(ring) && i < MAX_SENDERS);
	vsw_ring_advance(ring, slots);
	if (seq < seen[i].next || seq >= FRAMES || len != len_of(seq) ||
	    !frame_is(frame, len, seq % 97 ? RECEIVER : ALL, SENDER(i), seq, 0))
		seen[i].bad++;
	else
		seen[i].good++;
	seen[i].next = seq + 1;
}

static void drain(struct seen *seen)
{
	must(!rxsync(&receiver));
	while (vsw_ring_avail(receiver.rx))
		take(receiver.rx, seen);
	must(!rxsync(&receiver));
}

/* Receive until all senders have ended; whether they were content. */
static bool receive_all(const pid_t *pid, unsigned int num, struct seen *seen)
{
	unsigned int left = num, i;
	bool content = true;
	int status;

	while (left) {
		dev_poll(&receiver, POLLIN, 10);
		drain(seen);
		for (i = 0; i < num; i++) {
			if (waitpid(pid[i], &status, WNOHANG) != pid[i])
				continue;
			content &= WIFEXITED(status) && !WEXITSTATUS(status);
			left--;
		}
	}
	drain(seen);
	return content;
}

static void check_counts(const struct seen *seen, unsigned int num)
{
	struct port_info info = port_info(RECEIVER);
	uint64_t good = 0, sent = 0;
	bool clean = true;
	unsigned int i;

	for (i = 0; i < num; i++) {
		good += seen[i].good;
		sent += port_info(SENDER(i)).stats.tx_frames;
		/* Nobody takes the broadcasts out of its RX ring. */
		clean &= port_drops(SENDER(i)) ==
			 port_info(SENDER(i)).drops.no_room;
	}
	printf("# %llu of %llu received\n", (unsigned long long)good,
	       (unsigned long long)sent);
	ok_eq(sent, (long long)num * FRAMES, "%u senders: all is accepted", num);
	ok_eq(info.stats.rx_frames, good,
	      "%u senders: what is received is counted", num);
	ok_eq(good + info.drops.no_room, sent,
	      "%u senders: what is not received is counted", num);
	ok(clean && port_drops(RECEIVER) == info.drops.no_room,
	   "%u senders: no other drops", num);
}

static void test_senders(unsigned int num, uint32_t slots, uint32_t buf_size)
{
	struct seen seen[MAX_SENDERS] = {};
	unsigned int index[MAX_SENDERS], i;
	pid_t pid[MAX_SENDERS];
	bool good = true;

	printf("# %u slots of %u bytes\n", slots, buf_size);
	lan_begin();
	dev_new(&receiver, RECEIVER, 1, slots, buf_size);
	for (i = 0; i < num; i++)
		dev_new(&sender[i], SENDER(i), 1, 256, 1024);
	for (i = 0; i < num; i++) {
		index[i] = i;
		pid[i] = spawn(send_all, &index[i]);
	}
	ok(receive_all(pid, num, seen), "%u senders: they send all", num);
	for (i = 0; i < num; i++)
		good &= seen[i].good && !seen[i].bad;
	ok(good, "%u senders: frames are intact, and those of each in order",
	   num);
	for (i = 0; i < num; i++)
		dev_down(&sender[i]);
	check_counts(seen, num);
	dev_down(&receiver);
	lan_end();
}

/*
 * Several processes sync one file
 */

static bool *stop;

static int sync_until_stopped(void *dev)
{
	while (!__atomic_load_n(stop, __ATOMIC_RELAXED))
		if (txsync(dev) || rxsync(dev))
			return 1;
	return 0;
}

static void test_shared_file(void)
{
	uint32_t sent = 0, seen = 0;
	struct dev a, b;
	pid_t p, q;
	bool good = true;

	stop = mmap(NULL, sizeof(*stop), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(stop != MAP_FAILED);
	lan_begin();
	dev_new(&a, 1, 1, 64, 256);
	dev_new(&b, 2, 1, 64, 256);
	p = spawn(sync_until_stopped, &a);
	q = spawn(sync_until_stopped, &b);
	while (good && seen < FRAMES / 4) {
		/* As many on the way as the receiver has room for. */
		while (sent < FRAMES / 4 && sent - seen < 63 &&
		       vsw_ring_avail(a.tx))
			put(a.tx, 2, 1, sent++, 60);
		must(!txsync(&a));
		must(!rxsync(&b));
		while (vsw_ring_avail(b.rx))
			good &= got(b.rx, 2, 1, seen++, 60);
		must(!rxsync(&b));
	}
	__atomic_store_n(stop, true, __ATOMIC_RELAXED);
	ok(!reap(p) && !reap(q), "three processes sync: no sync fails");
	ok(good && !port_drops(1) && !port_drops(2),
	   "three processes sync: all frames come once and in order");
	ok(port_info(1).stats.tx_frames == seen &&
	   port_info(2).stats.rx_frames == seen,
	   "three processes sync: each frame is counted once");
	dev_down(&a);
	dev_down(&b);
	lan_end();
	munmap(stop, sizeof(*stop));
}

int main(void)
{
	test_begin();
	test_senders(1, 1024, 2048);
	test_senders(2, 1024, 2048);
	test_senders(4, 1024, 2048);
	test_senders(2, 63, 256);
	test_senders(4, 63, 256);
	test_shared_file();
	return test_end();
}
