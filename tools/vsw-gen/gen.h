/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what apps and I/O backends share
 *
 * An app (send.c, recv.c, ...) is a loop over bursts, a backend (io_*.c) moves a
 * burst. Apps call a backend once per burst; what is done for each frame is
 * called directly by the loop that has the frame at hand.
 */
#ifndef _GEN_H
#define _GEN_H

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define GEN_EXIT_USAGE		1
#define GEN_EXIT_SYSTEM		2
#define GEN_EXIT_INTEGRITY	3

#define GEN_MIN_FRAME		60
#define GEN_MAX_FRAME		65535
#define GEN_MAX_BURST		4096
#define GEN_UDP_PORT		20000

#define NSEC_PER_SEC		1000000000ULL

/* How long an app sleeps at most before it looks at the clock again. */
#define GEN_POLL_MS		50

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

struct gen_io_ops;

/**
 * enum gen_kind - what an app does
 * @GEN_ONE_WAY: sends, or receives
 * @GEN_ROUND_TRIP: sends requests, or answers them
 * @GEN_FORWARD: moves frames from port to port, and has no addresses
 */
enum gen_kind {
	GEN_ONE_WAY,
	GEN_ROUND_TRIP,
	GEN_FORWARD,
};

/**
 * struct gen_addr - one end
 * @ip: IPv4 address
 * @mac: Ethernet address
 */
struct gen_addr {
	struct in_addr	ip;
	uint8_t		mac[6];
};

/**
 * struct gen_conf - the command line
 * @app: name of the app
 * @kind: see struct gen_app
 * @ring_only: it insists on a ring port
 * @backend: how frames are moved
 * @local: our end
 * @peer: the other end
 * @ifname: interface of raw sockets (-R), or NULL
 * @mmap: these have rings
 * @xdp: interface of an AF_XDP socket, or NULL
 * @port: ring port (--port, --in), or NULL
 * @out: ring port that a forwarder sends to, or NULL
 * @dst: destination that a forwarder writes to frames
 * @src: source that it writes to them
 * @rewrite: it does
 * @direct: receive without system calls
 * @ring: index of one ring pair or queue, -1 for all
 * @rate: frames per second, 0 for as many as possible
 * @count: frames after which to end, 0 for no such limit
 * @time: nanoseconds after which to end, 0 for no such limit
 * @wait: nanoseconds of silence after which a receiver ends, 0 for no limit
 * @threads: threads of a client
 * @frame_len: bytes of a frame
 * @burst: frames of a burst
 * @sources: senders that a receiver waits for, 0 for those that it has seen
 * @blocking: sockets block
 * @mmsg: sendmmsg(), recvmmsg()
 * @touch: write or read every byte
 * @integrity: prove that every frame arrives once, in order and unchanged
 * @silent: nothing but the summary
 * @json: summary as JSON
 * @announce: a receiver makes its address known
 */
struct gen_conf {
	const char		*app;
	enum gen_kind		kind;
	bool			ring_only;
	const struct gen_io_ops	*backend;
	struct gen_addr		local;
	struct gen_addr		peer;
	const char		*ifname;
	bool			mmap;
	const char		*xdp;
	const char		*port;
	const char		*out;
	uint8_t			dst[6];
	uint8_t			src[6];
	bool			rewrite;
	bool			direct;
	int			ring;
	uint64_t		rate;
	uint64_t		count;
	uint64_t		time;
	uint64_t		wait;
	uint32_t		frame_len;
	uint32_t		burst;
	uint32_t		sources;
	uint32_t		threads;
	bool			blocking;
	bool			mmsg;
	bool			touch;
	bool			integrity;
	bool			silent;
	bool			json;
	bool			announce;
};

/**
 * struct gen_app - an app
 * @name: first word of the command line
 * @help: one line about it, NULL for another name of the one before
 * @kind: what it does
 * @run: does it; returns the exit status
 */
struct gen_app {
	const char	*name;
	const char	*help;
	enum gen_kind	kind;
	int		(*run)(const struct gen_conf *conf);
};

/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t gen_stop;

int gen_send(const struct gen_conf *conf);
int gen_recv(const struct gen_conf *conf);
int gen_client(const struct gen_conf *conf);
int gen_server(const struct gen_conf *conf);
int gen_forward(const struct gen_conf *conf);

int gen_conf_parse(struct gen_conf *conf, int argc, char **argv);
const char *gen_place(const struct gen_conf *conf);

__attribute__((format(printf, 2, 3)))
int gen_error(int err, const char *fmt, ...);

/**
 * gen_now() - the clock of all measurements, in nanoseconds
 *
 * Where the kernel trusts the TSC, this reads it without a system call.
 */
static inline uint64_t gen_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/**
 * gen_relax() - let a sibling of the processor run while we spin
 */
static inline void gen_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

#endif /* _GEN_H */
