/** Groups equal findings, and prints each with its first request as a command to repeat. */
import type { Sent } from "./encode.ts";
import type { Answer, Fault } from "./judge.ts";

interface Finding extends Fault {
  count: number;
  readonly operation: string;
  readonly sent: Sent;
  readonly answer: Answer | undefined;
}

/** Enough to see a kind of fault; more would hide the others. */
const SHOWN_MAX = 400;

export class Report {
  readonly #findings = new Map<string, Finding>();
  readonly #byStatus = new Map<number, number>();

  count(status: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
  }

  add(operation: string, fault: Fault, sent: Sent, answer: Answer | undefined): void {
    const key = JSON.stringify([fault.kind, fault.rule, operation]);
    const known = this.#findings.get(key);
    if (known) known.count += 1;
    else this.#findings.set(key, { ...fault, operation, sent, answer, count: 1 });
  }

  get isClean(): boolean {
    return this.#findings.size === 0;
  }

  print(): void {
    const statuses = [...this.#byStatus].sort(([a], [b]) => a - b);
    console.log(`answers  ${statuses.map(([status, count]) => `${status}: ${count}`).join("  ")}`);
    const sorted = [...this.#findings.values()].sort((a, b) => a.kind.localeCompare(b.kind));
    for (const { kind, rule, operation, count, sent, answer } of sorted) {
      const { method, target, body } = sent;
      console.log(`\nRED  ${kind}: ${rule}\n     ${operation}, ${count} times`);
      console.log(`     sent   ${method} ${shorten(target)} ${shorten(shownHeaders(sent))}`);
      if (body) console.log(`            ${shorten(body.toString())}`);
      if (answer) console.log(`     answer ${answer.status} ${shorten(answer.text)}`);
    }
  }
}

/** Credentials are of a server that is gone by then; they would only fill the line. */
function shownHeaders({ headers }: Sent): string {
  const { authorization, ...shown } = headers;
  return JSON.stringify({ ...shown, ...(authorization ? { authorization: "..." } : {}) });
}

function shorten(text: string): string {
  return text.length <= SHOWN_MAX
    ? text
    : `${text.slice(0, SHOWN_MAX)}... (${text.length} letters)`;
}
