// SPDX-License-Identifier: GPL-2.0
/*
 * A receiver is woken when it sleeps, and only then, and once for a batch, not
 * for a frame: counted with the tracepoint vsw_wake.
 */
#include <signal.h>

#include "vsw_dev.h"
#include "vsw_trace.h"

#define BATCH	256	/* slots that go through the switch together */

static struct dev a, b, c;

/* How often a port was woken since trace_clear(). */
static int wakes(unsigned int port)
{
	char who[32];

	snprintf(who, sizeof(who), " port=%s ", port_name(port));
	return trace_sum(who, NULL);
}

static int sleep_in_poll(void *dev)
{
	return dev_poll(dev, POLLIN, LIMIT_MS) != POLLIN;
}

static void put_many(unsigned int to, uint32_t num)
{
	uint32_t i;

	for (i = 0; i < num; i++)
		put(a.tx, to, 1, i, 60);
}

static void drain(struct dev *dev)
{
	must(!rxsync(dev));
	vsw_ring_advance(dev->rx, vsw_ring_avail(dev->rx));
	must(!rxsync(dev));
}

/* As many frames as fit into a batch, and one wake. */
static void test_one_batch(void)
{
	uint32_t num[] = { 1, 2, 100, BATCH };
	size_t i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(num); i++) {
		put_many(2, num[i]);
		pid = spawn(sleep_in_poll, &b);
		must(wait_until(asleep(pid)));
		trace_clear();
		must(!txsync(&a));
		must(!reap(pid));
		ok_eq(wakes(2), 1,
		      "rule 5.7: a sleeper, %u frames: woken once", num[i]);
		drain(&b);
	}
}

static void test_many_batches(void)
{
	int num;
	pid_t pid;

	put_many(2, 1000);
	pid = spawn(sleep_in_poll, &b);
	must(wait_until(asleep(pid)));
	trace_clear();
	must(!txsync(&a));
	must(!reap(pid));
	num = wakes(2);
	printf("# woken %d times\n", num);
	ok(num >= 1 && num <= (1000 + BATCH - 1) / BATCH,
	   "rule 5.7: a sleeper, 1000 frames: woken once for a batch at most");
	drain(&b);
}

static void test_nobody_sleeps(void)
{
	uint32_t i;

	trace_clear();
	for (i = 0; i < 100; i++) {
		put_many(2, 10);
		must(!txsync(&a));
		drain(&b);
	}
	ok_eq(wakes(2), 0,
	      "rule 5.7: who syncs and does not sleep is not woken");
	for (i = 0; i < 100; i++) {
		put_many(2, 10);
		must(!txsync(&a));
		must(dev_poll(&b, POLLIN, LIMIT_MS) == POLLIN);
		vsw_ring_advance(b.rx, vsw_ring_avail(b.rx));
		must(!dev_poll(&b, POLLIN, 0));
	}
	ok_eq(wakes(2), 0, "rule 5.7: who polls and finds frames is not woken");
	drain(&b);
}

/* A sleeper, and somebody awake, and frames for one or both. */
static void test_destinations(void)
{
	pid_t pid = spawn(sleep_in_poll, &b);

	must(wait_until(asleep(pid)));
	trace_clear();
	put_many(3, 10);
	must(!txsync(&a));
	ok(!wakes(2) && asleep(pid), "rule 5.7: frames for others wake nobody");
	put_many(ALL, 10);
	must(!txsync(&a));
	must(!reap(pid));
	ok_eq(wakes(2), 1,
	      "rule 5.7: a batch of broadcasts wakes a sleeper once");
	ok_eq(wakes(3), 0, "and nobody who is awake");
	ok_eq(wakes(1), 0, "nor the sender");
	drain(&b);
	drain(&c);
}

static void test_two_sleepers(void)
{
	pid_t p = spawn(sleep_in_poll, &b), q = spawn(sleep_in_poll, &c);
	uint32_t i;

	must(wait_until(asleep(p)) && wait_until(asleep(q)));
	trace_clear();
	for (i = 0; i < 60; i++)
		put(a.tx, i % 3 ? 2 + i % 2 : ALL, 1, i, 60);
	must(!txsync(&a));
	must(!reap(p) && !reap(q));
	ok(wakes(2) == 1 && wakes(3) == 1,
	   "rule 5.7: a batch for two sleepers wakes each of them once");
	drain(&b);
	drain(&c);
}

/* The ring is full: there is nothing new for which to wake. */
static void test_full(void)
{
	pid_t pid;

	put_many(2, 1023);
	must(!txsync(&a) && !rxsync(&b) && vsw_ring_avail(b.rx) == 1023);
	b.rx->cur = b.rx->tail;
	pid = spawn(sleep_in_poll, &b);
	must(wait_until(asleep(pid)));
	trace_clear();
	put_many(2, 10);
	must(!txsync(&a));
	ok_eq(wakes(2), 0, "rule 5.7: frames that are dropped wake nobody");
	must(!kill(pid, SIGKILL));
	reap(pid);
	b.rx->cur = b.rx->head;
	drain(&b);
}

int main(void)
{
	test_begin();
	lan_begin();
	dev_new(&a, 1, 1, 1024, 256);
	dev_new(&b, 2, 1, 1024, 256);
	dev_new(&c, 3, 1, 1024, 256);
	if (trace_begin("vsw_wake")) {
		test_one_batch();
		test_many_batches();
		test_nobody_sleeps();
		test_destinations();
		test_two_sleepers();
		test_full();
		trace_end();
	}
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
	return test_end();
}
