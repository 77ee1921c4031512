// SPDX-License-Identifier: GPL-2.0
/*
 * Who attaches pays for the memory: from RLIMIT_MEMLOCK without CAP_IPC_LOCK,
 * and from the memory cgroup. Who cannot pay gets an error, and nobody else
 * suffers; who detaches has it back.
 */
#include <linux/capability.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "vsw_dev.h"

#define CGROUP	"/sys/fs/cgroup/vsw-attach-memory"
#define MIB	(1024 * 1024LL)

/* Regions of ports 1 and 2, about: 4 MiB and 64 MiB. */
#define SMALL	1
#define LARGE	2

static long long small_size;

static void drop_ipc_lock(rlim_t memlock)
{
	struct __user_cap_header_struct hdr = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	struct rlimit limit = { memlock, memlock };

	must(!setrlimit(RLIMIT_MEMLOCK, &limit));
	must(!syscall(SYS_capget, &hdr, data));
	data[CAP_IPC_LOCK / 32].effective &= ~(1u << CAP_IPC_LOCK % 32);
	must(!syscall(SYS_capset, &hdr, data));
}

static int attach_once(void *port)
{
	int fd = dev_open(), err = dev_attach(fd, *(int *)port);

	close(fd);
	return err;
}

static int attach_beyond_memlock(void *unused)
{
	int port = SMALL;

	(void)unused;
	drop_ipc_lock(small_size - 1);
	return attach_once(&port);
}

static int attach_within_memlock(void *unused)
{
	int port = SMALL;

	(void)unused;
	drop_ipc_lock(small_size);
	return attach_once(&port);
}

/* There is room for one region at a time. */
static int attach_in_a_loop(void *unused)
{
	int port = SMALL, i, err;

	(void)unused;
	drop_ipc_lock(small_size * 3 / 2);
	for (i = 0; i < 50; i++) {
		err = attach_once(&port);
		if (err) {
			printf("# time %d: %s\n", i, strerror(err));
			return err;
		}
	}
	return 0;
}

/* The limit is the user's, not the process's. */
static int attach_two(void *unused)
{
	int fd = dev_open();

	(void)unused;
	drop_ipc_lock(small_size * 3 / 2);
	must(wait_until(!dev_attach(fd, SMALL)));
	return dev_attach(dev_open(), 3);
}

static void test_memlock(void)
{
	ok_eq(in_child(attach_beyond_memlock, NULL), ENOMEM,
	      "a region beyond RLIMIT_MEMLOCK: Cannot allocate memory");
	ok(!port_info(SMALL).attached && !port_info(SMALL).region,
	   "RLIMIT_MEMLOCK: the port stays free");
	ok_eq(in_child(attach_within_memlock, NULL), 0,
	      "a region that RLIMIT_MEMLOCK just allows");
	ok_eq(in_child(attach_in_a_loop, NULL), 0,
	      "RLIMIT_MEMLOCK has room again once a port is detached");
	ok_eq(in_child(attach_two, NULL), ENOMEM,
	      "regions add up in RLIMIT_MEMLOCK");
	ok(wait_until(!in_child(attach_within_memlock, NULL)),
	   "all of RLIMIT_MEMLOCK is given back in the end");
}

/*
 * Memory cgroup
 */

static bool cgroup_set(const char *file, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), CGROUP "/%s", file);
	return write_file(path, value);
}

/* A number in a file, behind a word if one is given. */
static long long cgroup_get(const char *name, const char *word)
{
	char path[128], line[128];
	long long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), CGROUP "/%s", name);
	file = fopen(path, "r");
	must(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, word, strlen(word)))
			continue;
		value = atoll(line + strlen(word));
		break;
	}
	fclose(file);
	return value;
}

static long long cgroup_now(void)
{
	return cgroup_get("memory.current", "");
}

static void cgroup_begin(const char *max)
{
	rmdir(CGROUP);
	must(!mkdir(CGROUP, 0755));
	must(cgroup_set("memory.max", max));
}

static void cgroup_end(void)
{
	must(wait_until(!rmdir(CGROUP)));
}

static int attach_in_cgroup(void *port)
{
	must(cgroup_set("cgroup.procs", "0"));
	return attach_once(port);
}

