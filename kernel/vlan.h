/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLANs of ports (IEEE 802.1Q), as the lookup "learn" knows them
 *
 * As long as no port of a switch has VLANs, tags are bytes like others. With the
 * first one that has, each frame is in one VLAN, and a port gets only frames of
 * VLANs that it carries: without a tag those of one VLAN, tagged those of others.
 */
#ifndef _VSW_VLAN_H
#define _VSW_VLAN_H

#include <linux/bits.h>
#include <linux/if_vlan.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "pkt.h"
#include "vsw.h"

/* Where ports without VLANs are, on a switch where others have some. */
#define VSW_VLAN_DEFAULT	1

#define VSW_TRUNK_SIZE		(VLAN_N_VID / BITS_PER_BYTE)

/**
 * struct vsw_vlans - the VLANs of a port; constant
 * @rcu: defers freeing
 * @pvid: frames without a tag are in this one, and those of it leave without a
 *	tag; 0: the port neither takes nor gets frames without a tag
 * @trunk: a bit for each VLAN whose frames are tagged: bit n % 8 of byte n / 8
 */
struct vsw_vlans {
	struct rcu_head	rcu;
	u16		pvid;
	u8		trunk[VSW_TRUNK_SIZE];
};

/**
 * enum vsw_vlan_form - how a port gets frames of a VLAN
 * @VSW_VLAN_ABSENT: not at all
 * @VSW_VLAN_UNTAGGED: without a tag
 * @VSW_VLAN_TAGGED: with a tag
 */
enum vsw_vlan_form {
	VSW_VLAN_ABSENT,
	VSW_VLAN_UNTAGGED,
	VSW_VLAN_TAGGED,
};

/**
 * struct vsw_vlan_change - the VLANs of a port while they are changed
 * @sw: the switch; NULL: nothing changes
 * @old: what the port has had, or NULL
 * @vlans: what it gets, or NULL
 * @lookup: what the switch gets in place of its lookup; NULL: that can stay
 * @turns: it gets its first port with VLANs, or loses the last one
 */
struct vsw_vlan_change {
	struct vsw_switch	*sw;
	struct vsw_vlans	*old;
	struct vsw_vlans	*vlans;
	struct vsw_lookup	*lookup;
	bool			turns;
};

/**
 * vsw_vlans_trunk() - does a port carry a VLAN tagged?
 * @vlans: what the port carries
 * @vlan: the VLAN, below VLAN_N_VID
 *
 * Return: whether it does, unless it is the PVID.
 */
static inline bool vsw_vlans_trunk(const struct vsw_vlans *vlans, u16 vlan)
{
	return vlans->trunk[vlan / BITS_PER_BYTE] & BIT(vlan % BITS_PER_BYTE);
}

/**
 * vsw_vlan_form() - how a port gets frames of a VLAN
 * @port: the port
 * @vlan: the VLAN, below VLAN_N_VID and not 0
 *
 * Context: rcu_read_lock().
 * Return: the form.
 */
static inline enum vsw_vlan_form vsw_vlan_form(const struct vsw_port *port,
					       u16 vlan)
{
	const struct vsw_vlans *vlans = rcu_dereference(port->vlans);
	u16 pvid = vlans ? vlans->pvid : VSW_VLAN_DEFAULT;

	if (vlan == pvid)
		return VSW_VLAN_UNTAGGED;
	return vlans && vsw_vlans_trunk(vlans, vlan) ? VSW_VLAN_TAGGED :
						       VSW_VLAN_ABSENT;
}

/**
 * vsw_run_is_copied() - is it copies of headers that a run has?
 * @batch: the batch
 * @run: one of its runs
 *
 * Return: whether it is; then nobody else can write to them.
 */
static inline bool vsw_run_is_copied(const struct vsw_batch *batch,
				     const struct vsw_run *run)
{
	size_t at = batch->frags[run->frag].data - batch->snapshot[0];

	return at < sizeof(batch->snapshot);
}

/**
 * vsw_run_sent_len() - length of a frame of a run, as it was sent
 * @batch: the batch
 * @run: one of its runs
 * @i: number of the frame in the run
 *
 * A tag that was put in, or taken out, has moved the beginning of the copy.
 *
 * Return: its length in bytes.
 */
static inline u32 vsw_run_sent_len(const struct vsw_batch *batch,
				   const struct vsw_run *run, u32 i)
{
	u32 len = vsw_run_len(batch, run, i);
	u32 at;

	if (!vsw_run_is_copied(batch, run))
		return len;
	at = batch->frags[run->frag + i].data - batch->snapshot[0];
	return len + at % VSW_SNAPSHOT_SIZE - VSW_SNAPSHOT_ROOM;
}

/* vlan.c: control path */
int vsw_vlan_prepare(struct vsw_vlan_change *change, struct vsw_switch *sw,
		     struct vsw_vlans *old, struct vsw_vlans *vlans,
		     struct netlink_ext_ack *extack);
void vsw_vlan_abort(struct vsw_vlan_change *change);
void vsw_vlan_finish(struct vsw_vlan_change *change);
void vsw_vlan_commit(struct vsw_vlan_change *change, struct vsw_port *port);
void vsw_vlan_forget(struct vsw_port *port);

/* lookup/learn_vlan.c: data path */
bool vsw_vlan_shape(struct vsw_batch *batch, u32 i,
		    const struct vsw_port *port);

#endif /* _VSW_VLAN_H */
