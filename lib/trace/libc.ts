/** The few functions of the C library that Deno has no name for. */

import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/** How each of them is called. */
export const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "isize" },
  setns: { parameters: ["i32", "i32"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  poll: {
    parameters: ["buffer", "u64", "i32"],
    result: "i32",
    nonblocking: true,
  },
  setsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "u32"],
    result: "i32",
  },
  getsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "buffer"],
    result: "i32",
  },
  sendto: {
    parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"],
    result: "isize",
  },
  recvmsg: { parameters: ["i32", "buffer", "i32"], result: "isize" },
  if_nametoindex: { parameters: ["buffer"], result: "u32" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  strerror: { parameters: ["i32"], result: "pointer" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** The functions, ready to be called. */
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let opened: Libc | undefined;

/** The C library of this Linux: glibc's or musl's, whichever is there. */
export function libc(): Libc {
  if (opened) return opened;
  const names = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`, "libc.so"];
  let words = "";
  for (const name of names) {
    try {
      return opened = Deno.dlopen(name, SYMBOLS).symbols;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      words = (error as Error).message;
    }
  }
  throw new Problem(
    t`Cannot open the C library (${names.join(", ")}): ${words}.`,
    t`A trace takes a Linux with glibc or musl on a 64-bit processor.`,
  );
}

/** A text as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** The kernel's words for what kept the last call from doing its work. */
export function lastError(): { number: number; words: string } {
  const at = libc().__errno_location();
  const number = at ? new Deno.UnsafePointerView(at).getInt32() : 0;
  const text = libc().strerror(number);
  return {
    number,
    words: text ? Deno.UnsafePointerView.getCString(text) : t`error ${number}`,
  };
}

/** A file's whole text, also below /proc, which Deno keeps closed. */
export function readText(path: string): string {
  const fd = libc().open(cString(path), O_CLOEXEC);
  if (fd < 0) return "";
  const bytes = new Uint8Array(1 << 16);
  let all = "";
  for (let n; (n = Number(libc().read(fd, bytes, 1n << 16n))) > 0;) {
    all += new TextDecoder().decode(bytes.subarray(0, n));
  }
  libc().close(fd);
  return all;
}

/** Keeps a file from being inherited by the programs that we start. */
export const O_CLOEXEC = 0o2000000;
