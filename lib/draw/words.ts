/** The figure's own words, in one place. Names and addresses are the kernel's. */

import { t } from "../cli/translate.ts";

/** What a figure says in words. */
export interface Words {
  /** The machine's own namespace. */
  pc: string;
  /** What is behind the uplink. */
  internet: string;
  /** A bridge, as a title says it. */
  bridge: string;
  /** What a namespace stands for, among hardware. */
  server: string;
  /** What a bridge stands for. */
  switch: string;
  /** What the machine stands for. */
  router: string;
  /** An interface that is not set up. */
  down: string;
  /** One that is, but whose cable ends in one that is not. */
  noCarrier: string;
  /** A veth whose other end is in a namespace without a name. */
  peerUnseen: string;
  /** A vlan or its like that stands on an interface that is not seen. */
  parentUnseen: string;
  /** What it stands on. */
  on: string;
  /** A namespace that could not be read. */
  unreadable: string;
  /** An interface without an address. */
  noAddress: string;
  /** A namespace without a default route. */
  noRoute: string;
  /** net.ipv4.ip_forward is 1. */
  forwardingOn: string;
  /** net.ipv4.ip_forward is 0. */
  forwardingOff: string;
  /** The firewall drops what is to be forwarded. */
  forwardDrop: string;
  /** It drops what no rule accepts. */
  forwardSome: string;
  /** No rule rewrites the sender. */
  noNat: string;
  /** Legend: what this stage added. */
  isNew: string;
  /** Legend: what does not exist. */
  notYet: string;
  /** Legend: what is up. */
  up: string;
}

/** The words in English. */
export const ENGLISH: Words = {
  pc: "PC",
  internet: t`the internet`,
  bridge: "bridge",
  server: "server",
  switch: "switch",
  router: "router",
  down: "down",
  noCarrier: t`no carrier`,
  peerUnseen: t`peer in a namespace without a name`,
  parentUnseen: t`on an interface elsewhere`,
  on: "on",
  unreadable: t`cannot be read`,
  noAddress: t`no address`,
  noRoute: t`no default route`,
  forwardingOn: t`forwarding on`,
  forwardingOff: t`forwarding off`,
  forwardDrop: t`firewall drops what is forwarded`,
  forwardSome: t`only what a rule accepts is forwarded`,
  noNat: "no NAT",
  isNew: "new",
  notYet: t`not there`,
  up: "up",
};
