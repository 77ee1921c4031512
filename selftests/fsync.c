// SPDX-License-Identifier: GPL-2.0
/*
 * fsync(2) and fdatasync(2) of an attached port do what VSW_IOC_TXSYNC does:
 * no more, no less, and with its errors.
 *
 *   port 1 --- s0 --- port 2
 */
#include "vsw_dev.h"

#define SLOTS	8

static struct dev a, b;

static void test_sends(const char *what, int (*sync)(int fd), uint32_t seq)
{
	put(a.tx, 2, 1, seq, 60);
	put(b.tx, 1, 2, seq, 60);
	ok(!sync(a.fd) && !rxsync(&b) && got(b.rx, 2, 1, seq, 60),
	   "%s sends what is before head", what);
	ok(!txsync(&b) && !sync(a.fd) && !vsw_ring_avail(a.rx),
	   "%s does not receive", what);
	must(!rxsync(&a) && got(a.rx, 1, 2, seq, 60));
}

static void test_errors(void)
{
	uint32_t head = a.tx->head;
	int fd = dev_open();

	must(fd >= 0);
	ok(fsync(fd) && errno == ENXIO, "fsync without a port");
	close(fd);
	a.tx->head = SLOTS;
	ok(fsync(a.fd) && errno == EINVAL, "fsync checks head");
	a.tx->head = head;
	ok(!fsync(a.fd), "and works when head is repaired");
	port_del(2);
	ok(fsync(b.fd) && errno == ENODEV, "fsync of a port that was deleted");
}

int main(void)
{
	test_begin();
	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 2048);
	dev_new(&b, 2, 1, SLOTS, 2048);
	must(traffic(&a, 1, &b, 2) && traffic(&b, 2, &a, 1));
	test_sends("fsync", fsync, 1);
	test_sends("fdatasync", fdatasync, 2);
	test_errors();
	dev_down(&a);
	dev_down(&b);
	lan_end();
	return test_end();
}
