/** What other tools call it: their words, and what one types here instead. */

/** Words, what they are taken to mean, and the tasks that do it, in order. */
export const OTHER_WORDS: {
  words: string[];
  about: string;
  tasks: string[];
}[] = [
  {
    words: "start run make build create init install setup all go begin deploy"
      .split(" "),
    about: "To build the whole lab",
    tasks: ["stage:nat"],
  },
  {
    words:
      "stop end destroy clean remove rm del delete kill halt teardown prune"
        .split(" "),
    about: "To take it all away",
    tasks: ["down"],
  },
  {
    words: "reset restart reload rebuild redo again fresh".split(" "),
    about: "To begin anew",
    tasks: ["down", "stage:nat"],
  },
  {
    words: "ls ps sandbox sandboxes machines".split(" "),
    about: "To see which sandboxes there are",
    tasks: ["list"],
  },
  {
    words: "ssh sh bash zsh console enter login attach-to".split(" "),
    about: "To go in",
    tasks: ["shell"],
  },
  {
    words: "ip ping iptables nft bridge-utils brctl sysctl tcpdump cmd command"
      .split(" "),
    about: "To run a command in the machine",
    tasks: ["exec ip netns exec ns1 ip route"],
  },
  {
    words: "info show state where progress stages verify check-lab".split(" "),
    about: "To see where you are",
    tasks: ["status"],
  },
  {
    words: "fix why debug diagnose repair mend".split(" "),
    about: "To learn why it cannot reach out",
    tasks: ["doctor"],
  },
  {
    words: "figure picture diagram graph svg map plot".split(" "),
    about: "To draw it",
    tasks: ["draw"],
  },
  {
    words: "packet traceroute sniff capture pcap follow".split(" "),
    about: "To follow a packet",
    tasks: ["trace"],
  },
  {
    words: "undo back revert".split(" "),
    about: "To take a stage back",
    tasks: ["stage:nat --undo"],
  },
  {
    words: "next continue learn lesson lessons page pages book course docs man"
      .split(" "),
    about: "To read what there is to learn",
    tasks: ["read"],
  },
  {
    words: "tasks commands usage menu options".split(" "),
    about: "To see all tasks",
    tasks: ["help"],
  },
  {
    words: "lint fmt format types".split(" "),
    about: "To check the source",
    tasks: ["check"],
  },
];
