// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing is lost in silence: for each reason to drop frames, they are counted
 * under it at the port that is to blame, the tracepoint vsw_drop says the same,
 * and what is received and dropped is what was sent.
 *
 *	 sender    receiver    nobody    a receiver that blocks
 *	  port 1    port 2      port 3    port 4
 *	 ---+------ s0 -+----------+---------+---
 */
#include "vsw_full.h"
#include "vsw_trace.h"

#define FRAMES		3	/* that are dropped */
#define BUF_SIZE	256
#define RX_SLOTS	16

static struct dev a, b, d;
static uint64_t sent;

/* Of two ring pairs the receivers have attached the first only. */
static void begin(void)
{
	sent = 0;
	lan_begin();
	dev_new(&a, 1, 2, 1024, BUF_SIZE);
	port_add(2, 2, RX_SLOTS, BUF_SIZE);
	dev_up_flags(&b, 2, VSW_ATTACH_ONE_RING, 0);
	port_add(3, 1, RX_SLOTS, BUF_SIZE);
	port_add(4, 2, RX_SLOTS, BUF_SIZE);
	port_policy(4, VSW_ON_FULL_BLOCK, 1);
	dev_up_flags(&d, 4, VSW_ATTACH_ONE_RING, 0);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	dev_down(&d);
	lan_end();
}

/* Put frames, without a sync; the slot of the last, if it has one only. */
static struct vsw_slot *add(uint32_t tx_ring, unsigned int to, uint32_t num,
			    uint32_t len, uint32_t piece)
{
	struct vsw_ring *ring = dev_tx(&a, tx_ring);

	for (sent += num; num; num--)
		put_pieces(ring, to, 1, 0, len, piece);
	return &ring->slot[ring->head - 1];
}

/*
 * Reasons
 */

static void bad_buf(void)
{
	int i;

	for (i = 0; i < FRAMES; i++)
		add(0, 2, 1, 60, BUF_SIZE)->buf_idx = 0;
}

static void bad_len(void)
{
	int i;

	for (i = 0; i < FRAMES; i++)
		add(0, 2, 1, 60, BUF_SIZE)->len = BUF_SIZE + 1;
}

static void bad_chain(void)
{
	add(0, 2, FRAMES, 65 * 20, 20);
}

static void runt(void)
{
	add(0, 2, FRAMES, HDR_LEN - 1, BUF_SIZE);
}

static void same_port(void)
{
	add(0, 1, FRAMES, 60, BUF_SIZE);
}

static void no_port(void)
{
	add(0, 3, 1, 60, BUF_SIZE);
	add(1, 2, FRAMES - 1, 60, BUF_SIZE);
}

static void no_listener(void)
{
	add(1, ALL, FRAMES, 60, BUF_SIZE);
}

static void no_room(void)
{
	add(0, 2, RX_SLOTS - 2 + FRAMES, 60, BUF_SIZE);
}

static void too_long(void)
{
	add(0, 2, FRAMES, RX_SLOTS * BUF_SIZE, BUF_SIZE);
}

static void bad_rx_slot(void)
{
	int i;

	for (i = 1; i <= FRAMES; i++)
		b.rx->slot[i].buf_idx = 0;
	add(0, 2, FRAMES, 60, BUF_SIZE);
}

static void deadline(void)
{
	add(0, 4, RX_SLOTS - 1 + FRAMES, 60, BUF_SIZE);
}

#define CAUSE(field, traced, port)	\
	{ #traced, offsetof(struct vsw_nl_drops, field), port, field }

static const struct cause {
	const char	*reason;
	size_t		counter;
	unsigned int	port;
	void		(*put)(void);
} causes[] = {
	CAUSE(bad_buf,		BAD_BUF,	1),
	CAUSE(bad_len,		BAD_LEN,	1),
	CAUSE(bad_chain,	BAD_CHAIN,	1),
	CAUSE(runt,		RUNT,		1),
	CAUSE(same_port,	SAME_PORT,	1),
	CAUSE(no_port,		NO_PORT,	1),
	CAUSE(no_listener,	NO_LISTENER,	1),
	CAUSE(no_room,		NO_ROOM,	2),
	CAUSE(too_long,		TOO_LONG,	2),
	CAUSE(bad_rx_slot,	BAD_RX_SLOT,	2),
	CAUSE(deadline,		DEADLINE,	4),
};

/*
 * All but "present", "lookup", as no lookup that drops comes with vsw,
 * "no-memory", of which rings need none, and "bad-vnet-hdr": see netdev_vnet.sh.
 */
_Static_assert(ARRAY_SIZE(causes) + 4 ==
	       sizeof(struct vsw_nl_drops) / sizeof(uint64_t),
	       "each reason has a cause");

static uint64_t all_drops(void)
{
	return port_drops(1) + port_drops(2) + port_drops(3) + port_drops(4);
}

static uint64_t counted(const struct cause *cause)
{
	struct port_info info = port_info(cause->port);

	return *(uint64_t *)((char *)&info.drops + cause->counter);
}

static void check_trace(const struct cause *cause)
{
	char what[64];

	snprintf(what, sizeof(what), " port=%s index=%u reason=%s ",
		 port_name(cause->port), cause->port - 1, cause->reason);
	ok(trace_sum(what, " frames=") == FRAMES &&
	   trace_sum("", " frames=") == FRAMES,
	   "rule 5.8: %s: the tracepoint says the same", cause->reason);
}

static void test_cause(const struct cause *cause, bool traced)
{
	uint64_t received;

	begin();
	if (traced)
		trace_clear();
	add(0, 2, 1, 60, BUF_SIZE);
	cause->put();
	must(wait_until(!txsync(&a) && !waiting(&a)));
	ok_eq(counted(cause), FRAMES, "rule 5.8: %s: counted at port %u",
	      cause->reason, cause->port);
	ok_eq(all_drops(), FRAMES, "rule 5.8: %s: no other drops",
	      cause->reason);
	received = port_info(2).stats.rx_frames + port_info(4).stats.rx_frames;
	ok_eq(received + FRAMES, sent,
	      "rule 5.8: %s: received and dropped is sent", cause->reason);
	if (traced)
		check_trace(cause);
	end();
}

int main(void)
{
	bool traced;
	size_t i;

	test_begin();
	traced = trace_begin("vsw_drop");
	for (i = 0; i < ARRAY_SIZE(causes); i++)
		test_cause(&causes[i], traced);
	if (traced)
		trace_end();
	return test_end();
}
