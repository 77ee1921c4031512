// SPDX-License-Identifier: GPL-2.0
/*
 * VSW_IOC_ATTACH and its errors, each of which changes nothing; what may be
 * done with a file that has no port, and how a region may be mapped.
 */
#include <linux/capability.h>
#include <sys/syscall.h>

#include "vsw_dev.h"

#define RINGS	4

static union {
	struct vsw_attach	attach;
	char			bytes[2 * 65536];
} arg;

static struct vsw_attach *request(void)
{
	memset(&arg, 0, sizeof(arg));
	arg.attach = dev_request(1);
	return &arg.attach;
}

/* An attach that fails with @err; afterwards the file and port are as before. */
static void refused(int err, const char *what)
{
	int fd = dev_open(), got;

	got = dev_ioctl(fd, VSW_IOC_ATTACH, &arg);
	ok_eq(got, err, "%s: %s", what, strerror(err));
	ok(!port_info(1).attached && !dev_attach(fd, 1),
	   "%s: the port stays free, and the file usable", what);
	must(!close(fd));
}

static void no_error(const char *what)
{
	int fd = dev_open();

	ok_eq(dev_ioctl(fd, VSW_IOC_ATTACH, &arg), 0, "%s is accepted", what);
	must(!close(fd));
}

static void test_size(void)
{
	uint32_t page = getpagesize();

	request()->size = 0;
	refused(EINVAL, "size 0");
	request()->size = 63;
	refused(EINVAL, "size 63");
	request()->size = page + 1;
	refused(E2BIG, "size beyond a page");
	request()->size = 0xffffffff;
	refused(E2BIG, "size 0xffffffff");
	request()->size = 72;
	no_error("a longer struct that ends with zeros");
	request()->size = page;
	no_error("a struct of a page that ends with zeros");
	request()->size = 65;
	arg.bytes[64] = 1;
	refused(E2BIG, "a non-zero byte behind the struct");
	request()->size = page;
	arg.bytes[page - 1] = 1;
	refused(E2BIG, "a non-zero byte at the end of a page");
}

static void test_fields(void)
{
	unsigned int bit, bad = 0;
	int fd;

	request()->flags = 1u << 31;
	refused(EINVAL, "an unknown flag");
	for (bit = 3; bit < 32; bit++) {
		fd = dev_open();
		request()->flags = 1u << bit;
		bad += dev_ioctl(fd, VSW_IOC_ATTACH, &arg) != EINVAL;
		must(!close(fd));
	}
	ok_eq(bad, 0, "no unknown flag is accepted");
	request()->reserved = 1;
	refused(EINVAL, "reserved is not zero");
	memset(request()->name, 'p', VSW_NAME_SIZE);
	refused(EINVAL, "a name that does not end");
	request()->name[0] = '\0';
	refused(ENODEV, "an empty name");
	strcpy(request()->name, "nobody");
	refused(ENODEV, "an unknown name");
	request()->ring = 1;
	refused(EINVAL, "a ring without VSW_ATTACH_ONE_RING");
	request()->flags = VSW_ATTACH_ONE_RING;
	arg.attach.ring = RINGS;
	refused(EINVAL, "a ring behind the last one");
	request()->flags = VSW_ATTACH_ONE_RING;
	arg.attach.ring = 0xffffffff;
	refused(EINVAL, "ring 0xffffffff");
}

static void test_pointer(void)
{
	struct vsw_attach req = dev_request(1);
	size_t page = getpagesize();
	int fd = dev_open();
	char *mem;

	mem = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(mem != MAP_FAILED && !mprotect(mem + page, page, PROT_NONE));
	ok_eq(dev_ioctl(fd, VSW_IOC_ATTACH, NULL), EFAULT,
	      "no struct: Bad address");
	memcpy(mem + page - 32, &req, 32);
	ok_eq(dev_ioctl(fd, VSW_IOC_ATTACH, mem + page - 32), EFAULT,
	      "half a struct: Bad address");
	memcpy(mem, &req, sizeof(req));
	must(!mprotect(mem, page, PROT_READ));
	ok_eq(dev_ioctl(fd, VSW_IOC_ATTACH, mem), EFAULT,
	      "a struct that cannot be answered: Bad address");
	ok(!port_info(1).attached && !dev_attach(fd, 1),
	   "bad addresses: the port stays free, and the file usable");
	must(!munmap(mem, 2 * page) && !close(fd));
}

