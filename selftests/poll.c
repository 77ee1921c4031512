// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting: poll, select and epoll say what is ready, and sync on the way.
 */
#include <sys/epoll.h>
#include <sys/select.h>

#include "vsw_dev.h"

static struct dev a, b;

static void begin(uint32_t flags)
{
	lan_begin();
	port_add(1, 1, 16, 256);
	dev_up_flags(&a, 1, flags, 0);
	dev_new(&b, 2, 1, 16, 256);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

static void test_in(void)
{
	begin(0);
	ok_eq(dev_poll(&b, POLLIN, 0), 0, "no frames, no POLLIN");
	send_frame(&a, 2, 1, 1, 60);
	ok_eq(dev_poll(&b, POLLIN, LIMIT_MS), POLLIN, "frames make POLLIN");
	ok_eq(vsw_ring_avail(b.rx), 1, "poll for POLLIN shows the frames");
	ok_eq(dev_poll(&b, POLLIN, LIMIT_MS), POLLIN,
	      "POLLIN stays while a frame is not read");
	ok_eq(dev_poll(&b, POLLIN | POLLRDNORM, LIMIT_MS), POLLIN | POLLRDNORM,
	      "POLLRDNORM is the same");
	must(got(b.rx, 2, 1, 1, 60));
	ok_eq(dev_poll(&b, POLLIN, 0), 0, "POLLIN ends when all is read");

	send_frame(&a, 2, 1, 2, 60);
	must(dev_poll(&b, POLLIN, LIMIT_MS) == POLLIN);
	b.rx->cur = b.rx->tail;
	ok_eq(dev_poll(&b, POLLIN, 0), 0, "cur at tail asks for one more frame");
	ok_eq(vsw_ring_avail(b.rx), 1, "and the one before is kept");
	send_frame(&a, 2, 1, 3, 60);
	ok_eq(dev_poll(&b, POLLIN, LIMIT_MS), POLLIN, "which makes POLLIN");
	ok(got(b.rx, 2, 1, 2, 60) && got(b.rx, 2, 1, 3, 60),
	   "cur at tail loses nothing");
	end();
}

static void test_out(void)
{
	uint32_t i;

	begin(0);
	ok_eq(dev_poll(&a, POLLOUT, LIMIT_MS), POLLOUT, "room makes POLLOUT");
	ok_eq(dev_poll(&a, POLLOUT | POLLWRNORM, LIMIT_MS),
	      POLLOUT | POLLWRNORM, "POLLWRNORM is the same");
	a.tx->cur = a.tx->tail;
	ok_eq(dev_poll(&a, POLLOUT, 0), 0,
	      "cur at tail, nothing sent: no POLLOUT");
	a.tx->cur = a.tx->head;
	for (i = 0; i < 15; i++)
		put(a.tx, 2, 1, i, 60);
	must(!vsw_ring_avail(a.tx));
	ok_eq(dev_poll(&a, POLLOUT, LIMIT_MS), POLLOUT,
	      "poll for POLLOUT sends, which makes room");
	ok_eq(vsw_ring_avail(a.tx), 15, "all of the ring");
	must(!rxsync(&b) && vsw_ring_avail(b.rx) == 15);

	/* Nothing but a sync for POLLIN takes slots back or shows new ones. */
	for (i = 0; i < 15; i++)
		must(got(b.rx, 2, 1, i, 60));
	must(dev_poll(&b, POLLOUT, LIMIT_MS) == POLLOUT);
	send_frame(&a, 2, 1, 0, 60);
	ok_eq(port_info(2).drops.no_room, 1,
	      "poll for POLLOUT does not give slots back");
	must(!dev_poll(&b, POLLIN, 0));
	send_frame(&a, 2, 1, 1, 60);
	ok_eq(port_info(2).drops.no_room, 1, "poll for POLLIN gives them back");
	must(dev_poll(&b, POLLOUT, LIMIT_MS) == POLLOUT);
	ok_eq(vsw_ring_avail(b.rx), 0, "poll for POLLOUT does not show frames");
	ok_eq(dev_poll(&b, POLLIN | POLLOUT, LIMIT_MS), POLLIN | POLLOUT,
	      "poll for both says both");
	end();
}

static bool sends(short events)
{
	static uint32_t seq;

	put(a.tx, 2, 1, ++seq, 60);
	dev_poll(&a, events, 0);
	return recv_frame(&b, 2, 1, seq, 60);
}

static void test_tx_poll(void)
{
	begin(0);
	ok(sends(0), "poll for nothing sends");
	ok(sends(POLLIN), "poll for POLLIN sends");
	ok(sends(POLLOUT), "poll for POLLOUT sends");
	end();

	begin(VSW_ATTACH_NO_TX_POLL);
	ok(!sends(0), "VSW_ATTACH_NO_TX_POLL: poll for nothing does not send");
	ok(!sends(POLLIN), "VSW_ATTACH_NO_TX_POLL: nor for POLLIN");
	must(dev_poll(&a, POLLOUT, LIMIT_MS) == POLLOUT && !rxsync(&b));
	ok(got(b.rx, 2, 1, 4, 60) && got(b.rx, 2, 1, 5, 60),
	   "VSW_ATTACH_NO_TX_POLL: poll for POLLOUT sends");
	put(a.tx, 2, 1, 9, 60);
	ok(!txsync(&a) && recv_frame(&b, 2, 1, 9, 60),
	   "VSW_ATTACH_NO_TX_POLL: so does TXSYNC");
	end();
}

static void test_select(void)
{
	struct timeval none = { 0, 0 }, limit = { LIMIT_MS / 1000, 0 };
	fd_set in, out;

	begin(0);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(b.fd, &in);
	ok_eq(select(b.fd + 1, &in, NULL, NULL, &none), 0,
	      "select: nothing to read");
	send_frame(&a, 2, 1, 1, 60);
	FD_SET(b.fd, &in);
	ok(select(b.fd + 1, &in, NULL, NULL, &limit) == 1 &&
	   FD_ISSET(b.fd, &in), "select: frames to read");
	ok(got(b.rx, 2, 1, 1, 60), "select shows the frame");
	FD_SET(b.fd, &out);
	ok(select(b.fd + 1, NULL, &out, NULL, &limit) == 1 &&
	   FD_ISSET(b.fd, &out), "select: room to write");
	end();
}

/*
 * epoll
 */

static int epoll_of(struct dev *dev, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = dev };
	int ep = epoll_create1(0);

	must(ep >= 0 && !epoll_ctl(ep, EPOLL_CTL_ADD, dev->fd, &ev));
	return ep;
}

