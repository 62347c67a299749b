/** What other tools call it: their words, and what one types here instead. */

import { t } from "../../lib/cli/translate.ts";

/** Words, what they are taken to mean, and the tasks that do it, in order. */
export const OTHER_WORDS: {
  words: string[];
  about: string;
  tasks: string[];
}[] = [
  {
    words: "start run make build create init install setup all go begin deploy"
      .split(" "),
    about: t`To build the whole lab`,
    tasks: ["stage:nat"],
  },
  {
    words:
      "stop end destroy clean remove rm del delete kill halt teardown prune"
        .split(" "),
    about: t`To take it all away`,
    tasks: ["down"],
  },
  {
    words: "reset restart reload rebuild redo again fresh".split(" "),
    about: t`To begin anew`,
    tasks: ["down", "stage:nat"],
  },
  {
    words: "ls ps sandbox sandboxes machines".split(" "),
    about: t`To see which sandboxes there are`,
    tasks: ["list"],
  },
  {
    words: "ssh sh bash zsh console enter login attach-to".split(" "),
    about: t`To go in`,
    tasks: ["shell"],
  },
  {
    words: "ip ping iptables nft bridge-utils brctl sysctl tcpdump cmd command"
      .split(" "),
    about: t`To run a command in the machine`,
    tasks: ["exec ip netns exec ns1 ip route"],
  },
  {
    words: "info show state where progress stages verify check-lab".split(" "),
    about: t`To see where you are`,
    tasks: ["status"],
  },
  {
    words: "fix why debug diagnose repair mend".split(" "),
    about: t`To learn why it cannot reach out`,
    tasks: ["doctor"],
  },
  {
    words: "figure picture diagram graph svg map plot".split(" "),
    about: t`To draw it`,
    tasks: ["draw"],
  },
  {
    words: "packet traceroute sniff capture pcap follow".split(" "),
    about: t`To follow a packet`,
    tasks: ["trace"],
  },
  {
    words: "undo back revert".split(" "),
    about: t`To take a stage back`,
    tasks: ["stage:nat --undo"],
  },
  {
    words: "next continue learn lesson lessons page pages book course docs man"
      .split(" "),
    about: t`To read what there is to learn`,
    tasks: ["read"],
  },
  {
    words: "tasks commands usage menu options".split(" "),
    about: t`To see all tasks`,
    tasks: ["help"],
  },
  {
    words: "lint fmt format types".split(" "),
    about: t`To check the source`,
    tasks: ["check"],
  },
];