static void test_busy(void)
{
	int a = dev_open(), b = dev_open(), c = dev_open();
	struct vsw_attach one = dev_request(1);

	must(!dev_attach(a, 1));
	ok_eq(dev_attach(a, 1), EISCONN, "a file attaches once");
	ok_eq(dev_attach(b, 1), EBUSY, "who has a port has it alone");
	one.flags = VSW_ATTACH_ONE_RING;
	ok_eq(dev_ioctl(b, VSW_IOC_ATTACH, &one), EBUSY,
	      "who has a port has each of its rings");
	ok_eq(port_info(1).attached, RINGS, "all ring pairs are attached");
	must(!close(a));

	ok_eq(dev_ioctl(b, VSW_IOC_ATTACH, &one), 0,
	      "the file that was refused attaches one ring pair");
	ok_eq(port_info(1).attached, 1, "one ring pair is attached");
	ok_eq(dev_ioctl(c, VSW_IOC_ATTACH, &one), EBUSY,
	      "a ring pair is attached once");
	ok_eq(dev_attach(c, 1), EBUSY, "not all ring pairs are free");
	ok_eq(dev_ioctl(b, VSW_IOC_ATTACH, &one), EISCONN,
	      "a file attaches one ring pair only");
	one.ring = RINGS - 1;
	ok_eq(dev_ioctl(c, VSW_IOC_ATTACH, &one), 0,
	      "another file attaches another ring pair");
	must(!close(b));
	ok_eq(port_info(1).attached, 1, "each file detaches what it had");
	must(!close(c));
	ok_eq(port_info(1).attached, 0, "nothing is attached in the end");
}

/*
 * Rights and namespaces
 */

static void drop_cap(int cap)
{
	struct __user_cap_header_struct hdr = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	must(!syscall(SYS_capget, &hdr, data));
	data[cap / 32].effective &= ~(1u << cap % 32);
	must(!syscall(SYS_capset, &hdr, data));
}

static int attach_without_cap(void *fd)
{
	drop_cap(CAP_NET_RAW);
	return dev_attach(*(int *)fd, 1);
}

/* Root of a user namespace has the capability, but not over our namespace. */
static int attach_from_userns(void *fd)
{
	must(!unshare(CLONE_NEWUSER | CLONE_NEWNET));
	return dev_attach(*(int *)fd, 1);
}

static int attach_elsewhere(void *unused)
{
	(void)unused;
	must(!unshare(CLONE_NEWNET));
	return dev_attach(dev_open(), 1);
}

/* Opened here, used there. */
static int attach_opened_before(void *unused)
{
	int fd = dev_open();

	(void)unused;
	must(!unshare(CLONE_NEWNET));
	return dev_attach(fd, 1);
}

/* Opened there, used here. */
static int attach_opened_there(void *unused)
{
	int home = open("/proc/self/ns/net", O_RDONLY), fd;

	(void)unused;
	must(home >= 0 && !unshare(CLONE_NEWNET));
	fd = dev_open();
	must(!setns(home, CLONE_NEWNET));
	return dev_attach(fd, 1);
}

static void test_rights(void)
{
	int fd = dev_open();

	ok_eq(in_child(attach_without_cap, &fd), EPERM,
	      "without CAP_NET_RAW: Operation not permitted");
	ok_eq(in_child(attach_from_userns, &fd), EPERM,
	      "root of another user namespace: Operation not permitted");
	ok(!port_info(1).attached && !dev_attach(fd, 1),
	   "the port stays free, and the file usable");
	must(!close(fd));
	ok_eq(in_child(attach_elsewhere, NULL), ENODEV,
	      "a port of another network namespace is not found");
	ok_eq(in_child(attach_opened_there, NULL), ENODEV,
	      "a file looks where it was opened, not where its user is");
	ok_eq(in_child(attach_opened_before, NULL), 0,
	      "a file keeps the namespace in which it was opened");
}

/* In a container: a user namespace with a network namespace of its own. */
static int container(void *pipes)
{
	int *fd = pipes, dev;
	char c = 0;

	must(!unshare(CLONE_NEWUSER | CLONE_NEWNET));
	must(write(fd[1], &c, 1) == 1 && read(fd[2], &c, 1) == 1);
	dev = dev_open();
	if (dev_attach(dev, 2))
		return 1;
	close(dev);
	drop_cap(CAP_NET_RAW);
	return dev_attach(dev_open(), 2) == EPERM ? 0 : 2;
}

static void test_container(void)
{
	int fd[4];
	char c = 0;
	pid_t pid;

	must(!pipe(fd) && !pipe(fd + 2));
	pid = spawn(container, (int []){ -1, fd[1], fd[2] });
	must(read(fd[0], &c, 1) == 1);
	must(!port_new(2, 1, 16, 256, pid));
	must(write(fd[3], &c, 1) == 1);
	ok_eq(reap(pid), 0, "root of a container attaches with CAP_NET_RAW only");
}

