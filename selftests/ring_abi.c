// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a ring port is that of the netmap API, version 14, offset for
 * offset: in the header, and as a program finds it that has just attached.
 */
#include "vsw_dev.h"

struct field {
	const char	*name;
	const void	*addr;
	size_t		size;
	size_t		want_ofs;
	size_t		want_size;
};

#define FIELD(member, want_ofs, want_size)				\
	{ #member, &(member), sizeof(member), want_ofs, want_size }

static const struct vsw_slot slot;
static const struct vsw_if nif;
static const struct vsw_ring ring;
static const struct vsw_attach attach;

static const struct field slot_fields[] = {
	FIELD(slot.buf_idx, 0, 4),
	FIELD(slot.len, 4, 2),
	FIELD(slot.flags, 6, 2),
	FIELD(slot.ptr, 8, 8),
};

static const struct field if_fields[] = {
	FIELD(nif.name, 0, 16),
	FIELD(nif.version, 16, 4),
	FIELD(nif.flags, 20, 4),
	FIELD(nif.tx_rings, 24, 4),
	FIELD(nif.rx_rings, 28, 4),
	FIELD(nif.bufs_head, 32, 4),
	FIELD(nif.host_tx_rings, 36, 4),
	FIELD(nif.host_rx_rings, 40, 4),
	FIELD(nif.spare, 44, 12),
	FIELD(nif.ring_ofs[0], 56, 8),
};

static const struct field ring_fields[] = {
	FIELD(ring.buf_ofs, 0, 8),
	FIELD(ring.num_slots, 8, 4),
	FIELD(ring.buf_size, 12, 4),
	FIELD(ring.ringid, 16, 2),
	FIELD(ring.dir, 18, 2),
	FIELD(ring.head, 20, 4),
	FIELD(ring.cur, 24, 4),
	FIELD(ring.tail, 28, 4),
	FIELD(ring.flags, 32, 4),
	FIELD(ring.ts, 40, 16),
	FIELD(ring.ts.sec, 40, 8),
	FIELD(ring.ts.usec, 48, 8),
	FIELD(ring.offset_mask, 56, 8),
	FIELD(ring.buf_align, 64, 8),
	FIELD(ring.sem, 128, 128),
	FIELD(ring.slot[0], 256, 16),
};

static const struct field attach_fields[] = {
	FIELD(attach.size, 0, 4),
	FIELD(attach.flags, 4, 4),
	FIELD(attach.name, 8, 16),
	FIELD(attach.ring, 24, 4),
	FIELD(attach.region_id, 28, 4),
	FIELD(attach.region_size, 32, 8),
	FIELD(attach.if_offset, 40, 8),
	FIELD(attach.rings, 48, 4),
	FIELD(attach.slots, 52, 4),
	FIELD(attach.buf_size, 56, 4),
	FIELD(attach.reserved, 60, 4),
};

static void check_fields(const char *name, const void *base,
			 const struct field *field, size_t num)
{
	bool good = true;
	size_t i, ofs;

	for (i = 0; i < num; i++, field++) {
		ofs = (const char *)field->addr - (const char *)base;
		if (ofs == field->want_ofs && field->size == field->want_size)
			continue;
		printf("# %s: at %zu, %zu bytes\n", field->name, ofs,
		       field->size);
		good = false;
	}
	ok(good, "fields of %s", name);
}

static void test_layout(void)
{
	check_fields("a slot", &slot, slot_fields, ARRAY_SIZE(slot_fields));
	check_fields("an interface", &nif, if_fields, ARRAY_SIZE(if_fields));
	check_fields("a ring", &ring, ring_fields, ARRAY_SIZE(ring_fields));
	check_fields("a request to attach", &attach, attach_fields,
		     ARRAY_SIZE(attach_fields));
	ok(sizeof(slot) == 16 && sizeof(nif) == 56 && sizeof(ring) == 256 &&
	   sizeof(attach) == 64, "sizes of the structs");
}

static void test_constants(void)
{
	ok(VSW_SLOT_BUF_CHANGED == 0x0001 && VSW_SLOT_MOREFRAG == 0x0020 &&
	   VSW_SLOT_FRAGS_SHIFT == 8 && VSW_SLOT_FRAGS_MASK == 0xff00,
	   "flags of a slot");
	ok(VSW_RING_RX == 0 && VSW_RING_TX == 1, "directions of a ring");
	ok(VSW_NAME_SIZE == 16 && VSW_MAX_RINGS == 64 && VSW_MIN_SLOTS == 2 &&
	   VSW_MAX_SLOTS == 4096 && VSW_MIN_BUF_SIZE == 256 &&
	   VSW_MAX_BUF_SIZE == 16384 && VSW_BUF_ALIGN == 64 &&
	   VSW_MAX_FRAGS == 64 && VSW_FIRST_BUF == 2, "limits");
	ok(VSW_ATTACH_SIZE_VER0 == 64 && VSW_ATTACH_ONE_RING == 1 &&
	   VSW_ATTACH_NO_TX_POLL == 2 && VSW_IF_PRIVATE_REGION == 1,
	   "flags of an attachment");
	ok(VSW_IOC_ATTACH == 0xef00 && VSW_IOC_TXSYNC == 0xef01 &&
	   VSW_IOC_RXSYNC == 0xef02, "numbers of the ioctls");
}

/*
 * A real mapping
 */

static bool all_zero(const void *mem, size_t len)
{
	static const char zero[4096];
	const char *p = mem;
	size_t n;

	for (; len; p += n, len -= n) {
		n = len < sizeof(zero) ? len : sizeof(zero);
		if (memcmp(p, zero, n))
			return false;
	}
	return true;
}

static bool ring_is_new(const struct vsw_ring *r, const struct dev *dev,
			uint16_t id, uint16_t dir)
{
	const struct vsw_slot *s = r->slot;
	uint32_t i;

	if (r->num_slots != dev->info.slots ||
	    r->buf_size != dev->info.buf_size || r->ringid != id ||
	    r->dir != dir || r->head || r->cur || r->flags)
		return false;
	if (r->tail != (dir == VSW_RING_TX ? dev->info.slots - 1 : 0))
		return false;
	if (!all_zero(&r->flags, 256 - 32))
		return false;
	for (i = 0; i < r->num_slots; i++, s++)
		if (s->len != r->buf_size || s->flags || s->ptr)
			return false;
	return true;
}

static void check_if(const struct dev *dev, unsigned int port, uint32_t rings)
{
	const struct vsw_if *n = dev->nif;
	bool good = true;
	uint32_t i;

	ok(!strcmp(n->name, port_name(port)) && !n->version &&
	   n->flags == 1 && n->tx_rings == rings &&
	   n->rx_rings == rings && !n->bufs_head &&
	   n->host_tx_rings == 1 && n->host_rx_rings == 1 &&
	   all_zero(n->spare, 12), "the interface describes the port");
	for (i = 0; i < 2 * rings + 2; i++)
		if (!n->ring_ofs[i] != (i == rings || i == 2 * rings + 1))
			good = false;
	ok(good, "every ring has an offset, the host rings have none");
}

static void check_rings(const struct dev *dev, uint32_t rings)
{
	bool tx = true, rx = true, aligned = true;
	uint32_t i;

	for (i = 0; i < rings; i++) {
		tx &= ring_is_new(dev_tx(dev, i), dev, i, VSW_RING_TX);
		rx &= ring_is_new(dev_rx(dev, i), dev, i, VSW_RING_RX);
		aligned &= ((uintptr_t)dev_tx(dev, i) |
			    (uintptr_t)dev_rx(dev, i)) % 128 == 0;
	}
	ok(tx, "TX rings are empty and of the program");
	ok(rx, "RX rings are empty and of the kernel");
	ok(aligned, "rings are aligned to 128 bytes");
}

/* Note the buffers of a ring; whether they are its own, and in the region. */
static bool mark_buffers(const struct dev *dev, const struct vsw_ring *r,
			 uint8_t *used, uint32_t num_bufs)
{
	const char *end = dev->map + dev->info.region_size, *buf;
	uint32_t i, idx;

	for (i = 0; i < r->num_slots; i++) {
		idx = r->slot[i].buf_idx;
		if (idx < 2 || idx >= num_bufs || used[idx]++)
			return false;
		buf = vsw_ring_buf(r, idx);
		if (buf < (char *)&r->slot[r->num_slots] ||
		    buf + r->buf_size > end || (uintptr_t)buf % 64)
			return false;
	}
	return true;
}

static void check_buffers(const struct dev *dev, uint32_t rings)
{
	uint32_t num = 2 + 2 * rings * dev->info.slots, i;
	const char *base = vsw_ring_buf(dev->tx, 0);
	uint8_t *used = calloc(num, 1);
	bool own = true, same = true;

	must(used);
	for (i = 0; i < 2 * rings; i++) {
		struct vsw_ring *r = i < rings ? dev_tx(dev, i) :
						 dev_rx(dev, i - rings);

		own &= mark_buffers(dev, r, used, num);
		same &= vsw_ring_buf(r, 0) == base;
	}
	free(used);
	ok(own, "each slot has a buffer of its own, not 0 or 1");
	ok(same, "all rings have the same buffer 0");
	ok(all_zero(base, dev->map + dev->info.region_size - base),
	   "rule 5.2: all buffers are zero");
}

static void test_geometry(uint32_t rings, uint32_t slots, uint32_t buf_size)
{
	struct dev dev;

	printf("# %u rings, %u slots, %u bytes\n", rings, slots, buf_size);
	lan_begin();
	dev_new(&dev, 1, rings, slots, buf_size);
	ok(dev.info.rings == rings && dev.info.slots == slots &&
	   dev.info.buf_size == buf_size && dev.info.region_id &&
	   dev.info.region_id == port_info(1).region &&
	   dev.info.region_size % getpagesize() == 0,
	   "the answer describes the region");
	check_if(&dev, 1, rings);
	check_rings(&dev, rings);
	check_buffers(&dev, rings);
	dev_down(&dev);
	lan_end();
}

/* Whether a file has one ring pair of four, and no other. */
static bool has_only(const struct dev *dev, uint32_t pair)
{
	uint32_t i;

	for (i = 0; i < 10; i++)
		if (!dev->nif->ring_ofs[i] != (i != pair && i != 5 + pair))
			return false;
	return dev->nif->tx_rings == 4 && dev->nif->rx_rings == 4 &&
	       dev->tx->ringid == pair && dev->rx->ringid == pair;
}

static void test_one_ring(void)
{
	struct dev dev[4];
	uint8_t used[2 + 2 * 4 * 16] = {};
	bool own = true;
	uint32_t i;

	lan_begin();
	port_add(1, 4, 16, 256);
	for (i = 0; i < 4; i++)
		dev_up_flags(&dev[i], 1, VSW_ATTACH_ONE_RING, i);
	ok(has_only(&dev[0], 0) && has_only(&dev[1], 1) &&
	   has_only(&dev[2], 2) && has_only(&dev[3], 3),
	   "who attaches one ring pair sees its offsets only");
	ok(dev[0].info.region_id == dev[3].info.region_id &&
	   dev[0].info.region_size == dev[3].info.region_size,
	   "ring pairs of a port share its region");
	for (i = 0; i < 4; i++)
		own &= mark_buffers(&dev[i], dev[i].tx, used, sizeof(used)) &&
		       mark_buffers(&dev[i], dev[i].rx, used, sizeof(used));
	ok(own, "ring pairs of a port share no buffers");
	for (i = 0; i < 4; i++)
		dev_down(&dev[i]);
	lan_end();
}

static void test_region_ids(void)
{
	struct dev a, b;

	lan_begin();
	dev_new(&a, 1, 1, 16, 256);
	dev_new(&b, 2, 1, 16, 256);
	ok(a.info.region_id != b.info.region_id,
	   "regions of two ports have different numbers");
	dev_down(&b);
	dev_down(&a);
	lan_end();
}

int main(void)
{
	test_begin();
	test_layout();
	test_constants();
	test_geometry(1, 2, 256);
	test_geometry(1, 3, 2048);
	test_geometry(1, 1000, 2048);
	test_geometry(1, 4096, 2048);
	test_geometry(1, 64, 16384);
	test_geometry(2, 4096, 256);
	test_geometry(2, 1000, 16384);
	test_geometry(64, 2, 2048);
	test_geometry(64, 64, 320);
	test_one_ring();
	test_region_ids();
	return test_end();
}
