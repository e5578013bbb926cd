/** A progress bar on a terminal; elsewhere a line for every tenth. */

const WIDTH = 30;
const TENTHS = 10;

export type ShowProgress = (label: string, done: number, total: number, rest?: string) => void;

/** The members of a stream that a bar needs. */
export interface BarStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export function progressBar(stream: BarStream): ShowProgress {
  let current = "";
  let reported = -1;
  return (label, done, total, rest = "") => {
    if (label !== current) [current, reported] = [label, -1];
    const share = total === 0 ? 1 : done / total;
    const text = `${label} ${bar(share)} ${done}/${total}${rest}`;
    // The rest of a longer line before it is erased.
    if (stream.isTTY) stream.write(`\r${text}\u001b[K${done >= total ? "\n" : ""}`);
    else if (Math.floor(share * TENTHS) > reported) {
      reported = Math.floor(share * TENTHS);
      stream.write(`${text}\n`);
    }
  };
}

function bar(share: number): string {
  const full = Math.round(share * WIDTH);
  return `[${"#".repeat(full)}${".".repeat(WIDTH - full)}]`;
}
