// SPDX-License-Identifier: GPL-2.0
/* Headers of frames that end anywhere */

#include <kunit/test.h>

#include "../parse.h"

/**
 * struct vsw_parse_case - a frame
 * @name: what it is
 * @frame: its bytes, up to the ports
 * @len: number of them
 * @vlan: its VLAN
 * @ethertype: behind the tags
 * @ip: where IP begins
 * @version: of IP
 * @proto: behind extension headers
 * @is_fragment: it is a fragment
 */
struct vsw_parse_case {
	const char	*name;
	const u8	*frame;
	u32		len;
	u16		vlan;
	u16		ethertype;
	u32		ip;
	u8		version;
	u8		proto;
	bool		is_fragment;
};

#define MACS	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
/* From 192.0.2.1 to 192.0.2.2, with @words words of header. */
#define IPV4(words, frag, proto) \
	0x40 + (words), 0, 0, 64, 0, 0, (frag) >> 8, (frag) & 0xff, 64, (proto), \
	0, 0, 192, 0, 2, 1, 192, 0, 2, 2
#define IPV6(proto) \
	0x60, 0, 0, 0, 0, 64, (proto), 64, \
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, \
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
#define PORTS	0x12, 0x34, 0x56, 0x78

static const u8 vsw_plain[] = { MACS, 8, 0, IPV4(5, 0, 17), PORTS };
static const u8 vsw_options[] = { MACS, 8, 0, IPV4(6, 0, 6), 1, 1, 1, 1, PORTS };
static const u8 vsw_first[] = { MACS, 8, 0, IPV4(5, 0x2000, 132), PORTS };
static const u8 vsw_tagged[] = {
	MACS, 0x81, 0, 0xef, 0xff, 8, 0, IPV4(5, 0, 6), PORTS,
};

static const u8 vsw_twice[] = {
	MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd, IPV6(17), PORTS,
};

/* Hop by hop of two units, a fragment header of a whole packet, destination. */
static const u8 vsw_extended[] = {
	MACS, 0x86, 0xdd, IPV6(0),
	43, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	44, 0, 0, 0, 0, 0, 0, 0,
	60, 0, 0, 0, 0, 0, 0, 1,
	6, 0, 0, 0, 0, 0, 0, 0,
	PORTS,
};

#define CASE(_name, ...) \
	{ #_name, vsw_##_name, sizeof(vsw_##_name), __VA_ARGS__ }

static const struct vsw_parse_case vsw_cases[] = {
	CASE(plain, VSW_VLAN_NONE, ETH_P_IP, 14, 4, IPPROTO_UDP, false),
	CASE(options, VSW_VLAN_NONE, ETH_P_IP, 14, 4, IPPROTO_TCP, false),
	CASE(first, VSW_VLAN_NONE, ETH_P_IP, 14, 4, IPPROTO_SCTP, true),
	CASE(tagged, 0xfff, ETH_P_IP, 18, 4, IPPROTO_TCP, false),
	CASE(twice, 7, ETH_P_IPV6, 22, 6, IPPROTO_UDP, false),
	CASE(extended, VSW_VLAN_NONE, ETH_P_IPV6, 14, 6, IPPROTO_TCP, false),
};

static void vsw_case_desc(const struct vsw_parse_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vsw_case, vsw_cases, vsw_case_desc);

/* Parse the first @len bytes, with nothing behind them. */
static struct vsw_headers vsw_test_parse(struct kunit *test, const u8 *frame,
					 u32 len)
{
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	struct vsw_headers any = {}, h = {};

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, frame, len);
	vsw_parse_any(copy, len, &any);
	vsw_parse(copy, len, &h);
	kunit_kfree(test, copy);
	/* The fast way and the long one agree. */
	KUNIT_EXPECT_MEMEQ(test, &any, &h, sizeof(h));
	return h;
}

static void vsw_test_whole(struct kunit *test)
{
	const struct vsw_parse_case *c = test->param_value;
	struct vsw_headers h = vsw_test_parse(test, c->frame, c->len);

	KUNIT_EXPECT_EQ(test, ntohs(h.ethertype), c->ethertype);
	KUNIT_EXPECT_EQ(test, h.vlan, c->vlan);
	KUNIT_EXPECT_EQ(test, h.ip_version, c->version);
	KUNIT_EXPECT_EQ(test, h.proto, c->proto);
	KUNIT_EXPECT_EQ(test, h.known, VSW_HAS_IP | VSW_HAS_PORTS |
				       (c->is_fragment ? VSW_IS_FRAGMENT : 0));
	KUNIT_EXPECT_EQ(test, ntohs(h.sport), 0x1234);
	KUNIT_EXPECT_EQ(test, ntohs(h.dport), 0x5678);
	if (c->version == 4) {
		KUNIT_EXPECT_EQ(test, ntohl(h.src4), 0xc0000201);
		KUNIT_EXPECT_EQ(test, ntohl(h.dst4), 0xc0000202);
	} else {
		KUNIT_EXPECT_EQ(test, h.src6.s6_addr[15], 1);
		KUNIT_EXPECT_EQ(test, h.dst6.s6_addr[15], 2);
	}
}

