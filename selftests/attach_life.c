// SPDX-License-Identifier: GPL-2.0
/*
 * How long a port stays attached: until the last descriptor and the last
 * mapping of the file are gone, whoever has them; and what is left of it when
 * the port is deleted meanwhile.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "vsw_dev.h"

static bool is_zero(const char *p, const char *end)
{
	while (p < end)
		if (*p++)
			return false;
	return true;
}

static bool is_fresh(const struct dev *dev)
{
	return !dev->tx->head && !dev->tx->cur && dev->tx->tail == 15 &&
	       !dev->rx->head && !dev->rx->cur && !dev->rx->tail &&
	       !dev->rx->sem[0] && dev->tx->slot[3].len == 2048 &&
	       dev->tx->slot[3].buf_idx != dev->rx->slot[3].buf_idx &&
	       is_zero(vsw_ring_buf(dev->tx, 0),
		       dev->map + dev->info.region_size);
}

static void test_close(void)
{
	struct dev dev, again;
	int copy;

	dev_up(&dev, 1);
	copy = dup(dev.fd);
	must(copy >= 0 && !close(dev.fd));
	dev_unmap(&dev);
	ok_eq(port_info(1).attached, 1, "a copy of the descriptor is enough");
	must(!close(copy));
	ok(!port_info(1).attached && !port_info(1).region,
	   "the last close detaches");

	dev_up(&dev, 1);
	memset(dev.map, 0xff, dev.info.region_size);
	dev_down(&dev);
	dev_up(&again, 1);
	ok(is_fresh(&again),
	   "rule 5.2: who attaches next finds fresh rings and zeros");
	dev_down(&again);
}

static void test_mapping(void)
{
	struct dev dev, again;
	int fd = dev_open();
	size_t half;

	dev_up(&dev, 1);
	must(!close(dev.fd));
	ok_eq(port_info(1).attached, 1, "a mapping keeps the port attached");
	ok_eq(dev_attach(fd, 1), EBUSY, "so nobody else attaches it");
	dev.map[dev.info.region_size - 1] = 0x5a;
	ok(dev.map[dev.info.region_size - 1] == 0x5a && !is_fresh(&dev),
	   "a mapping without descriptor is memory as before");
	half = getpagesize();
	must(!munmap(dev.map, half));
	ok_eq(port_info(1).attached, 1, "so does what is left of a mapping");
	must(!munmap(dev.map + half, dev.info.region_size - half));
	ok_eq(port_info(1).attached, 0, "the last munmap detaches");
	dev_up(&again, 1);
	ok(is_fresh(&again), "who attaches next finds fresh rings");
	dev_down(&again);
	must(!close(fd));
}

/* One of several files with rings of a port lets go, and another comes. */
static void test_one_ring(void)
{
	struct dev keep, leave, next;

	lan_begin();
	port_add(3, 2, 16, 2048);
	port_add(4, 1, 16, 2048);
	dev_up_flags(&keep, 3, VSW_ATTACH_ONE_RING, 0);
	dev_up_flags(&leave, 3, VSW_ATTACH_ONE_RING, 1);
	memset(vsw_slot_buf(leave.tx, 0), 0x5a, 2048);
	leave.tx->slot[0].len = 60;
	vsw_ring_advance(leave.tx, 1);
	must(!txsync(&leave));
	leave.rx->sem[0] = 1;
	dev_down(&leave);
	dev_up_flags(&next, 3, VSW_ATTACH_ONE_RING, 1);
	ok(!next.tx->head && next.tx->tail == 15 && !next.rx->sem[0] &&
	   next.tx->slot[0].len == 2048, "a ring pair begins anew");
	dev_down(&next);
	dev_up(&next, 4);
	ok(traffic(&keep, 3, &next, 4), "the other ring pair goes on meanwhile");
	dev_down(&next);
	dev_down(&keep);
	lan_end();
}