/*
 * Files without a port, and mappings
 */

static void test_unattached(void)
{
	struct dev dev = { .fd = dev_open() };
	char byte = 0;

	ok_eq(txsync(&dev), ENXIO, "TXSYNC without a port");
	ok_eq(rxsync(&dev), ENXIO, "RXSYNC without a port");
	ok_eq(dev_poll(&dev, POLLIN | POLLOUT, LIMIT_MS), POLLERR,
	      "poll without a port");
	errno = 0;
	ok(mmap(NULL, 4096, PROT_READ, MAP_SHARED, dev.fd, 0) == MAP_FAILED &&
	   errno == ENXIO, "mmap without a port");
	ok_eq(dev_ioctl(dev.fd, _IO(VSW_IOC_MAGIC, 0x7f), NULL), ENOTTY,
	      "an unknown ioctl");
	ok_eq(dev_ioctl(dev.fd, _IO('i', 146), NULL), ENOTTY,
	      "an ioctl of somebody else");
	must(!dev_attach(dev.fd, 1));
	errno = 0;
	ok(read(dev.fd, &byte, 1) == -1 && errno == EINVAL, "no read");
	ok(write(dev.fd, &byte, 1) == -1 && errno == EINVAL, "no write");
	ok(lseek(dev.fd, 0, SEEK_SET) == -1 && errno == ESPIPE, "no lseek");
	must(!close(dev.fd));
}

static int map_errno(const struct dev *dev, size_t len, int prot, int flags,
		     off_t ofs)
{
	void *map = mmap(NULL, len, prot, flags, dev->fd, ofs);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, len);
	return 0;
}

static void test_map_limits(const struct dev *dev)
{
	const int rw = PROT_READ | PROT_WRITE;
	size_t page = getpagesize(), size = dev->info.region_size;

	ok_eq(map_errno(dev, size + page, rw, MAP_SHARED, 0), EINVAL,
	      "a mapping ends with the region");
	ok_eq(map_errno(dev, 2 * page, rw, MAP_SHARED, size - page), EINVAL,
	      "a mapping of its end does, too");
	ok_eq(map_errno(dev, page, rw, MAP_SHARED, size), EINVAL,
	      "nothing is mapped behind the region");
	ok_eq(map_errno(dev, page, rw, MAP_SHARED, 1L << 50), EINVAL,
	      "nor far behind it");
	ok_eq(map_errno(dev, size, rw, MAP_PRIVATE, 0), EINVAL,
	      "a mapping is shared");
	ok_eq(map_errno(dev, page, rw, MAP_SHARED, size - page), 0,
	      "the last page can be mapped");
	errno = 0;
	ok(mremap(dev->map, size, 2 * size, MREMAP_MAYMOVE) == MAP_FAILED,
	   "a mapping does not grow");
}

static void test_map_parts(const struct dev *dev)
{
	size_t page = getpagesize(), size = dev->info.region_size;
	char *part, *whole;

	part = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED,
		    dev->fd, size - 2 * page);
	whole = mmap(NULL, size, PROT_READ, MAP_SHARED, dev->fd, 0);
	must(part != MAP_FAILED && whole != MAP_FAILED);
	part[page] = 0x5a;
	ok(dev->map[size - page] == 0x5a, "a part shows the same memory");
	ok(whole[size - page] == 0x5a, "so does a mapping that is read-only");
	munmap(whole, size);
	munmap(part, 2 * page);
}

static void test_map(void)
{
	struct dev dev, reader;
	void *map;

	dev_up(&dev, 1);
	test_map_limits(&dev);
	test_map_parts(&dev);
	dev_down(&dev);

	reader.fd = open(DEVICE, O_RDONLY);
	must(reader.fd >= 0 && !dev_attach(reader.fd, 1));
	ok_eq(map_errno(&reader, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0),
	      EACCES, "who opened to read does not map to write");
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader.fd, 0);
	ok(map != MAP_FAILED && mprotect(map, 4096, PROT_WRITE) &&
	   errno == EACCES, "but maps to read, and it stays so");
	munmap(map, 4096);
	must(!close(reader.fd));
}

int main(void)
{
	test_begin();
	lan_begin();
	port_add(1, RINGS, 16, 256);
	test_size();
	test_fields();
	test_pointer();
	test_busy();
	test_rights();
	test_container();
	test_unattached();
	test_map();
	lan_end();
	return test_end();
}
