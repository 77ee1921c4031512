// SPDX-License-Identifier: GPL-2.0
/*
 * on-full block, senders and receiver at the same time, in the tightest rings:
 * no wake-up is lost, nor any frame, with and without VSW_ATTACH_RX_DIRECT.
 *
 *	 sender    receiver    second sender
 *	  port 1    port 2      port 3
 *	 ---+------ s0 -+----------+---
 */
#include "vsw_full.h"

/* Rounds of the tests in which all take turns on one processor. */
#define ROUNDS	100000
#define MILLION	1000000

static struct dev a, b, c;

/* From now on, with the children, on one processor or on all. */
static void use_cpus(bool one)
{
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < (one ? 1 : CPU_SETSIZE); i++)
		CPU_SET(i, &set);
	must(!sched_setaffinity(0, sizeof(set), &set));
}

static unsigned int sender_of(const struct vsw_ring *ring)
{
	return ((const uint8_t *)vsw_slot_buf(ring, ring->head))[11];
}

/* Wait for frames; whether they came. */
static bool wait_frames(void)
{
	if (b.info.flags & VSW_ATTACH_RX_DIRECT && vsw_ring_avail(b.rx))
		return true;
	return dev_poll(&b, POLLIN, LIMIT_MS) == POLLIN;
}

/* Give back what was taken, if it is not left to the next poll(). */
static void give_back(void)
{
	if (vsw_ring_release(b.rx, 0))
		must(!rxsync(&b));
}

/* Receive from one or two senders; whether all comes, in order. */
static bool receive_flows(uint32_t frames)
{
	uint32_t seen[2] = { 0 };
	unsigned int from;

	while (seen[0] + seen[1] < frames) {
		if (!wait_frames())
			return false;
		while (vsw_ring_avail(b.rx)) {
			from = sender_of(b.rx);
			if (!got(b.rx, 2, from, seen[from / 2]++, 60))
				return false;
		}
		give_back();
	}
	return true;
}

static bool flows_end(pid_t *pid, bool good)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		if (!pid[i])
			continue;
		if (!good)
			kill(pid[i], SIGKILL);
		good &= !reap(pid[i]);
	}
	return good;
}