static uint32_t epoll_events(int ep, int timeout)
{
	struct epoll_event ev;
	int ret = epoll_wait(ep, &ev, 1, timeout);

	must(ret >= 0);
	return ret ? ev.events : 0;
}

static void test_level(void)
{
	int ep;

	begin(0);
	ep = epoll_of(&b, EPOLLIN);
	ok_eq(epoll_events(ep, 0), 0, "epoll: no frames");
	send_frame(&a, 2, 1, 1, 60);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLIN, "epoll: frames");
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLIN,
	      "epoll: again, while they are not read");
	ok(got(b.rx, 2, 1, 1, 60) && !epoll_events(ep, 0),
	   "epoll: over when they are");
	send_frame(&a, 2, 1, 2, 60);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLIN, "epoll: the next frame");
	close(ep);

	put(a.tx, 2, 1, 3, 60);
	ep = epoll_of(&a, EPOLLIN | EPOLLOUT);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLOUT, "epoll: room");
	must(got(b.rx, 2, 1, 2, 60));
	ok(recv_frame(&b, 2, 1, 3, 60), "epoll sends");
	close(ep);
	end();
}

static void test_edge(void)
{
	int ep;

	begin(0);
	ep = epoll_of(&b, EPOLLIN | EPOLLET);
	send_frame(&a, 2, 1, 1, 60);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLIN, "epoll, edges: a frame");
	ok_eq(epoll_events(ep, 0), 0, "epoll, edges: told once");
	send_frame(&a, 2, 1, 2, 60);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLIN,
	      "epoll, edges: another frame, though the first is not read");
	ok_eq(epoll_events(ep, 0), 0, "epoll, edges: told once, too");
	ok(got(b.rx, 2, 1, 1, 60) && got(b.rx, 2, 1, 2, 60),
	   "epoll, edges: both are there");
	close(ep);
	end();
}

#define MANY	64

static void test_many(void)
{
	struct epoll_event ev[MANY];
	static struct dev dev[MANY];
	int ep = epoll_create1(0), ret;
	uint32_t i, turn;
	bool good = true;

	must(ep >= 0);
	lan_begin();
	dev_new(&a, 1, 1, 16, 256);
	for (i = 0; i < MANY; i++) {
		dev_new(&dev[i], 100 + i, 1, 16, 256);
		ev[0] = (struct epoll_event) { EPOLLIN, { .u32 = i } };
		must(!epoll_ctl(ep, EPOLL_CTL_ADD, dev[i].fd, &ev[0]));
	}
	must(!epoll_wait(ep, ev, MANY, 0));
	for (turn = 0; turn < MANY; turn++) {
		i = turn * 37 % MANY;
		send_frame(&a, 100 + i, 1, turn, 60);
		ret = epoll_wait(ep, ev, MANY, LIMIT_MS);
		good &= ret == 1 && ev[0].data.u32 == i &&
			got(dev[i].rx, 100 + i, 1, turn, 60) &&
			!epoll_wait(ep, ev, MANY, 0);
	}
	ok(good, "epoll with %d ports finds the one that has a frame", MANY);
	send_frame(&a, ALL, 1, 0, 60);
	ok_eq(epoll_wait(ep, ev, MANY, LIMIT_MS), MANY,
	      "epoll with %d ports finds all when all have one", MANY);
	close(ep);
	for (i = 0; i < MANY; i++)
		dev_down(&dev[i]);
	dev_down(&a);
	lan_end();
}