/*
 * The port is deleted
 */

struct sleeper {
	struct dev	*dev;
	pid_t		tid;
	short		revents;
};

static void *sleep_in_poll(void *arg)
{
	struct sleeper *sleeper = arg;

	__atomic_store_n(&sleeper->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	sleeper->revents = dev_poll(sleeper->dev, POLLIN, LIMIT_MS);
	return NULL;
}

static pthread_t start_sleeper(struct sleeper *sleeper, struct dev *dev)
{
	pthread_t thread;

	*sleeper = (struct sleeper) { .dev = dev };
	must(!pthread_create(&thread, NULL, sleep_in_poll, sleeper));
	must(wait_until(__atomic_load_n(&sleeper->tid, __ATOMIC_ACQUIRE)));
	must(wait_until(asleep(sleeper->tid)));
	return thread;
}

static void check_deleted(struct dev *dev, const char *what)
{
	ok_eq(txsync(dev), ENODEV, "%s: TXSYNC says No such device", what);
	ok_eq(rxsync(dev), ENODEV, "%s: RXSYNC says No such device", what);
	ok_eq(dev_poll(dev, POLLIN | POLLOUT, LIMIT_MS), POLLERR | POLLHUP,
	      "%s: poll says that it is over", what);
	ok_eq(dev_attach(dev->fd, 1), EISCONN,
	      "%s: the file attaches nothing else", what);
	memset(dev->map, 0x5a, dev->info.region_size);
	ok(dev->map[dev->info.region_size - 1] == 0x5a,
	   "%s: the memory stays", what);
}

static void test_port_deleted(void)
{
	struct sleeper sleeper;
	struct dev dev, peer, next;
	pthread_t thread;

	lan_begin();
	dev_new(&peer, 2, 1, 16, 2048);
	dev_new(&dev, 1, 1, 16, 2048);
	thread = start_sleeper(&sleeper, &dev);
	port_del(1);
	must(!pthread_join(thread, NULL));
	ok_eq(sleeper.revents, POLLERR | POLLHUP,
	      "who sleeps in poll is woken when the port is deleted");
	check_deleted(&dev, "port deleted");
	dev_new(&next, 1, 1, 16, 2048);
	ok(next.info.region_id != dev.info.region_id && is_fresh(&next),
	   "a new port of the same name has a region of its own");
	ok(traffic(&peer, 2, &next, 1) && traffic(&next, 1, &peer, 2),
	   "and frames get there");
	dev_down(&dev);
	ok(traffic(&peer, 2, &next, 1), "also when the old one has let go");
	dev_down(&next);
	dev_down(&peer);
	lan_end();
}

static void test_switch_deleted(void)
{
	struct sleeper sleeper;
	pthread_t thread;
	struct dev dev;

	lan_begin();
	dev_new(&dev, 1, 1, 16, 2048);
	thread = start_sleeper(&sleeper, &dev);
	lan_end();
	must(!pthread_join(thread, NULL));
	ok_eq(sleeper.revents, POLLERR | POLLHUP,
	      "who sleeps in poll is woken when the switch is deleted");
	check_deleted(&dev, "switch deleted");
	dev_down(&dev);
}

/*
 * Other processes
 */

static int send_from_child(void *dev)
{
	put(((struct dev *)dev)->tx, 2, 1, 7, 100);
	return txsync(dev);
}

static int wait_to_be_killed(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return 0;
}

static void test_fork(void)
{
	struct dev dev, peer;
	pid_t child;

	lan_begin();
	dev_new(&dev, 1, 1, 16, 2048);
	dev_new(&peer, 2, 1, 16, 2048);
	ok(!in_child(send_from_child, &dev) && recv_frame(&peer, 2, 1, 7, 100),
	   "a child sends with the file and the mapping of its parent");
	ok_eq(dev.tx->head, 1, "the parent sees what the child has done");
	ok_eq(port_info(1).attached, 1, "a child that ends detaches nothing");

	child = spawn(wait_to_be_killed, NULL);
	dev_down(&dev);
	ok_eq(port_info(1).attached, 1, "a child keeps the port attached");
	must(!kill(child, SIGKILL));
	reap(child);
	ok(wait_until(!port_info(1).attached),
	   "a process that is killed lets go of its port");
	dev_down(&peer);
	lan_end();
}

static void send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {}, byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	must(sendmsg(sock, &msg, 0) == 1);
}