static void begin(uint32_t tx_slots, uint32_t rx_slots, uint32_t flags)
{
	lan_begin();
	dev_new(&a, 1, 1, tx_slots, 256);
	block_new(&b, 2, rx_slots, 256, flags);
	dev_new(&c, 3, 1, tx_slots, 256);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

static void test_turns(uint32_t tx_slots, uint32_t rx_slots, uint32_t frames,
		       unsigned int senders, uint32_t flags)
{
	struct flow flow[2] = {
		{ &a, 1, frames / senders, tx_slots },
		{ &c, 3, frames / senders, tx_slots },
	};
	pid_t pid[2] = { 0 };
	unsigned int i;
	bool good;

	begin(tx_slots, rx_slots, flags);
	for (i = 0; i < senders; i++)
		pid[i] = spawn(send_flow, &flow[i]);
	good = receive_flows(frames / senders * senders);
	must(!rxsync(&b));
	ok(flows_end(pid, good) && !port_drops(2),
	   "rule 5.5: %s%u slots to %u, %u senders: %u frames come, in order",
	   flags ? "direct, " : "", tx_slots, rx_slots, senders, frames);
	end();
}

static void test_tight(uint32_t rounds, uint32_t flags)
{
	test_turns(2, 2, rounds / 4, 1, flags);
	test_turns(3, 3, rounds / 4, 1, flags);
	test_turns(16, 16, rounds / 10 * 3, 1, flags);
	test_turns(64, 3, rounds / 10, 2, flags);
	test_turns(16, 16, rounds / 10, 2, flags);
}

/*
 * One frame fills the ring, another waits. At the same time, more or less, the
 * sender goes to sleep and the receiver makes room, once, and does nothing more.
 */

#define RACES	(ROUNDS / 20)

static struct {
	uint32_t	ready;
	uint32_t	go;
	uint32_t	done;
} *race;

static bool reaches(const uint32_t *word, uint32_t value)
{
	return wait_until(__atomic_load_n(word, __ATOMIC_ACQUIRE) == value);
}

static void reach(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static int race_sender(void *arg)
{
	uint32_t i;

	(void)arg;
	for (i = 1; i <= RACES; i++) {
		put_seq(&a, 2, 1, i, 1);
		reach(&race->ready, i);
		while (__atomic_load_n(&race->go, __ATOMIC_ACQUIRE) != i)
			;
		if (dev_poll(&a, POLLOUT, LIMIT_MS) != POLLOUT)
			return 1;
		reach(&race->done, i);
	}
	return 0;
}

static void test_race(uint32_t flags)
{
	uint32_t i, x = 1;
	volatile uint32_t delay;
	bool good = true;
	pid_t pid;

	race = mmap(NULL, sizeof(*race), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(race != MAP_FAILED);
	begin(2, 2, flags);
	send_frame(&a, 2, 1, 0, 60);
	must(!rxsync(&b));
	pid = spawn(race_sender, NULL);
	for (i = 1; good && i <= RACES; i++) {
		good = reaches(&race->ready, i);
		x = x * 1664525 + 1013904223;
		reach(&race->go, i);
		for (delay = x >> 18; delay; delay--)
			;
		good = good && got(b.rx, 2, 1, i - 1, 60);
		if (!flags || vsw_ring_release(b.rx, 0))
			must(!rxsync(&b));
		good = good && reaches(&race->done, i);
		if (!flags)
			must(!rxsync(&b));
	}
	ok(good, "%sa sender falls asleep when there is room: %u times woken",
	   flags ? "direct, " : "", i - 1);
	if (!good)
		kill(pid, SIGKILL);
	ok_eq(reap(pid), 0, "the sender ends");
	end();
	munmap(race, sizeof(*race));
}

/* Receive what comes in order, whatever is lost between. */
static bool receive_some(uint32_t *next, uint64_t *seen)
{
	uint32_t seq;
	unsigned int from;
	bool good = true;

	dev_poll(&b, POLLIN, 1);
	while (vsw_ring_avail(b.rx)) {
		from = sender_of(b.rx);
		seq = frame_seq(vsw_slot_buf(b.rx, b.rx->head));
		good &= seq >= next[from / 2] && got(b.rx, 2, from, seq, 60);
		next[from / 2] = seq + 1;
		++*seen;
	}
	give_back();
	return good;
}

static int running(pid_t *pid)
{
	int i, num = 0, status;

	for (i = 0; i < 2; i++) {
		if (pid[i] && waitpid(pid[i], &status, WNOHANG) == pid[i]) {
			must(WIFEXITED(status) && !WEXITSTATUS(status));
			pid[i] = 0;
		}
		num += !!pid[i];
	}
	return num;
}

/* on-full and deadline change all the time. */
static void test_policy(uint32_t flags)
{
	struct flow flow[2] = { { &a, 1, 100000, 64 }, { &c, 3, 100000, 64 } };
	uint32_t next[2] = { 0 }, round = 0;
	uint64_t seen = 0, sent;
	bool good = true;
	pid_t pid[2];

	begin(64, 16, flags);
	pid[0] = spawn(send_flow, &flow[0]);
	pid[1] = spawn(send_flow, &flow[1]);
	while (running(pid)) {
		good &= receive_some(next, &seen);
		if (!(++round % 16))
			port_policy(2, round / 16 % 8 ? VSW_ON_FULL_BLOCK :
							VSW_ON_FULL_DROP,
				    round / 16 % 3);
	}
	good &= receive_some(next, &seen);
	sent = port_info(1).stats.tx_frames + port_info(3).stats.tx_frames;
	printf("# %llu of %llu received\n", (unsigned long long)seen,
	       (unsigned long long)sent);
	ok(good, "%son-full changes: frames come in order",
	   flags ? "direct, " : "");
	ok(sent == 200000 && port_info(2).stats.rx_frames == seen &&
	   seen + port_drops(2) == sent, "all is received or counted");
	end();
}

int main(void)
{
	test_begin();
	use_cpus(true);
	test_tight(ROUNDS, 0);
	test_tight(ROUNDS, VSW_ATTACH_RX_DIRECT);
	use_cpus(false);
	test_tight(ROUNDS / 10, 0);
	test_tight(ROUNDS / 10, VSW_ATTACH_RX_DIRECT);
	test_race(0);
	test_race(VSW_ATTACH_RX_DIRECT);
	test_policy(0);
	test_policy(VSW_ATTACH_RX_DIRECT);
	test_turns(256, 512, MILLION, 2, VSW_ATTACH_RX_DIRECT);
	return test_end();
}
