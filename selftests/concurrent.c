// SPDX-License-Identifier: GPL-2.0
/*
 * Several processes send into one RX ring at the same time, or sync one file:
 * the frames of each come intact and in order, and what is sent is received or
 * counted as dropped, exactly. No sync waits for another that copies.
 */
#include <signal.h>

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
	uint32_t	late;
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
	if (seq >= FRAMES || len != len_of(seq) ||
	    !frame_is(frame, len, seq % 97 ? RECEIVER : ALL, SENDER(i), seq, 0))
		seen[i].bad++;
	else
		seen[i].good++;
	seen[i].late += seq < seen[i].next;
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
	      "rule 5.8: %u senders: what is received is counted", num);
	ok_eq(good + info.drops.no_room, sent,
	      "rule 5.8: %u senders: what is not received is counted", num);
	ok(clean && port_drops(RECEIVER) == info.drops.no_room,
	   "%u senders: no other drops", num);
}

static void test_senders(unsigned int num, uint32_t slots, uint32_t buf_size)
{
	struct seen seen[MAX_SENDERS] = {};
	unsigned int index[MAX_SENDERS], i;
	pid_t pid[MAX_SENDERS];
	bool good = true, order = true;

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
	for (i = 0; i < num; i++) {
		good &= seen[i].good && !seen[i].bad;
		order &= !seen[i].late;
	}
	ok(good, "rule 5.5: %u senders: frames are intact", num);
	ok(order, "rule 5.4: %u senders: frames of each are in order", num);
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
	   "rule 5.6: three processes sync: all frames come once and in order");
	ok(port_info(1).stats.tx_frames == seen &&
	   port_info(2).stats.rx_frames == seen,
	   "rule 5.8: three processes sync: each frame is counted once");
	dev_down(&a);
	dev_down(&b);
	lan_end();
	munmap(stop, sizeof(*stop));
}

/*
 * One sender copies for long, another sends single frames meanwhile. These are
 * published behind those of the first, but their syncs do not wait for that.
 */

#define LONG_LEN	16384
#define LONG_BATCH	256	/* slots that go through the switch together */
#define LONG_SLOTS	(LONG_BATCH + 1)
#define SHORT_MAX	100
#define ENOUGH		10
#define PREEMPTIBLE	100	/* batches that could be preempted */
#define PREEMPTION	"/sys/kernel/debug/sched/preempt"

/* Batches of the first sender: the other asks for one after the other. */
struct turns {
	uint32_t	asked;
	uint32_t	begun;
	uint32_t	done;
};

static struct turns *turns;

static bool reached(uint32_t *turn, uint32_t num)
{
	return __atomic_load_n(turn, __ATOMIC_ACQUIRE) == num;
}

/* Sleeps, as the other may need the same CPU. */
static bool await(uint32_t *turn, uint32_t num)
{
	int64_t end = now_ms() + LIMIT_MS;

	while (!reached(turn, num) && now_ms() < end)
		usleep(50);
	return reached(turn, num);
}

/* Send the same frames again and again, each from its slot. */
static int send_long(void *unused)
{
	uint32_t num = 0;

	(void)unused;
	for (;; num++) {
		while (reached(&turns->asked, num))
			usleep(50);
		vsw_ring_advance(sender[0].tx, LONG_BATCH);
		__atomic_store_n(&turns->begun, num + 1, __ATOMIC_RELEASE);
		if (txsync(&sender[0]))
			return 1;
		__atomic_store_n(&turns->done, num + 1, __ATOMIC_RELEASE);
	}
}

/* Take what has come; @next are the numbers that the senders are at. */
static bool take_both(uint32_t *next)
{
	bool good = !rxsync(&receiver);
	unsigned int i;

	while (good && vsw_ring_avail(receiver.rx)) {
		i = sender_of(vsw_slot_buf(receiver.rx, receiver.rx->head));
		if (i > 1)
			return false;
		good = got(receiver.rx, RECEIVER, SENDER(i), next[i],
			   i ? 60 : LONG_LEN);
		next[i] = (next[i] + 1) % (i ? UINT32_MAX : LONG_SLOTS);
	}
	return good && !rxsync(&receiver);
}

