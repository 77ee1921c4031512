// SPDX-License-Identifier: GPL-2.0
/*
 * Frames with virtio-net headers: rings that leave work to others, as stacks do
 *
 * Such a header says which checksum is to be finished, and how to cut a frame that
 * is longer than others. So between a ring that has headers and an interface frames
 * are moved as they are, and for a ring that has none they are made plain. They are
 * those of VIRTIO 1, little-endian and of 12 bytes, as a tap has them with
 * IFF_VNET_HDR, TUNSETVNETLE and TUNSETVNETHDRSZ.
 */

#include <linux/if_vlan.h>
#include <linux/virtio_net.h>

#include "skb.h"

/* What is longer is no packet of IP: who knows into how many it would be cut. */
#define VSW_VNET_MAX	(VLAN_ETH_HLEN + U16_MAX)

/* What a header can say of TCP and UDP, and what may be left out. */
#define VSW_VNET_GSO_IS	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_UDP_L4)
#define VSW_VNET_GSO	(VSW_VNET_GSO_IS | SKB_GSO_TCP_ECN | \
			 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY)

/* Do what the header before a frame says; returns whether it can be. */
static bool vsw_vnet_apply(struct sk_buff *skb)
{
	/* Nobody else can write to this copy, but it may move. */
	const struct virtio_net_hdr hdr = *(struct virtio_net_hdr *)skb->data;

	__skb_pull(skb, VSW_VNET_LEN);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	return !virtio_net_hdr_to_skb(skb, &hdr, true);
}

/**
 * vsw_vnet_get() - make a frame with a header an skb
 * @skbs: where to add it
 * @frags: the pieces of both
 * @len: the bytes of both
 * @net: the namespace that owns the port
 *
 * Context: bottom halves off.
 * Return: VSW_DROP_NONE, or why there is no skb.
 */
enum vsw_drop vsw_vnet_get(struct sk_buff_head *skbs,
			   const struct vsw_frag *frags, u32 len,
			   struct net *net)
{
	struct sk_buff *skb;

	if (len < VSW_VNET_LEN + ETH_HLEN)
		return VSW_DROP_RUNT;
	if (len > VSW_VNET_LEN + VSW_VNET_MAX)
		return VSW_DROP_BAD_LEN;
	/* An interface gives it a device of its own: this one tells the namespace. */
	skb = vsw_skb_build(frags, len, net->loopback_dev);
	if (unlikely(!skb))
		return VSW_DROP_NO_MEMORY;
	if (!vsw_vnet_apply(skb)) {
		kfree_skb(skb);
		return VSW_DROP_BAD_VNET_HDR;
	}
	__skb_queue_tail(skbs, skb);
	return VSW_DROP_NONE;
}

/**
 * vsw_vnet_tells() - can a header tell what is to be done with a frame?
 * @skb: the frame
 *
 * Return: whether it can; if not, that has to be done first.
 */
bool vsw_vnet_tells(struct sk_buff *skb)
{
	u32 gso = skb_shinfo(skb)->gso_type;

	/* The checksum of SCTP is another one. */
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_is_sctp(skb))
		return false;
	return !skb_is_gso(skb) ||
	       (gso & VSW_VNET_GSO_IS && !(gso & ~VSW_VNET_GSO));
}

/**
 * vsw_vnet_put() - make the header of a frame
 * @skb: a frame for which vsw_vnet_tells() holds; its control block gets the header
 *
 * Return: the header, as a piece.
 */
struct vsw_frag vsw_vnet_put(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct virtio_net_hdr_v1) != VSW_VNET_LEN);
	BUILD_BUG_ON(sizeof(skb->cb) < VSW_VNET_LEN);

	memset(skb->cb, 0, VSW_VNET_LEN);
	virtio_net_hdr_from_skb(skb, (struct virtio_net_hdr *)skb->cb, true,
				true, 0);
	return (struct vsw_frag) {
		.data = (const u8 *)skb->cb, .len = VSW_VNET_LEN,
	};
}

/**
 * vsw_vnet_pieces() - the pieces of a frame with its header, for a ring with headers
 * @batch: the batch
 * @frag: the first piece of the frame
 * @num: number of its pieces; 0 is one
 *
 * Who sends skbs has put a header before each frame; frames of plain rings leave
 * nothing to be done.
 *
 * Context: bottom halves off.
 * Return: the header and the pieces, until it is called again on this CPU.
 */
const struct vsw_frag *vsw_vnet_pieces(const struct vsw_batch *batch,
				       const struct vsw_frag *frag, u32 num)
{
	static const u8 zero[VSW_VNET_LEN];
	struct vsw_frag *pieces;

	if (batch->out)
		return frag - 1;
	/* No skb is on its way on this CPU, so this is free. */
	pieces = this_cpu_read(vsw_skb_scratch.batch)->frags;
	pieces[0] = (struct vsw_frag) { .data = zero, .len = VSW_VNET_LEN };
	memcpy(pieces + 1, frag, max(num, 1) * sizeof(*frag));
	return pieces;
}
