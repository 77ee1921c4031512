// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: network namespaces by name, as ip-netns(8) keeps them
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "netns.h"
#include "parse.h"

static const char *const dirs[] = { "/run/netns", "/var/run/netns" };

/* One command names one namespace at most. */
static int request_fd = -1;

static struct names {
	bool		known;
	unsigned int	n;
	struct {
		int32_t	id;
		char	name[NAME_MAX + 1];
	} *entry;
} names;

static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A name of ip-netns(8), or a path. Returns -1 with errno set. */
static int open_netns(const char *value)
{
	char path[PATH_MAX];
	unsigned int i;
	int fd = -1;

	if (value[0] == '/')
		return open_file(value);
	errno = ENOENT;
	if (!*value || strchr(value, '/') || !strcmp(value, ".") ||
	    !strcmp(value, ".."))
		return -1;
	for (i = 0; fd < 0 && i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", dirs[i], value);
		fd = open_file(path);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	return fd;
}

static bool is_pid(const char *value, uint64_t *pid)
{
	return parse_u64(value, pid) && *pid && *pid <= INT32_MAX;
}

static int cannot_open(const char *value)
{
	return error(EXIT_REFUSED, "cannot open network namespace \"%s\": %s",
		     value, strerror(errno));
}

int netns_parse(const char *value, union request *req)
{
	uint64_t pid;

	request_fd = open_netns(value);
	if (request_fd >= 0) {
		vsw_nl_put(&req->port, PORT_NETNS_FD, netns_fd, request_fd);
		return 0;
	}
	if (!is_pid(value, &pid))
		return cannot_open(value);
	vsw_nl_put(&req->port, PORT_NETNS_PID, netns_pid, pid);
	return 0;
}

void netns_release(void)
{
	if (request_fd >= 0)
		close(request_fd);
	request_fd = -1;
}

int netns_enter(const char *value)
{
	char path[32];
	uint64_t pid;
	int fd, err;

	fd = open_netns(value);
	if (fd < 0 && is_pid(value, &pid)) {
		snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
		fd = open_file(path);
	}
	if (fd < 0)
		return cannot_open(value);
	err = setns(fd, CLONE_NEWNET);
	close(fd);
	if (err)
		return error(EXIT_REFUSED,
			     "cannot enter network namespace \"%s\": %s", value,
			     strerror(errno));
	return 0;
}

static int parse_nsid(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct rtgenmsg))
		if (mnl_attr_get_type(attr) == NETNSA_NSID)
			*(int32_t *)data = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

/* The id that this namespace has given to another; negative if none. */
static int32_t get_nsid(struct mnl_socket *sock, int fd)
{
	union {
		struct nlmsghdr	nlh;
		char		buf[4096];
	} msg;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(&msg);
	struct rtgenmsg *gen;
	int32_t id = NETNSA_NSID_NOT_ASSIGNED;
	ssize_t len;

	nlh->nlmsg_type = RTM_GETNSID;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	gen = mnl_nlmsg_put_extra_header(nlh, sizeof(*gen));
	gen->rtgen_family = AF_UNSPEC;
	mnl_attr_put_u32(nlh, NETNSA_FD, fd);
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0)
		return id;
	len = mnl_socket_recvfrom(sock, &msg, sizeof(msg));
	if (len < 0 || mnl_cb_run(&msg, len, 0, 0, parse_nsid, &id) < 0)
		return NETNSA_NSID_NOT_ASSIGNED;
	return id;
}

static void learn_name(struct mnl_socket *sock, int dir, const char *name)
{
	void *entry;
	int32_t id;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	id = get_nsid(sock, fd);
	close(fd);
	if (id < 0)
		return;
	entry = reallocarray(names.entry, names.n + 1, sizeof(*names.entry));
	if (!entry)
		return;
	names.entry = entry;
	names.entry[names.n].id = id;
	snprintf(names.entry[names.n].name, sizeof(names.entry->name), "%s", name);
	names.n++;
}

/* Names make the output pretty: without them it shows the ids. */
static void learn_names(void)
{
	struct mnl_socket *sock;
	struct dirent *entry;
	DIR *dir = NULL;

	sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!sock)
		return;
	if (!mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID))
		dir = opendir(dirs[0]);
	if (dir) {
		while ((entry = readdir(dir)))
			if (entry->d_name[0] != '.')
				learn_name(sock, dirfd(dir), entry->d_name);
		closedir(dir);
	}
	mnl_socket_close(sock);
}

const char *netns_name(int32_t id)
{
	unsigned int i;

	if (!names.known)
		learn_names();
	names.known = true;
	for (i = 0; i < names.n; i++)
		if (names.entry[i].id == id)
			return names.entry[i].name;
	return NULL;
}

void netns_forget_names(void)
{
	free(names.entry);
	memset(&names, 0, sizeof(names));
}
