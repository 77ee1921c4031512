// SPDX-License-Identifier: GPL-2.0
/*
 * A thread rewrites the headers of frames, from what is allowed to what is denied
 * and back, while another one sends them: what arrives was allowed, by a rule, the
 * lock of a port, or the VLANs that it carries.
 *
 *	toctou [FRAMES]
 *
 * So many frames of each kind; or as many as TOCTOU_FRAMES in the environment says;
 * without either 10000000, but on no terminal as many as go in some seconds.
 */
#include <pthread.h>

#include "vsw_dev.h"

#define FRAMES		10000000
#define SECONDS		6

#define SLOTS		126	/* whole frames of one, two or three slots */
#define BATCH		64
#define LEN		60

#define SENDER		1
#define ALLOWED		2
#define DENIED		3

/* The address of no port. */
#define STRANGER	4

/* The low byte of the destination port of UDP, and of addresses. */
#define AT_PORT		37
#define AT_ADDR		5
#define AT_SOURCE	11

/* The tag of a frame that has one, and the low byte of its VLAN. */
#define AT_TAG		12
#define AT_VLAN		15

/* Attributes of "acl". */
enum { ACL_FLUSH = 1, ACL_RULE = 2 };

static struct dev sender, receiver, other;

/**
 * struct kind - what is rewritten
 * @name: in words
 * @rule: the only rule, or NULL
 * @at: the byte
 * @allowed: its value in frames that may pass
 * @denied: that in frames that may not
 * @piece: bytes in each slot
 * @deny: what denies it without a rule
 * @tagged: frames have tags
 */
struct kind {
	const char	*name;
	const char	*rule;
	uint32_t	at;
	uint8_t		allowed;
	uint8_t		denied;
	uint32_t	piece;
	void		(*deny)(void);
	bool		tagged;
};

static void lock(void);
static void set_vlans(void);

static const struct kind kinds[] = {
	{ "a port of UDP", "proto udp dport 3 drop",
	  AT_PORT, ALLOWED, DENIED, LEN, NULL, false },
	{ "a port of UDP in the second slot of its frame",
	  "proto udp dport 3 drop", AT_PORT, ALLOWED, DENIED, AT_PORT,
	  NULL, false },
	{ "an address", "dmac 02:00:00:00:00:03 drop",
	  AT_ADDR, ALLOWED, DENIED, LEN, NULL, false },
	{ "an address in the first of several slots",
	  "dmac 02:00:00:00:00:03 drop", AT_ADDR, ALLOWED, DENIED, 20,
	  NULL, false },
	{ "the source of a locked port", NULL,
	  AT_SOURCE, SENDER, STRANGER, LEN, lock, false },
	{ "the source of a locked port in the first of several slots", NULL,
	  AT_SOURCE, SENDER, STRANGER, 20, lock, false },
	{ "a VLAN", NULL,
	  AT_VLAN, ALLOWED, DENIED, LEN, set_vlans, true },
	{ "a VLAN in the first of several slots", NULL,
	  AT_VLAN, ALLOWED, DENIED, 20, set_vlans, true },
};

/**
 * struct tally - what became of the frames
 * @sent: sent
 * @allowed: received as they may be
 * @denied: received as they may not be
 * @dropped: dropped by the lookup
 */
struct tally {
	uint64_t	sent;
	uint64_t	allowed;
	uint64_t	denied;
	uint64_t	dropped;
};

static struct {
	const struct kind	*kind;
	bool			stop;
} flip;

/*
 * The lookup
 */

static size_t put_option(char *to, uint16_t type, const void *value, size_t len)
{
	struct { uint16_t len, type; } head = { 4 + len, type };

	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), value, len);
	return (sizeof(head) + len + 3) & ~3;
}

static void set_rule(const char *rule)
{
	static char options[256];
	struct vsw_nl_switch sw = {};
	uint32_t one = 1;
	size_t len;

	len = put_option(options, ACL_FLUSH, &one, sizeof(one));
	len += put_option(options + len, ACL_RULE, rule, strlen(rule) + 1);
	vsw_nl_put(&sw, SWITCH_NAME, name, SWITCH);
	vsw_nl_put(&sw, SWITCH_LOOKUP, lookup, "acl");
	sw.options.data = options;
	sw.options.len = len;
	sw.present |= VSW_NL_BIT(VSW_A_SWITCH_OPTIONS);
	must(!vsw_nl_switch_set(test.nl, &sw));
}

/* The port carries one VLAN, tagged. */
static void set_trunk(unsigned int i, unsigned int vlan)
{
	struct vsw_nl_port port = {};

	port_key(&port, i);
	port.trunk[vlan / 8] = 1U << vlan % 8;
	port.present |= VSW_NL_BIT(VSW_A_PORT_TRUNK);
	must(!vsw_nl_port_set(test.nl, &port));
}

static void lock(void)
{
	must(test_lib("vswctl port set p1 switch " SWITCH " locked on"));
}

/* Frames of VLAN DENIED, were they let in, would find a port. */
static void set_vlans(void)
{
	set_trunk(SENDER, ALLOWED);
	set_trunk(ALLOWED, ALLOWED);
	set_trunk(DENIED, DENIED);
}

/*
 * The frames: UDP, ports 4097 and 2
 */

static void make_frame(uint8_t *frame, bool tagged)
{
	static const uint8_t tag[] = { 0x81, 0x00, 0, ALLOWED };
	static const uint8_t ip[] = {
		0x08, 0x00, 0x45, 0, 0, LEN - HDR_LEN, 0, 0, 0, 0, 64, 17, 0, 0,
		192, 0, 2, 1, 192, 0, 2, 2, 0x10, 0x01, 0, ALLOWED,
	};

	frame_write(frame, LEN, ALLOWED, SENDER, 0, 0);
	memcpy(frame + AT_TAG, tag, sizeof(tag));
	memcpy(frame + AT_TAG + (tagged ? sizeof(tag) : 0), ip, sizeof(ip));
}