/* Looks like the best one to be killed when memory is short. */
static int bystander(void *pipe_fd)
{
	size_t size = 4 * MIB;
	char *mem, byte = 0;

	must(cgroup_set("cgroup.procs", "0"));
	must(write_file("/proc/self/oom_score_adj", "1000"));
	mem = malloc(size);
	must(mem);
	memset(mem, 1, size);
	must(write(*(int *)pipe_fd, &byte, 1) == 1);
	for (;;)
		pause();
	return 0;
}

static void test_limit(void)
{
	int fd[2], port = LARGE;
	bool killed;
	pid_t pid;
	char byte;

	cgroup_begin("16M");
	must(!pipe(fd));
	pid = spawn(bystander, &fd[1]);
	must(read(fd[0], &byte, 1) == 1);
	ok_eq(in_child(attach_in_cgroup, &port), ENOMEM,
	      "a region beyond memory.max: Cannot allocate memory");
	ok(!port_info(LARGE).attached && !port_info(LARGE).region,
	   "memory.max: the port stays free");
	killed = waitpid(pid, NULL, WNOHANG) == pid;
	ok(!killed, "nobody else is killed for it");
	ok_eq(cgroup_get("memory.events", "oom_kill "), 0,
	      "nobody at all is killed for it");
	ok(wait_until(cgroup_now() < 8 * MIB),
	   "memory.current: what was allocated in vain is given back");
	if (!killed) {
		kill(pid, SIGKILL);
		reap(pid);
	}
	close(fd[0]);
	close(fd[1]);
	cgroup_end();
}

static int attach_and_stay(void *pipes)
{
	int *fd = pipes, dev = dev_open();
	char byte = 0;

	must(cgroup_set("cgroup.procs", "0"));
	must(write(fd[1], &byte, 1) == 1 && read(fd[2], &byte, 1) == 1);
	must(!dev_attach(dev, LARGE));
	must(write(fd[1], &byte, 1) == 1 && read(fd[2], &byte, 1) == 1);
	close(dev);
	must(write(fd[1], &byte, 1) == 1 && read(fd[2], &byte, 1) == 1);
	return 0;
}

static void test_charge(void)
{
	long long before, with, size = 64 * MIB;
	char byte = 0;
	int fd[4];
	pid_t pid;

	cgroup_begin("max");
	must(!pipe(fd) && !pipe(fd + 2));
	pid = spawn(attach_and_stay, (int []){ -1, fd[1], fd[2] });
	must(read(fd[0], &byte, 1) == 1);
	before = cgroup_now();
	must(write(fd[3], &byte, 1) == 1 && read(fd[0], &byte, 1) == 1);
	with = cgroup_now();
	printf("# memory.current %lld, with a region %lld\n", before, with);
	ok(with - before >= size && with - before < size * 11 / 10,
	   "memory.current grows by the region, little more");
	must(write(fd[3], &byte, 1) == 1 && read(fd[0], &byte, 1) == 1);
	ok(wait_until(cgroup_now() < before + MIB),
	   "memory.current shrinks again when the port is detached");
	must(write(fd[3], &byte, 1) == 1);
	must(!reap(pid));
	cgroup_end();
}

static int attach_in_a_loop_in_cgroup(void *unused)
{
	int port = LARGE, i, err = 0;

	(void)unused;
	must(cgroup_set("cgroup.procs", "0"));
	for (i = 0; i < 10 && !err; i++)
		err = attach_once(&port);
	return err;
}

static void test_loop(void)
{
	cgroup_begin("100M");
	ok_eq(in_child(attach_in_a_loop_in_cgroup, NULL), 0,
	      "memory.max has room again once a port is detached");
	cgroup_end();
}

static void test_cgroup(void)
{
	if (access("/sys/fs/cgroup/cgroup.controllers", F_OK)) {
		skip("memory cgroup", "no cgroup2 at /sys/fs/cgroup");
		return;
	}
	test_limit();
	test_charge();
	test_loop();
}

int main(void)
{
	struct dev dev;

	test_begin();
	lan_begin();
	port_add(SMALL, 1, 1024, 2048);
	port_add(LARGE, 1, 2048, 16384);
	port_add(3, 1, 1024, 2048);
	dev_up(&dev, SMALL);
	small_size = dev.info.region_size;
	dev_down(&dev);
	test_memlock();
	test_cgroup();
	lan_end();
	return test_end();
}