/*
 * Sleepers
 */

static int sleep_in_poll(void *dev)
{
	return dev_poll(dev, POLLIN, LIMIT_MS) != POLLIN;
}

static int sleep_in_epoll(void *dev)
{
	return epoll_events(epoll_of(dev, EPOLLIN), LIMIT_MS) != EPOLLIN;
}

static bool wakes(int (*sleeper)(void *dev), unsigned int to, uint32_t frames)
{
	pid_t pid = spawn(sleeper, &b);
	bool slept = wait_until(asleep(pid));

	while (frames--)
		put(a.tx, to, 1, frames, 60);
	must(!txsync(&a));
	slept &= !reap(pid);
	must(!rxsync(&b));
	vsw_ring_advance(b.rx, vsw_ring_avail(b.rx));
	must(!rxsync(&b));
	return slept;
}

static void test_sleepers(void)
{
	int i;

	begin(0);
	ok(wakes(sleep_in_poll, 2, 1), "a frame wakes who sleeps in poll");
	ok(wakes(sleep_in_epoll, 2, 1), "a frame wakes who sleeps in epoll");
	ok(wakes(sleep_in_poll, ALL, 1), "so does a broadcast");
	ok(wakes(sleep_in_poll, 2, 10), "so do ten frames");
	for (i = 0; i < 30; i++)
		if (!wakes(sleep_in_poll, 2, 1 + i % 15))
			break;
	ok_eq(i, 30, "again and again");
	end();
}

static int sleep_in(void *ep)
{
	return epoll_events(*(int *)ep, LIMIT_MS) != EPOLLIN;
}

/* Who registers with epoll before he attaches hears of frames all the same. */
static void test_early_epoll(void)
{
	pid_t pid;
	int ep;

	lan_begin();
	dev_new(&a, 1, 1, 16, 256);
	port_add(2, 1, 16, 256);
	b.fd = dev_open();
	b.info = dev_request(2);
	ep = epoll_of(&b, EPOLLIN);
	ok_eq(epoll_events(ep, LIMIT_MS), EPOLLERR, "epoll before attaching");
	must(!dev_ioctl(b.fd, VSW_IOC_ATTACH, &b.info));
	dev_map(&b);
	ok_eq(epoll_events(ep, 0), 0, "epoll, attached afterwards: no frames");
	pid = spawn(sleep_in, &ep);
	must(wait_until(asleep(pid)));
	send_frame(&a, 2, 1, 1, 60);
	ok(!reap(pid), "epoll, attached afterwards: a frame wakes who sleeps");
	close(ep);
	end();
}

/* A file hears of its own rings only. */
static void test_rings(void)
{
	struct dev both, one, from;

	lan_begin();
	dev_new(&from, 1, 2, 16, 256);
	dev_new(&both, 2, 2, 16, 256);
	port_add(3, 2, 16, 256);
	dev_up_flags(&one, 3, VSW_ATTACH_ONE_RING, 1);
	put(dev_tx(&from, 0), ALL, 1, 1, 60);
	must(!txsync(&from));
	ok_eq(dev_poll(&one, POLLIN, 0), 0,
	      "a frame in a ring of somebody else is no POLLIN");
	ok_eq(dev_poll(&both, POLLIN, LIMIT_MS), POLLIN,
	      "a frame in any ring of a file is");
	must(got(dev_rx(&both, 0), ALL, 1, 1, 60));
	put(dev_tx(&from, 1), ALL, 1, 2, 60);
	must(!txsync(&from));
	ok(dev_poll(&both, POLLIN, LIMIT_MS) == POLLIN &&
	   dev_poll(&one, POLLIN, LIMIT_MS) == POLLIN,
	   "both files hear of a ring that each has");
	dev_down(&from);
	dev_down(&both);
	dev_down(&one);
	lan_end();
}

int main(void)
{
	test_begin();
	test_in();
	test_out();
	test_tx_poll();
	test_select();
	test_level();
	test_edge();
	test_many();
	test_sleepers();
	test_early_epoll();
	test_rings();
	return test_end();
}
