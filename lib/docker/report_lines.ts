/** What `inspect-docker` found, as text. */

import { printable } from "../cli/printable.ts";
import { tableLines } from "../cli/table.ts";
import { bold } from "../cli/terminal.ts";
import { t } from "../cli/translate.ts";
import { type Dns, EMBEDDED } from "./dns.ts";
import type { Behind, Published } from "./published.ts";
import type { Report } from "./report.ts";

/** The whole report. */
export function reportLines(report: Report): string[] {
  const { engine, networks, containers, published, parts, unread } = report;
  const by = engine.firewallBy === "told"
    ? t`as the engine says`
    : t`by the rules that were found`;
  return [
    t`Machine: here, this very Linux, containers of ${engine.client}`,
    t`Engine: ${engine.client} ${engine.version}; firewall: ${engine.firewall} (${by})`,
    "",
    ...networkLines(networks),
    "",
    ...containerLines(containers),
    ...published.length ? ["", bold(t`Published ports`)] : [],
    ...published.flatMap(publishedLines),
    ...containers.length ? ["", bold("DNS")] : [],
    ...containers.map(({ name, dns }) => `${name}: ${dnsText(dns)}`),
    "",
    ...partLines(parts),
    ...unread.map((each) => t`Not read: ${each}`),
  ].map((line) => printable(line, "\x1b"));
}

function networkLines(networks: Report["networks"]): string[] {
  const yes = (value?: boolean) =>
    value === undefined ? "" : value ? t`yes` : t`no`;
  return tableLines(
    [
      t`network`,
      "driver",
      "bridge",
      t`subnet`,
      "gateway",
      t`internal`,
      t`mode`,
      "ICC",
    ],
    networks.map((each) => [
      each.name,
      each.driver,
      each.bridge,
      each.subnets.join(" "),
      each.gateways.join(" "),
      yes(each.internal),
      each.gatewayMode,
      yes(each.icc),
    ]),
  );
}

function containerLines(containers: Report["containers"]): string[] {
  if (containers.length === 0) return [t`No container is running.`];
  const rows = containers.flatMap(({ name, mode, cards, gateway, ports }) => {
    const all = cards.length ? cards : [undefined];
    return all.map((card, i) => [
      i === 0 ? name : "",
      i === 0 ? mode : "",
      card?.name,
      card?.port,
      card?.bridge,
      card?.address,
      i === 0 ? gateway : "",
      i === 0 ? ports.join(" ") : "",
    ]);
  });
  const heading = ["name", "mode", "card", t`veth here`, "bridge", "address"];
  return tableLines([...heading, "gateway", "ports"], rows);
}

function publishedLines(published: Published): string[] {
  const { hostAddress, hostPort, protocol, container, containerPort } =
    published;
  const title =
    `${hostAddress}:${hostPort}/${protocol} → ${container}:${containerPort}`;
  const behind = published.behind.map(behindText);
  return [
    title,
    ...(behind.length ? behind : [
      t`nothing: no rule leads there, and no process listens`,
    ]).map((line) => `  ${line}`),
  ];
}

function behindText(behind: Behind): string {
  if (behind.kind === "rule") return `${behind.backend}: ${behind.rule}`;
  const { program, address, pid } = behind;
  const who = pid === undefined
    ? t`a process that we may not look at`
    : t`${program} (process ${pid})`;
  return behind.kind === "proxy"
    ? t`proxy: ${who} listens at ${address}, and carries on what it accepts`
    : t`${who} listens at ${address}: it keeps the port, and carries nothing on`;
}

function dnsText({ servers, rules, unreadable }: Dns): string {
  if (unreadable) return t`not known: ${unreadable}`;
  if (servers.length === 0) return t`no name server`;
  const list = servers.join(" ");
  if (!servers.includes(EMBEDDED)) return list;
  return rules.length
    ? t`${list}, the engine's own, by a rule in there: ${rules[0]}`
    : t`${list}, the engine's own; no rule leads to it`;
}

function partLines(parts: Report["parts"]): string[] {
  const bridgeNetfilter = parts.bridgeNetfilter === null
    ? t`not loaded`
    : parts.bridgeNetfilter
    ? t`on: frames on a bridge meet the rules`
    : t`off`;
  return [
    bold(t`What it consists of`),
    `ip_forward: ${parts.forwarding ? t`on` : t`off`}`,
    `br_netfilter: ${bridgeNetfilter}`,
    t`policies at forward: ${parts.forwardPolicies.join(", ") || t`none`}`,
    t`chains: ${parts.chains.join(", ") || t`none`}`,
    t`drops before tracking: ${parts.rawDrops.length}`,
    ...parts.rawDrops.map((line) => `  ${line}`),
  ];
}
