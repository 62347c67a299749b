/** No answer came, and nothing that was read explains it: what is left. */

import { run } from "../command.ts";
import { probe } from "./probe.ts";
import { inside } from "./space.ts";
import type { Notes } from "./tour.ts";
import type { Probe, Question } from "./types.ts";
import type { World } from "./world.ts";

/** Looks further where a ping failed for no reason that was found. */
export async function explainSilence(
  world: World,
  notes: Notes,
  probes: Probe[],
): Promise<void> {
  const isOpen = ({ verdict, question }: Probe) =>
    (verdict === "no-reply" || verdict === "unreachable") &&
    !notes.drafts.some(({ breaks }) => breaks.includes(question));
  // Who was asked for in vain just now is asked for again after a second only
  // (see arp(7)): so it takes a second ping to tell.
  await Promise.all(probes.map(async (each, i) => {
    const space = world.others.find(({ label }) =>
      label === each.question.from
    );
    if (!space || !isOpen(each)) return;
    const again = await probe(space, each.question);
    // Routers say why only so often: what was said once still holds.
    if (again.verdict === "ok" || !/^From/.test(each.words)) probes[i] = again;
  }));
  const silent = probes.filter(isOpen);
  if (silent.length === 0) return;
  const far = silent.find(({ question }) => question.about === "internet");
  const own = far && await probe(world.machine, {
    ...far.question,
    from: world.machine.label,
  });
  for (const { question, words, command } of silent) {
    const doubt = notes.doubts.find((each) => each.question === question);
    const queue = notes.queues.find((each) => each.question === question);
    if (doubt) {
      notes.add("rule-may-drop", question, {
        params: { who: doubt.space.label },
        look: { command: doubt.rule.show, line: doubt.rule.line },
        fix: [doubt.rule.remove],
        sure: false,
      });
    } else if (queue) {
      notes.add("queue-drops", question, {
        params: { dev: queue.dev },
        look: {
          command: inside(queue.space, `tc qdisc show dev ${queue.dev}`),
        },
        fix: [inside(queue.space, `tc qdisc del dev ${queue.dev} root`)],
        sure: false,
      });
    } else if (question.about === "internet" && own && own.verdict !== "ok") {
      await upstream(world, notes, question, [own.words, words], own.command);
    } else {
      notes.add("unexplained", question, {
        params: { from: question.from, to: question.to, seen: words },
        look: { command, said: words },
        sure: false,
      });
    }
  }
}

/** The machine itself gets no answer: the fault is beyond it. */
async function upstream(
  world: World,
  notes: Notes,
  question: Question,
  said: readonly string[],
  command: string,
): Promise<void> {
  const { machine } = world;
  const complaint = said.find((words) => /^From \S/.test(words));
  const router = complaint?.split(" ")[1];
  const isOwn = machine.ifaces.some(({ addresses }) =>
    addresses.some(({ local }) => local === router)
  );
  if (router && complaint && !isOwn) {
    notes.add("target-unknown", question, {
      params: { to: question.to, router },
      look: { command, said: complaint },
    });
    return;
  }
  const { dev = "the uplink", via } = await world.way(machine, question.to);
  if (via) {
    const show = inside(machine, `ip neigh show ${via}`);
    const { stdout } = await run(show.split(" "));
    if (/PERMANENT/.test(stdout)) {
      const mac = stdout.match(/lladdr (\S+)/)?.[1] ?? "";
      notes.add("neighbour-wrong", question, {
        params: { who: machine.label, address: via, mac },
        look: { command: show },
        fix: [inside(machine, `ip neigh del ${via} dev ${dev}`)],
        sure: false,
      });
      return;
    }
    if (/FAILED|INCOMPLETE/.test(stdout)) {
      notes.add("upstream-gateway-silent", question, {
        params: { who: machine.label, via, dev },
        look: { command: show },
      });
      return;
    }
  }
  notes.add("upstream-silent", question, {
    params: { who: machine.label, to: question.to, dev },
    look: { command, said: said[0] },
  });
}
