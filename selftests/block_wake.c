// SPDX-License-Identifier: GPL-2.0
/*
 * on-full block: a sender that sleeps is woken when there is room, or when
 * nobody has to wait any more.
 *
 *	 sender    receiver    second sender
 *	  port 1    port 2      port 3
 *	 ---+------ s0 -+----------+---
 */
#include "vsw_full.h"

static struct dev a, b, c;

static void begin(uint32_t tx_slots, uint32_t rx_slots)
{
	lan_begin();
	dev_new(&a, 1, 1, tx_slots, 256);
	block_new(&b, 2, rx_slots, 256, 0);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* A child must not keep the port of the receiver. */
static int sleep_alone(void *dev)
{
	dev_down(&b);
	return sleep_for_room(dev);
}

/* Both rings are full. */
static void fill_both(void)
{
	while (vsw_ring_avail(a.tx))
		fill_up(&a, 2, 1, 0);
}

/* A ring of 16 slots is full; who waits for it sleeps. */
static pid_t begin_full(void)
{
	pid_t pid;

	begin(8, 16);
	fill_both();
	pid = spawn(sleep_alone, &a);
	must(wait_until(asleep(pid)));
	return pid;
}

static void take_some(uint32_t num)
{
	must(!rxsync(&b) && vsw_ring_avail(b.rx) >= num);
	vsw_ring_advance(b.rx, num);
	must(!rxsync(&b));
}

static void test_room(void)
{
	pid_t pid = begin_full();

	take_some(6);
	ok(asleep(pid),
	   "rule 5.7: less than half of the ring: the sender sleeps on");
	take_some(1);
	ok(woken(pid), "half of the ring: it is woken");
	ok(!txsync(&a) && !waiting(&a), "and has room");
	end();
}

static void test_receiver_waits(void)
{
	pid_t pid = begin_full();

	take_some(1);
	b.rx->cur = b.rx->tail;
	ok_eq(dev_poll(&b, POLLIN, LIMIT_MS), POLLIN,
	      "a receiver that waits for more gets it");
	ok(woken(pid), "as the sender is woken");
	end();
}

static void test_receiver_goes(void)
{
	pid_t pid = begin_full();

	dev_down(&b);
	ok(woken(pid), "rule 5.9: the receiver detaches: the sender is woken");
	ok(!txsync(&a) && !waiting(&a) && port_info(1).drops.no_port == 7,
	   "what waited is counted as dropped");
	dev_up(&b, 2);
	ok(traffic(&a, 1, &b, 2), "the next receiver gets new frames");
	end();
}

static void test_receiver_killed(void)
{
	struct dev mine;
	pid_t pid, victim;

	begin(8, 16);
	dev_down(&b);
	fflush(stdout);
	victim = fork();
	must(victim >= 0);
	if (!victim) {
		dev_up(&mine, 2);
		for (;;)
			pause();
	}
	must(wait_until(port_info(2).attached == 1));
	fill_both();
	pid = spawn(sleep_for_room, &a);
	must(wait_until(asleep(pid)));
	must(!kill(victim, SIGKILL));
	ok(woken(pid), "rule 5.9: the receiver is killed: the sender is woken");
	reap(victim);
	dev_up(&b, 2);
	end();
}

static void test_port_deleted(void)
{
	pid_t pid = begin_full();

	port_del(2);
	ok(woken(pid), "the port is deleted: the sender is woken");
	ok(!txsync(&a) && !waiting(&a) && port_drops(1) == 7,
	   "what waited is counted as dropped");
	end();
}

static void test_own_port_deleted(void)
{
	pid_t pid = begin_full();

	port_del(1);
	ok_eq(reap(pid), 1, "its own port is deleted: it is woken");
	ok_eq(dev_poll(&a, POLLOUT, 0), POLLERR | POLLHUP, "and told so");
	end();
}

static void test_policy(void)
{
	pid_t pid = begin_full();

	port_policy(2, VSW_ON_FULL_DROP, 0);
	ok(woken(pid), "on-full drop from now on: the sender is woken");
	ok(!txsync(&a) && !waiting(&a) && port_info(2).drops.no_room == 7,
	   "what waited is counted as dropped");
	end();
}

/* No matter when: the sender gets there, or this does not end. */
static void test_deadline(void)
{
	uint32_t i;
	pid_t pid = begin_full();

	port_policy(2, VSW_ON_FULL_BLOCK, 50);
	ok(woken(pid), "a deadline from now on: the sender is woken by it");
	ok(!txsync(&a) && !waiting(&a) && port_info(2).drops.deadline == 7,
	   "what waited is counted as dropped");
	fill_up(&a, 2, 1, 0);
	ok(!waiting(&a) && port_info(2).drops.deadline == 14,
	   "and so is what comes later");
	take_some(15);
	for (i = 0; i < 3; i++)
		fill_up(&a, 2, 1, 0);
	ok(waiting(&a) && port_info(2).drops.deadline == 14,
	   "a receiver that receives is waited for again");
	fill_up(&a, 2, 1, 0);
	ok(woken(spawn(sleep_for_room, &a)), "until the deadline");
	must(!txsync(&a));
	ok(wait_until(!txsync(&a) && !waiting(&a)) &&
	   port_info(1).stats.tx_frames == port_info(2).stats.rx_frames +
	   port_drops(2), "all is counted exactly");
	end();
}

static int send_too_long(void *dev)
{
	for (;;) {
		put_pieces(((struct dev *)dev)->tx, 2, 3, 0, 5000, 256);
		if (txsync(dev))
			return 1;
	}
}

/* Frames that never fit are no sign of life of the receiver. */
static void test_deadline_others(void)
{
	pid_t pid, other;

	pid = begin_full();
	dev_new(&c, 3, 1, 64, 256);
	other = spawn(send_too_long, &c);
	must(wait_until(port_info(2).drops.too_long > 0));
	port_policy(2, VSW_ON_FULL_BLOCK, 100);
	ok(woken(pid), "frames of others that never fit put no deadline off");
	must(!kill(other, SIGKILL));
	reap(other);
	dev_down(&c);
	end();
}

int main(void)
{
	test_begin();
	test_room();
	test_receiver_waits();
	test_receiver_goes();
	test_receiver_killed();
	test_port_deleted();
	test_own_port_deleted();
	test_policy();
	test_deadline();
	test_deadline_others();
	return test_end();
}
