// SPDX-License-Identifier: GPL-2.0
/*
 * bench-netdev: frames between sockets and rings; runs in the guest of netdev.sh
 *
 * One process drives both ends: it sends a batch, receives it, and so on. Nobody
 * sleeps and nobody is woken, so there is no scheduling in the figures; a receiver
 * of its own under SCHED_BATCH, which drains its socket after each batch, would do
 * the same.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define BATCH		64
#define WARM_UP		32	/* batches */
#define BATCHES		256

#define UDP_PORT	9000
#define FRAME_LEN	64
#define HEADERS_LEN	(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr))
#define PAYLOAD_LEN	(FRAME_LEN - HEADERS_LEN)

/* What was read of a ring, so that the compiler does not leave it out. */
static volatile uint64_t sink;

/**
 * struct end - where datagrams come from, or go to
 * @fd: a socket
 * @port: a ring port; NULL: it is the socket
 */
struct end {
	int		fd;
	struct vsw_port	*port;
};

/**
 * struct path - what is measured
 * @from: the sender
 * @to: the receiver; neither socket nor port: there is none
 * @frame: what a ring sends
 */
struct path {
	struct end	from;
	struct end	to;
	uint8_t		frame[FRAME_LEN];
};

static void die(const char *what, int err)
{
	fprintf(stderr, "bench-netdev: %s: %s\n", what, strerror(err));
	exit(1);
}

/* A socket in the network namespace @netns. */
static int open_socket(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(netns, errno);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		die("socket", errno);
	return fd;
}

/* "-": none; "ring:PORT": a ring port; "NETNS": a socket there */
static void open_end(struct end *end, const char *text)
{
	int err;

	end->fd = -1;
	if (!strcmp(text, "-"))
		return;
	if (strncmp(text, "ring:", 5)) {
		end->fd = open_socket(text);
		return;
	}
	err = vsw_port_open(&end->port, text + 5, NULL);
	if (err)
		die(text, -err);
}

static void connect_end(const struct end *end, const char *addr)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_port = htons(UDP_PORT),
	};

	inet_pton(AF_INET, addr, &sin.sin_addr);
	if (connect(end->fd, (struct sockaddr *)&sin, sizeof(sin)))
		die("connect", errno);
}

static void bind_end(const struct end *end)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_port = htons(UDP_PORT),
	};

	if (bind(end->fd, (struct sockaddr *)&sin, sizeof(sin)))
		die("bind", errno);
}

