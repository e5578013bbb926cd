import type { PlainRefusal } from "./operation.ts";

/** Thrown by a rule deep inside a decision; the batch turns it into the operation's refusal. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: PlainRefusal;

  constructor(refusal: PlainRefusal) {
    super(refusal.refuse);
    this.refusal = refusal;
  }
}