/* A batch of the one, and frames of the other until it has been sent. */
static bool one_turn(uint32_t num, uint32_t *next, uint32_t *sent, bool *waits)
{
	uint32_t i;

	__atomic_store_n(&turns->asked, num, __ATOMIC_RELEASE);
	*waits = false;
	if (!await(&turns->begun, num))
		return false;
	for (i = 0; i < SHORT_MAX && !*waits && !reached(&turns->done, num); i++) {
		put(sender[1].tx, RECEIVER, SENDER(1), (*sent)++, 60);
		must(!txsync(&sender[1]));
		if (!take_both(next))
			return false;
		/* It is not there, so the other still copies. */
		*waits = next[1] != *sent;
		usleep(50);
	}
	return await(&turns->done, num) && take_both(next) && next[1] == *sent;
}

/* Returns how many of at most @max batches were seen while they were copied. */
static uint32_t take_turns(const char *how, uint32_t max)
{
	uint32_t num = 0, seen = 0, sent = 0, next[2] = {};
	int64_t end = now_ms() + LIMIT_MS;
	bool good = true, waits;

	while (good && seen < ENOUGH && num < max && now_ms() < end) {
		good = one_turn(++num, next, &sent, &waits);
		seen += good && waits;
	}
	printf("# %u of %u batches\n", seen, num);
	ok(good && !port_drops(RECEIVER),
	   "rule 5.4: frames of and behind a sender %s come in order", how);
	return seen;
}

static uint32_t test_copying(const char *how, uint32_t max)
{
	uint32_t i, seen;
	pid_t pid;

	lan_begin();
	dev_new(&receiver, RECEIVER, 1, LONG_SLOTS + SHORT_MAX, LONG_LEN);
	dev_new(&sender[0], SENDER(0), 1, LONG_SLOTS, LONG_LEN);
	dev_new(&sender[1], SENDER(1), 1, 16, 256);
	for (i = 0; i < LONG_SLOTS; i++) {
		frame_write(vsw_slot_buf(sender[0].tx, i), LONG_LEN, RECEIVER,
			    SENDER(0), i, 0);
		sender[0].tx->slot[i].len = LONG_LEN;
	}
	turns = mmap(NULL, sizeof(*turns), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(turns != MAP_FAILED);
	pid = spawn(send_long, NULL);
	seen = take_turns(how, max);
	must(!kill(pid, SIGKILL));
	reap(pid);
	munmap(turns, sizeof(*turns));
	dev_down(&sender[0]);
	dev_down(&sender[1]);
	dev_down(&receiver);
	lan_end();
	return seen;
}

/* What the kernel preempts; the mode that it had before. */
static bool set_preemption(const char *mode, char *before)
{
	FILE *file = fopen(PREEMPTION, "r");
	bool known;

	if (!file)
		return false;
	known = fscanf(file, "%*[^(](%15[^)]", before) == 1;
	fclose(file);
	return known && write_file(PREEMPTION, mode);
}

/*
 * On one CPU, the one with a priority over the other: a sender is not preempted in
 * its copying, so that nobody finds frames that wait for it.
 */
static void test_preempted(void)
{
	struct sched_param low = {}, high = { .sched_priority = 1 };
	char mode[16], full[16];
	cpu_set_t all, one;

	if (!set_preemption("full", mode)) {
		skip("rule 5.6: a sender that is preempted",
		     "no " PREEMPTION);
		return;
	}
	must(!sched_getaffinity(0, sizeof(all), &all));
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(!sched_setaffinity(0, sizeof(one), &one));
	must(!sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &high));
	ok_eq(test_copying("that could be preempted", PREEMPTIBLE), 0,
	      "rule 5.6: no sender is preempted in its copying");
	must(!sched_setscheduler(0, SCHED_OTHER, &low));
	must(!sched_setaffinity(0, sizeof(all), &all));
	must(set_preemption(mode, full));
}

static void test_beside(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		ok_eq(test_copying("that copies", UINT32_MAX), ENOUGH,
		      "rule 5.6: a sync does not wait for a sender that copies");
	else
		skip("rule 5.6: a sender that copies", "one CPU");
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
	test_beside();
	test_preempted();
	return test_end();
}