static uint16_t ip_sum(const struct iphdr *ip)
{
	uint16_t words[sizeof(*ip) / 2];
	uint32_t sum = 0;
	size_t i;

	memcpy(words, ip, sizeof(words));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* "02:00:00:00:00:01" */
static void read_mac(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		die(text, EINVAL);
}

/* What a ring sends to the address @addr behind @mac. */
static void make_frame(uint8_t *frame, const char *addr, const char *mac)
{
	struct ether_header eth = {
		.ether_shost = { 2, 0, 0, 0, 0, 0xee },
		.ether_type = htons(ETHERTYPE_IP),
	};
	struct iphdr ip = {
		.version	= 4,
		.ihl		= 5,
		.tot_len	= htons(FRAME_LEN - ETH_HLEN),
		.ttl		= 64,
		.protocol	= IPPROTO_UDP,
	};
	struct udphdr udp = {
		.source	= htons(UDP_PORT),
		.dest	= htons(UDP_PORT),
		.len	= htons(sizeof(udp) + PAYLOAD_LEN),
	};

	read_mac(mac, eth.ether_dhost);
	inet_pton(AF_INET, addr, &ip.daddr);
	/* Of the same subnet. */
	ip.saddr = (ip.daddr & htonl(0xffffff00)) | htonl(0xee);
	ip.check = ip_sum(&ip);
	memcpy(frame, &eth, sizeof(eth));
	memcpy(frame + ETH_HLEN, &ip, sizeof(ip));
	memcpy(frame + ETH_HLEN + sizeof(ip), &udp, sizeof(udp));
}

static void send_socket(int fd)
{
	static struct mmsghdr msgs[BATCH];
	static uint8_t payload[PAYLOAD_LEN];
	static struct iovec iov = { payload, PAYLOAD_LEN };
	int i, n;

	for (i = 0; i < BATCH; i++) {
		msgs[i].msg_hdr.msg_iov = &iov;
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	n = sendmmsg(fd, msgs, BATCH, 0);
	if (n != BATCH)
		die("sendmmsg", n < 0 ? errno : EAGAIN);
}

static void send_ring(struct vsw_port *port, const uint8_t *frame)
{
	struct vsw_ring *tx = vsw_port_tx(port, 0);
	uint32_t i, slot = tx->head;
	int err;

	if (vsw_ring_avail(tx) < BATCH)
		die("ring", ENOBUFS);
	for (i = 0; i < BATCH; i++) {
		memcpy(vsw_slot_buf(tx, slot), frame, FRAME_LEN);
		tx->slot[slot].len = FRAME_LEN;
		tx->slot[slot].flags = 0;
		slot = vsw_ring_next(tx, slot);
	}
	vsw_ring_advance(tx, BATCH);
	err = vsw_port_txsync(port);
	if (err)
		die("txsync", -err);
}

static int receive_socket(int fd)
{
	static uint8_t payload[BATCH][FRAME_LEN];
	static struct mmsghdr msgs[BATCH];
	static struct iovec iov[BATCH];
	int i, n;

	for (i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec) { payload[i], FRAME_LEN };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(fd, msgs, BATCH, 0, NULL);
	return n < 0 ? 0 : n;
}

static int receive_ring(struct vsw_port *port)
{
	struct vsw_ring *rx = vsw_port_rx(port, 0);
	uint32_t i, n, slot = rx->head;
	uint64_t first;
	int err;

	err = vsw_port_rxsync(port);
	if (err)
		die("rxsync", -err);
	n = vsw_ring_avail(rx);
	for (i = 0; i < n; i++) {
		memcpy(&first, vsw_slot_buf(rx, slot), sizeof(first));
		sink = first;
		slot = vsw_ring_next(rx, slot);
	}
	vsw_ring_advance(rx, n);
	return n;
}

/* Returns how many arrived. */
static int run_batch(const struct path *path)
{
	if (path->from.port)
		send_ring(path->from.port, path->frame);
	else
		send_socket(path->from.fd);
	if (path->to.port)
		return receive_ring(path->to.port);
	return path->to.fd < 0 ? BATCH : receive_socket(path->to.fd);
}

static uint64_t run_batches(const struct path *path, int batches)
{
	uint64_t sum = 0;

	while (batches--)
		sum += run_batch(path);
	return sum;
}

/* For the profiler. */
static void tell_window(const char *name, unsigned long long units)
{
	fprintf(stderr, "# window %s %llu\n", name, units);
}

static int measure(const char *name, const struct path *path)
{
	uint64_t begin, end, received;

	run_batches(path, WARM_UP);
	begin = bench_now();
	bench_profile_begin();
	received = run_batches(path, BATCHES);
	bench_profile_end();
	end = bench_now();
	if (received != BATCH * BATCHES) {
		fprintf(stderr, "%s: of %d datagrams %llu have arrived\n", name,
			BATCH * BATCHES, (unsigned long long)received);
		return 1;
	}
	tell_window(name, received);
	printf("%.1f\n", (double)(end - begin) / received);
	return 0;
}

static int datagrams(char **argv)
{
	const char *name = argv[0], *addr = argv[3], *mac = argv[4];
	struct path path = {};

	/* Rings first: their ports are in the namespace that we start in. */
	if (!strncmp(argv[2], "ring:", 5)) {
		open_end(&path.to, argv[2]);
		open_end(&path.from, argv[1]);
	} else {
		open_end(&path.from, argv[1]);
		open_end(&path.to, argv[2]);
	}
	if (path.from.port)
		make_frame(path.frame, addr, mac);
	else
		connect_end(&path.from, addr);
	if (path.to.fd >= 0)
		bind_end(&path.to);
	return measure(name, &path);
}

/* Runs a command as a window of the profiler. */
static int window(const char *name, const char *units, char **command)
{
	int status;
	pid_t child;

	bench_profile_begin();
	child = fork();
	if (!child) {
		execvp(command[0], command);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		die(command[0], errno);
	bench_profile_end();
	tell_window(name, strtoull(units, NULL, 10));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "emit"))
		return bench_emit();
	if (argc == 7 && !strcmp(argv[1], "udp"))
		return datagrams(argv + 2);
	if (argc > 4 && !strcmp(argv[1], "window"))
		return window(argv[2], argv[3], argv + 4);
	fprintf(stderr,
		"usage: netdev emit\n"
		"       netdev udp NAME FROM TO ADDRESS MAC\n"
		"       netdev window NAME UNITS COMMAND...\n"
		"FROM, TO: NETNS, ring:PORT, or - for nobody\n");
	return 2;
}