static int recv_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))] = {}, byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	int fd;

	must(recvmsg(sock, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return fd;
}

/* Has been forked before the port was attached; root over nothing any more. */
static int use_passed_fd(void *sock)
{
	struct dev dev = { .info = { .region_size = 0 } };

	must(!unshare(CLONE_NEWUSER | CLONE_NEWNET));
	dev.fd = recv_fd(*(int *)sock);
	must(read(*(int *)sock, &dev.info, sizeof(dev.info)) ==
	     sizeof(dev.info));
	dev_map(&dev);
	put(dev.tx, 2, 1, 9, 200);
	return txsync(&dev);
}

static void test_pass_fd(void)
{
	struct dev dev, peer;
	int sock[2];
	pid_t pid;

	lan_begin();
	port_add(1, 1, 16, 2048);
	dev_new(&peer, 2, 1, 16, 2048);
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	pid = spawn(use_passed_fd, &sock[1]);
	dev_up(&dev, 1);
	send_fd(sock[0], dev.fd);
	dev_down(&dev);
	ok_eq(port_info(1).attached, 1,
	      "a descriptor on its way keeps the port attached");
	must(write(sock[0], &dev.info, sizeof(dev.info)) == sizeof(dev.info));
	ok(!reap(pid) && recv_frame(&peer, 2, 1, 9, 200),
	   "who gets a descriptor maps and sends without further rights");
	ok(wait_until(!port_info(1).attached), "and detaches in the end");
	dev_down(&peer);
	close(sock[0]);
	close(sock[1]);
	lan_end();
}

/* Attach port 3 in a namespace that goes with this process. */
static int attach_in_ns(void *sock)
{
	struct vsw_attach req = dev_request(3);
	int s = *(int *)sock, fd;
	char byte = 0;

	must(!unshare(CLONE_NEWNET));
	must(write(s, &byte, 1) == 1 && read(s, &byte, 1) == 1);
	fd = dev_open();
	must(!dev_ioctl(fd, VSW_IOC_ATTACH, &req));
	send_fd(s, fd);
	return write(s, &req, sizeof(req)) != sizeof(req);
}

static void test_namespace_gone(void)
{
	struct dev dev;
	char byte = 0;
	int sock[2];
	pid_t pid;

	lan_begin();
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, sock));
	pid = spawn(attach_in_ns, &sock[1]);
	must(read(sock[0], &byte, 1) == 1);
	must(!port_new(3, 1, 16, 2048, pid));
	must(write(sock[0], &byte, 1) == 1);
	dev.fd = recv_fd(sock[0]);
	must(read(sock[0], &dev.info, sizeof(dev.info)) == sizeof(dev.info));
	dev_map(&dev);
	must(!reap(pid));
	ok_eq(dev_poll(&dev, POLLIN, LIMIT_MS), POLLERR | POLLHUP,
	      "a port goes with its namespace, which an open file does not hold");
	ok_eq(txsync(&dev), ENODEV, "and sync says No such device");
	dev_down(&dev);
	close(sock[0]);
	close(sock[1]);
	lan_end();
}

int main(void)
{
	test_begin();
	lan_begin();
	port_add(1, 1, 16, 2048);
	test_close();
	test_mapping();
	lan_end();
	test_one_ring();
	test_port_deleted();
	test_switch_deleted();
	test_fork();
	test_pass_fd();
	test_namespace_gone();
	return test_end();
}
