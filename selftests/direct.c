// SPDX-License-Identifier: GPL-2.0
/*
 * VSW_ATTACH_RX_DIRECT: senders write tail and read head, so that to receive
 * takes no system call; and a head that is wrong harms nobody else.
 *
 *	 sender    direct    ordinary
 *	 port 1    port 2     port 3
 *	 --+------ s0 +---------+---
 */
#include "vsw_full.h"

static struct dev a, b, c;

static void begin(uint32_t slots, uint32_t rings)
{
	lan_begin();
	dev_new(&a, 1, rings, 64, 256);
	port_add(2, rings, slots, 256);
	dev_up_flags(&b, 2, VSW_ATTACH_RX_DIRECT, 0);
	dev_new(&c, 3, rings, 64, 256);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

static void send_seq(uint32_t seq, uint32_t num)
{
	put_seq(&a, 2, 1, seq, num);
	must(!txsync(&a));
}

/* Take @num frames from number @seq on, without a sync; whether they are there. */
static bool take_direct(uint32_t seq, uint32_t num)
{
	bool good = vsw_ring_avail(b.rx) >= num;

	while (good && num--)
		good = got(b.rx, 2, 1, seq++, 60);
	return good;
}

static void test_no_sync(void)
{
	uint32_t seq;
	bool good = true;

	begin(16, 1);
	send_seq(0, 5);
	ok_eq(b.rx->tail, 5, "tail moves without a sync");
	ok(take_direct(0, 5), "and the frames are there");
	send_seq(5, 20);
	ok(vsw_ring_avail(b.rx) == 15 && port_info(2).drops.no_room == 5,
	   "a full ring is full");
	vsw_ring_advance(b.rx, 10);
	send_seq(25, 12);
	ok(vsw_ring_avail(b.rx) == 15 && port_info(2).drops.no_room == 7,
	   "head is read without a sync");
	ok(take_direct(15, 5) && take_direct(25, 10),
	   "nothing is overwritten before");
	for (seq = 100; good && seq < 100000; seq += 10) {
		send_seq(seq, 10);
		good = take_direct(seq, 10);
	}
	ok(good, "100000 frames, no sync");
	ok(!b.rx->flags && !b.rx->ts.sec && !b.rx->ts.usec,
	   "no flag, no time");
	send_seq(0, 3);
	ok(!rxsync(&b) && take_direct(0, 3) && !rxsync(&b),
	   "a sync does no harm");
	put_pieces(a.tx, 2, 1, 7, 700, 200);
	must(!txsync(&a));
	ok(vsw_ring_avail(b.rx) == 3 && got(b.rx, 2, 1, 7, 700),
	   "a frame of several slots is shown as a whole");
	end();
}

static void test_spoiled(void)
{
	begin(16, 1);
	b.rx->slot[0].buf_idx = 1;
	send_seq(0, 2);
	ok(b.rx->tail == 2 && !b.rx->slot[0].len &&
	   port_info(2).drops.bad_rx_slot == 1,
	   "a slot that was spoiled comes empty");
	vsw_ring_advance(b.rx, 1);
	ok(take_direct(1, 1), "the others are as ever");
	b.rx->tail = 11;
	send_seq(2, 1);
	ok_eq(b.rx->tail, 3, "a tail that was overwritten is written anew");
	end();
}

static void test_others(void)
{
	begin(16, 1);
	put_seq(&a, ALL, 1, 0, 3);
	must(!txsync(&a));
	ok_eq(b.rx->tail, 3, "a flooded frame is shown to a direct receiver");
	ok(!c.rx->tail && take_seq(&c, ALL, 1, 0) == 3,
	   "and by a sync to an ordinary one");
	put_seq(&b, 3, 2, 0, 4);
	ok(!take_seq(&c, 3, 2, 0) && vsw_ring_avail(b.tx) == 11,
	   "to send takes a sync as ever");
	ok(!txsync(&b) && vsw_ring_avail(b.tx) == 15 &&
	   take_seq(&c, 3, 2, 0) == 4, "which sends all");
	dev_down(&b);
	dev_up(&b, 2);
	send_seq(0, 3);
	ok(!b.rx->tail && !rxsync(&b) && b.rx->tail == 3,
	   "who attaches the port without the flag has to sync again");
	end();
}

/* One ring pair direct, the other not. */
static void test_rings(void)
{
	struct dev one;

	begin(16, 2);
	dev_down(&b);
	dev_up_flags(&b, 2, VSW_ATTACH_ONE_RING | VSW_ATTACH_RX_DIRECT, 0);
	dev_up_flags(&one, 2, VSW_ATTACH_ONE_RING, 1);
	put(dev_tx(&a, 0), 2, 1, 0, 60);
	put(dev_tx(&a, 1), 2, 1, 1, 60);
	must(!txsync(&a));
	ok(take_direct(0, 1) && !one.rx->tail,
	   "of two rings, the one is direct and the other is not");
	ok(recv_frame(&one, 2, 1, 1, 60), "both receive");
	dev_down(&one);
	end();
}

static int sleep_for_frames(void *dev)
{
	return dev_poll(dev, POLLIN, LIMIT_MS) != POLLIN;
}

static void test_poll(void)
{
	uint32_t i;
	bool good = true;
	pid_t pid;

	begin(16, 1);
	ok(!dev_poll(&b, POLLIN, 0), "no POLLIN without frames");
	send_seq(0, 2);
	ok_eq(dev_poll(&b, POLLIN, 0), POLLIN, "POLLIN with frames");
	vsw_ring_advance(b.rx, 1);
	ok_eq(dev_poll(&b, POLLIN, 0), POLLIN, "also when some are taken");
	b.rx->cur = b.rx->tail;
	ok(!dev_poll(&b, POLLIN, 0), "not for those before cur");
	vsw_ring_advance(b.rx, 1);
	for (i = 0; good && i < 100; i++) {
		pid = spawn(sleep_for_frames, &b);
		must(wait_until(asleep(pid)));
		send_seq(i, 1);
		good = !reap(pid) && take_direct(i, 1);
	}
	ok(good, "who sleeps is woken");
	end();
}

static void test_need_sync(void)
{
	pid_t pid;

	begin(16, 1);
	port_policy(2, VSW_ON_FULL_BLOCK, 0);
	send_seq(0, 15);
	ok(!waiting(&a) && !b.rx->flags, "nobody waits: no flag");
	send_seq(15, 63);
	ok(waiting(&a) == 63 && b.rx->flags == VSW_RING_NEED_SYNC,
	   "a sender waits: VSW_RING_NEED_SYNC");
	pid = spawn(sleep_for_room, &a);
	must(wait_until(asleep(pid)));
	ok(vsw_ring_release(b.rx, 8), "who receives is told to sync");
	ok(asleep(pid), "until then the sender sleeps");
	ok(!rxsync(&b) && woken(pid), "the sync wakes it");
	ok(waiting(&a) == 63 - 8 && vsw_ring_avail(b.rx) == 15,
	   "and it sends what there is room for");
	while (vsw_ring_avail(b.rx)) {
		if (vsw_ring_release(b.rx, 1))
			must(!rxsync(&b));
		must(!txsync(&a));
	}
	ok(!waiting(&a) && port_info(2).stats.rx_frames == 78 &&
	   !port_drops(2), "all frames come");
	send_seq(0, 1);
	must(take_direct(0, 1) && !rxsync(&b));
	ok(!b.rx->flags && !vsw_ring_release(b.rx, 0),
	   "nobody waits any more: no flag");

	send_seq(0, 63);
	fill_up(&a, 2, 1, 63);
	pid = spawn(sleep_for_room, &a);
	must(wait_until(asleep(pid)));
	b.rx->cur = b.rx->tail;
	b.rx->head = b.rx->tail;
	ok_eq(dev_poll(&b, POLLIN, LIMIT_MS), POLLIN,
	      "to wait for frames is a sync, too");
	ok(woken(pid), "and wakes the sender");
	end();
}

static void test_deadline(void)
{
	begin(16, 1);
	port_policy(2, VSW_ON_FULL_BLOCK, 50);
	send_seq(0, 63);
	ok(wait_until(!txsync(&a) && !waiting(&a)) &&
	   port_info(2).drops.deadline == 63 - 15,
	   "the deadline of a receiver that does not move head");
	ok(take_direct(0, 15), "it has what came before");
	send_seq(15, 20);
	ok(waiting(&a) == 5 && port_info(2).drops.deadline == 63 - 15,
	   "to move head is to receive");
	end();
}

/* The ring has 16 slots, and head may be 4 to 9. */
static void test_wrong_head(uint32_t head)
{
	int expected = head < 16 ? ERANGE : EINVAL;

	begin(16, 1);
	send_seq(0, 4);
	must(take_direct(0, 4) && !rxsync(&b));
	send_seq(4, 5);
	__atomic_store_n(&b.rx->head, head, __ATOMIC_RELEASE);
	ok_eq(rxsync(&b), expected, "head %u: what a sync says of it", head);
	send_seq(9, 20);
	ok(port_info(2).stats.rx_frames == 19 && port_info(2).drops.no_room == 10,
	   "head %u: the ring is full when it is", head);
	b.rx->head = 4;
	ok(take_direct(4, 15) && !rxsync(&b) && traffic(&a, 1, &b, 2),
	   "head %u: with the right one all is there", head);
	end();
}

static int scribble_head(void *arg)
{
	uint32_t x = 1;

	(void)arg;
	do {
		x = x * 1664525 + 1013904223;
		b.rx->head = x >> 28 ? x >> 27 : x;
		b.rx->cur = x >> 16;
	} while (x);
	return 0;
}

/* A program that writes anything to head, while others exchange frames. */
static void test_scribbler(enum vsw_on_full on_full)
{
	uint32_t round;
	bool good = true;
	pid_t pid;

	begin(16, 1);
	port_policy(2, on_full, 0);
	pid = spawn(scribble_head, NULL);
	for (round = 0; good && round < 20000; round++) {
		if (vsw_ring_avail(a.tx) > 10)
			put_seq(&a, 2, 1, round, 10);
		rxsync(&b);
		good = traffic(&c, 3, &a, 1) &&
		       (on_full == VSW_ON_FULL_BLOCK || traffic(&a, 1, &c, 3));
	}
	must(!kill(pid, SIGKILL));
	reap(pid);
	ok(good,
	   "rule 5.1: on-full %s, a head that jumps: no harm to others",
	   on_full == VSW_ON_FULL_DROP ? "drop" : "block");
	dev_down(&b);
	dev_up_flags(&b, 2, VSW_ATTACH_RX_DIRECT, 0);
	must(!txsync(&a));
	vsw_ring_advance(b.rx, vsw_ring_avail(b.rx));
	while (waiting(&a) && !txsync(&a))
		vsw_ring_advance(b.rx, vsw_ring_avail(b.rx));
	send_seq(0, 10);
	ok(take_direct(0, 10), "and the next receiver has frames as ever");
	end();
}

int main(void)
{
	const uint32_t wrong[] = { 3, 0, 10, 15, 16, 17, 1u << 31, UINT32_MAX };
	size_t i;

	test_begin();
	test_no_sync();
	test_spoiled();
	test_others();
	test_rings();
	test_poll();
	test_need_sync();
	test_deadline();
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		test_wrong_head(wrong[i]);
	test_scribbler(VSW_ON_FULL_DROP);
	test_scribbler(VSW_ON_FULL_BLOCK);
	return test_end();
}
