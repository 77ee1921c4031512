// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: one frame between two processes that sleep in poll
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* @sync: send by TXSYNC; otherwise poll does it. */
static int send_one(struct bench *b, struct bench_port *p, bool sync)
{
	int err = bench_fill(b, p, 1);

	if (!err && sync)
		err = vsw_port_txsync(p->port);
	return err;
}

static int wait_one(struct bench *b, struct bench_port *p)
{
	struct pollfd fd = { .fd = vsw_port_fd(p->port), .events = POLLIN };

	while (!vsw_ring_avail(p->rx)) {
		if (poll(&fd, 1, -1) < 0)
			return -errno;
		if (fd.revents & (POLLERR | POLLHUP))
			return -EIO;
	}
	bench_consume(b, p);
	return 0;
}

/* The other process: its "sender" is the port that received until now. */
static void echo(struct bench *b, bool sync)
{
	struct bench_port *p = &b->rx[0];
	int err = 0;

	while (!err) {
		err = wait_one(b, p);
		if (!err)
			err = send_one(b, p, sync);
	}
	bench_fail(b, err, "echo");
	_exit(1);
}

static int rtt_round(struct bench *b, bool sync)
{
	int err = send_one(b, &b->tx[0], sync);

	if (!err)
		err = wait_one(b, &b->tx[0]);
	if (err)
		return bench_fail(b, err, "round trip");
	b->result.sent++;
	return 0;
}

static int round_poll(struct bench *b)
{
	return rtt_round(b, false);
}

static int round_sync(struct bench *b)
{
	return rtt_round(b, true);
}

static int poll_rtt(struct bench *b, bool sync)
{
	pid_t child = fork();
	int err;

	if (child < 0)
		return bench_fail(b, -errno, "fork");
	if (!child)
		echo(b, sync);
	err = bench_measure(b, sync ? round_sync : round_poll);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return err;
}

/* One system call for each hop: poll sends, too. */
int bench_poll_rtt(struct bench *b)
{
	return poll_rtt(b, false);
}

/* Two of them: TXSYNC and poll. */
int bench_poll_rtt_sync(struct bench *b)
{
	return poll_rtt(b, true);
}