/* What is cut off is not known, and that it is cut off is. */
static void vsw_test_cut(struct kunit *test)
{
	const struct vsw_parse_case *c = test->param_value;
	u32 len, ip_len = c->version == 4 ? sizeof(struct iphdr) :
					    sizeof(struct ipv6hdr);
	struct vsw_headers h;

	for (len = ETH_HLEN; len < c->len; len++) {
		h = vsw_test_parse(test, c->frame, len);
		KUNIT_EXPECT_TRUE(test, h.known & VSW_IS_CUT);
		KUNIT_EXPECT_FALSE(test, h.known & VSW_HAS_PORTS);
		KUNIT_EXPECT_EQ(test, len >= c->ip + ip_len,
				!!(h.known & VSW_HAS_IP));
		KUNIT_EXPECT_EQ(test, len >= c->ip,
				h.ethertype == htons(c->ethertype));
	}
}

/* Changes @byte of a frame to @value. */
static struct vsw_headers vsw_test_changed(struct kunit *test,
					   const u8 *frame, u32 len, u32 byte,
					   u8 value)
{
	u8 copy[128];

	memcpy(copy, frame, len);
	copy[byte] = value;
	return vsw_test_parse(test, copy, len);
}

static void vsw_test_contradictions(struct kunit *test)
{
	const u32 len = sizeof(vsw_plain);
	struct vsw_headers h;

	h = vsw_test_changed(test, vsw_plain, len, 14, 0x44);
	KUNIT_EXPECT_EQ(test, h.known, VSW_IS_CUT);
	h = vsw_test_changed(test, vsw_plain, len, 14, 0x65);
	KUNIT_EXPECT_EQ(test, h.known, VSW_IS_CUT);
	h = vsw_test_changed(test, vsw_plain, len, 14, 0x4f);
	KUNIT_EXPECT_EQ(test, h.known, VSW_HAS_IP | VSW_IS_CUT);
	/* A later fragment has no ports, whatever is there. */
	h = vsw_test_changed(test, vsw_plain, len, 21, 1);
	KUNIT_EXPECT_EQ(test, h.known, VSW_HAS_IP | VSW_IS_FRAGMENT);
	h = vsw_test_changed(test, vsw_plain, len, 23, IPPROTO_ICMP);
	KUNIT_EXPECT_EQ(test, h.known, VSW_HAS_IP);
	h = vsw_test_changed(test, vsw_plain, len, 12, 0x06);
	KUNIT_EXPECT_EQ(test, h.known, 0);
}

/* So many extension headers that nobody walks over all of them. */
static void vsw_test_endless(struct kunit *test)
{
	const u32 fixed = ETH_HLEN + sizeof(struct ipv6hdr);
	u8 *frame = kunit_kzalloc(test, 256, GFP_KERNEL);
	struct vsw_headers h;
	u32 n;

	KUNIT_ASSERT_NOT_NULL(test, frame);
	memcpy(frame, vsw_extended, fixed);
	for (n = 1; n < 20; n++) {
		/* All are hop by hop, but for the last. */
		frame[fixed + 8 * (n - 1)] = IPPROTO_UDP;
		h = vsw_test_parse(test, frame, fixed + 8 * n + 4);
		KUNIT_EXPECT_EQ(test, n <= VSW_PARSE_EXTENSIONS,
				!!(h.known & VSW_HAS_PORTS));
		KUNIT_EXPECT_EQ(test, n > VSW_PARSE_EXTENSIONS,
				!!(h.known & VSW_IS_CUT));
		frame[fixed + 8 * (n - 1)] = IPPROTO_HOPOPTS;
	}
}

static struct kunit_case vsw_parse_cases[] = {
	KUNIT_CASE_PARAM(vsw_test_whole, vsw_case_gen_params),
	KUNIT_CASE_PARAM(vsw_test_cut, vsw_case_gen_params),
	KUNIT_CASE(vsw_test_contradictions),
	KUNIT_CASE(vsw_test_endless),
	{}
};

static struct kunit_suite vsw_parse_suite = {
	.name		= "vsw-parse",
	.test_cases	= vsw_parse_cases,
};

kunit_test_suite(vsw_parse_suite);