/* A frame again and again, in pieces; each slot keeps its buffer. */
static void make_slots(const struct kind *kind)
{
	uint32_t piece = kind->piece;
	uint32_t each = (LEN + piece - 1) / piece, i, at, len;
	struct vsw_ring *ring = sender.tx;
	uint8_t frame[LEN];

	make_frame(frame, kind->tagged);
	for (i = 0; i < SLOTS; i++) {
		at = (i + SLOTS - ring->head) % SLOTS % each * piece;
		len = LEN - at < piece ? LEN - at : piece;
		memcpy(vsw_slot_buf(ring, i), frame + at, len);
		ring->slot[i].len = len;
		ring->slot[i].flags = at + len < LEN ? VSW_SLOT_MOREFRAG : 0;
	}
}

/* Both values of the byte, in all frames, until told otherwise. */
static void *rewrite(void *unused)
{
	const struct kind *kind = flip.kind;
	uint32_t each = (LEN + kind->piece - 1) / kind->piece;
	uint32_t i, first = sender.tx->head + kind->at / kind->piece;
	volatile uint8_t *byte;

	(void)unused;
	while (!__atomic_load_n(&flip.stop, __ATOMIC_RELAXED))
		for (i = 0; i < SLOTS; i += each) {
			byte = vsw_slot_buf(sender.tx, (first + i) % SLOTS);
			byte += kind->at % kind->piece;
			*byte = kind->allowed + kind->denied - *byte;
		}
	return NULL;
}

/* One frame out of the ring; its byte at @at. */
static uint8_t take(struct vsw_ring *ring, uint32_t at)
{
	uint32_t i = ring->head, n = 0;
	const struct vsw_slot *slot;
	uint8_t byte = 0;

	do {
		slot = &ring->slot[i];
		if (at < slot->len)
			byte = *((uint8_t *)vsw_slot_buf(ring, i) + at);
		at -= slot->len;
		i = vsw_ring_next(ring, i);
		n++;
	} while (slot->flags & VSW_SLOT_MOREFRAG);
	vsw_ring_advance(ring, n);
	return byte;
}

static void receive(struct tally *tally, struct dev *dev,
		    const struct kind *kind)
{
	must(!rxsync(dev));
	while (vsw_ring_avail(dev->rx)) {
		if (take(dev->rx, kind->at) == kind->allowed)
			tally->allowed++;
		else
			tally->denied++;
	}
	must(!rxsync(dev));
}

static uint64_t lookup_drops(void)
{
	return port_info(SENDER).drops.lookup;
}

static struct tally send_all(const struct kind *kind, uint64_t frames,
			     int64_t end)
{
	uint32_t each = (LEN + kind->piece - 1) / kind->piece;
	struct tally tally = { .dropped = -lookup_drops() };
	pthread_t thread;

	/* Frames begin where the ring begins again. */
	make_slots(kind);
	flip.kind = kind;
	flip.stop = false;
	must(!pthread_create(&thread, NULL, rewrite, NULL));
	while (tally.sent < frames && now_ms() < end) {
		vsw_ring_advance(sender.tx, BATCH / each * each);
		must(!txsync(&sender));
		tally.sent += BATCH / each;
		receive(&tally, &receiver, kind);
		receive(&tally, &other, kind);
	}
	__atomic_store_n(&flip.stop, true, __ATOMIC_RELAXED);
	must(!pthread_join(thread, NULL));
	tally.dropped += lookup_drops();
	return tally;
}

static void test_kind(const struct kind *kind, uint64_t frames, int64_t end)
{
	struct tally tally;

	lan_begin();
	dev_new(&sender, SENDER, 1, SLOTS, 256);
	dev_new(&receiver, ALLOWED, 1, 1024, 256);
	dev_new(&other, DENIED, 1, 1024, 256);
	if (kind->rule)
		set_rule(kind->rule);
	else
		kind->deny();
	tally = send_all(kind, frames, end);
	printf("# %llu frames: %llu allowed, %llu dropped; denied headers received: %llu\n",
	       (unsigned long long)tally.sent,
	       (unsigned long long)tally.allowed,
	       (unsigned long long)tally.dropped,
	       (unsigned long long)tally.denied);
	ok_eq(tally.denied, 0,
	      "rule 5.3: no frame arrives with what is denied, if %s changes",
	      kind->name);
	ok_eq(tally.allowed + tally.denied + tally.dropped, tally.sent,
	      "rule 5.8: each frame arrives, or is counted, if %s changes",
	      kind->name);
	ok(tally.allowed && tally.dropped, "both come to pass, if %s changes",
	   kind->name);
	dev_down(&sender);
	dev_down(&receiver);
	dev_down(&other);
	lan_end();
}

int main(int argc, char **argv)
{
	const char *given = argc > 1 ? argv[1] : getenv("TOCTOU_FRAMES");
	uint64_t frames = given ? strtoull(given, NULL, 0) : FRAMES;
	bool bounded = !given && !isatty(STDOUT_FILENO);
	size_t i;

	test_begin();
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		skip("rule 5.3: headers that change", "one CPU");
		return test_end();
	}
	if (access("/sys/module/vsw_lookup_acl", F_OK))
		must(test_lib("insmod \"${VSW_KO%/*}/vsw-lookup-acl.ko\""));
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		test_kind(&kinds[i], frames,
			  bounded ? now_ms() + SECONDS * 1000 : INT64_MAX);
	ok(test_lib("lookup_unload acl"), "the lookup can be removed");
	return test_end();
}
