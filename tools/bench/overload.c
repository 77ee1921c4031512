// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: a sender that never pauses, and a receiver that cannot keep up
 *
 * Two processes of equal priority share the processor, so what the sender spends
 * on frames that are lost, or on finding out that there is no room, is what the
 * receiver does not have. What the scheduler makes of them is part of the figure.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define NSEC_PER_MSEC	1000000ULL

/* A hundred of the scheduler's time slices, so that one more or less is not seen. */
#define WINDOW_NS	(400 * NSEC_PER_MSEC)
#define WARM_UP_NS	(20 * NSEC_PER_MSEC)

/* Frames between two looks at the clock. */
#define CHUNK_FRAMES	1024

#define HEADER_LEN	14

/* Nobody sleeps that long, unless he is not woken. */
#define SLEEP_MS	1000

/**
 * struct overload - what both processes know
 * @sent: frames that the switch took from the sender
 * @stop: the sender shall send what is in its ring, and no more
 * @done: it has
 * @err: or why it has not
 */
struct overload {
	uint64_t	sent;
	bool		stop;
	bool		done;
	int		err;
};

static struct overload *shared;

/* The sender is told here to begin. */
static int start_pipe[2];

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Until there is room behind cur, or frames to receive. */
static int sleep_until(struct bench_port *p, short events)
{
	struct pollfd fd = { .fd = vsw_port_fd(p->port), .events = events };
	int n = poll(&fd, 1, SLEEP_MS);

	if (n <= 0)
		return n ? -errno : -ETIMEDOUT;
	return fd.revents & (POLLERR | POLLHUP) ? -EIO : 0;
}

/* As much of a batch as there is room for. */
static int send_some(struct bench *b, struct bench_port *p)
{
	uint32_t n = vsw_ring_avail(p->tx);
	int err;

	if (!n) {
		p->tx->cur = p->tx->tail;
		return sleep_until(p, POLLOUT);
	}
	if (n > b->c.batch)
		n = b->c.batch;
	err = bench_fill(b, p, n);
	if (!err)
		err = vsw_port_txsync(p->port);
	b->result.sent += n;
	return err;
}

/* What stays in the ring is not on its way, but will be. */
static int send_rest(struct bench_port *p)
{
	int err = 0;

	while (!err && vsw_ring_avail(p->tx) < p->num_slots - 1) {
		p->tx->cur = p->tx->tail;
		err = sleep_until(p, POLLOUT);
	}
	p->tx->cur = p->tx->head;
	return err;
}

static void sender(struct bench *b)
{
	struct bench_port *p = &b->tx[0];
	int err = 0;
	char c;

	while (!err && read(start_pipe[0], &c, 1) == 1) {
		b->result.sent = 0;
		while (!err && !__atomic_load_n(&shared->stop, __ATOMIC_RELAXED))
			err = send_some(b, p);
		if (!err)
			err = send_rest(p);
		shared->sent = b->result.sent;
		shared->err = err;
		__atomic_store_n(&shared->done, true, __ATOMIC_RELEASE);
	}
	_exit(1);
}

/*
 * The work of the receiver: all bytes, one by one (FNV-1a), about 400
 * instructions. make_frames() wrote the same into all those behind the header.
 */
static int work_on(const uint8_t *data, uint32_t len)
{
	uint32_t i, hash = 2166136261U;

	for (i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 16777619U;
	/* So that the compiler does not leave it out. */
	__asm__ __volatile__("" : : "r" (hash));
	return len > HEADER_LEN && data[len - 1] == data[HEADER_LEN] ? 0 :
								       -EBADMSG;
}

/* Work on all frames that there are. */
static int receive(struct bench *b, struct bench_port *p)
{
	struct vsw_ring *ring = p->rx;
	uint32_t n = vsw_ring_avail(ring), i = ring->head, k;
	int err = 0;

	for (k = 0; !err && k < n; k++, i = vsw_ring_next(ring, i)) {
		err = work_on(vsw_slot_buf(ring, i), ring->slot[i].len);
		b->result.bytes += ring->slot[i].len;
	}
	b->result.received += n;
	vsw_ring_advance(ring, n);
	return err ? err : vsw_port_rxsync(p->port);
}

/* Receive for about @ns. */
static int receive_for(struct bench *b, struct bench_port *p, uint64_t ns)
{
	uint64_t end = now() + ns, look;
	int err;

	do {
		look = b->result.received + CHUNK_FRAMES;
		do {
			err = vsw_ring_avail(p->rx) ? receive(b, p) :
						      sleep_until(p, POLLIN);
			if (err)
				return err;
		} while (b->result.received < look);
	} while (now() < end);
	return 0;
}

/* Receive what is still on its way. */
static int receive_rest(struct bench *b, struct bench_port *p)
{
	bool done;
	int err;

	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
	do {
		done = __atomic_load_n(&shared->done, __ATOMIC_ACQUIRE);
		err = receive(b, p);
		if (!err && !done)
			sched_yield();
	} while (!err && (!done || vsw_ring_avail(p->rx)));
	return err;
}

/* From rings that are empty to rings that are empty. */
static int overload(struct bench *b, uint64_t ns)
{
	struct bench_port *p = &b->rx[0];
	int err = 0;

	memset(shared, 0, sizeof(*shared));
	memset(&b->result, 0, sizeof(b->result));
	if (write(start_pipe[1], "", 1) != 1)
		err = -errno;
	if (!err)
		err = receive_for(b, p, ns);
	if (!err)
		err = receive_rest(b, p);
	if (!err)
		err = shared->err;
	b->result.sent = shared->sent;
	return err ? bench_fail(b, err, "overload") : 0;
}

static int overload_window(struct bench *b)
{
	return overload(b, WINDOW_NS);
}

/* One port sends in a process of its own, the other one receives in ours. */
int bench_overload(struct bench *b)
{
	pid_t child;
	int err;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || pipe(start_pipe))
		return bench_fail(b, -errno, "overload");
	child = fork();
	if (child < 0)
		return bench_fail(b, -errno, "fork");
	if (!child)
		sender(b);
	err = overload(b, WARM_UP_NS);
	if (!err)
		err = bench_measure_once(b, overload_window);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return err;
}
