/** The reference model of the property tests: the rules once more, as plainly as possible. */

export type ModelOperation =
  | {
      readonly type: "transfer";
      readonly from: number;
      readonly to: number;
      readonly amount: number;
    }
  | {
      readonly type: "split";
      readonly from: number;
      readonly to: readonly [number, number];
      readonly amount: number;
    }
  | { readonly type: "hold"; readonly from: number; readonly to: number; readonly amount: number }
  | {
      readonly type: "capture";
      readonly hold: number;
      readonly amount: number;
      readonly final: boolean;
    }
  | { readonly type: "void"; readonly hold: number }
  | { readonly type: "refund"; readonly transfer: number; readonly amount: number }
  | {
      readonly type: "freeze";
      readonly account: number;
      readonly debits: boolean;
      readonly credits: boolean;
    };

interface ModelAccount {
  balance: number;
  held: number;
  debitsFrozen: boolean;
  creditsFrozen: boolean;
}

interface ModelHold {
  from: number;
  to: number;
  left: number;
  open: boolean;
}

interface ModelTransfer {
  from: number;
  to: number;
  left: number;
}

/** Refusals of the request itself: they leave its key free. */
const ABOUT_FORM = new Set(["same_account", "invalid_field"]);

/** "posted" or the code of the refusal, exactly as the engine must answer. */
export class Model {
  readonly accounts: ModelAccount[];
  /** By index of the operation that opened or posted it. */
  readonly holds = new Map<number, ModelHold>();
  readonly transfers = new Map<number, ModelTransfer>();
  /** Transfers of several movements, which are refunded wholly or not at all. */
  readonly splits = new Set<number>();
  /** By key: the request and its outcome. */
  readonly #keys = new Map<string, { asked: string; answer: string }>();

  constructor(balances: readonly number[]) {
    this.accounts = balances.map((balance) => ({
      balance,
      held: 0,
      debitsFrozen: false,
      creditsFrozen: false,
    }));
  }

  apply(index: number, operation: ModelOperation, key: string | undefined): string {
    const asked = JSON.stringify(operation);
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known) return known.asked === asked ? known.answer : "idempotency_conflict";
    const answer = this.#decide(index, operation);
    if (key !== undefined && !ABOUT_FORM.has(answer)) this.#keys.set(key, { asked, answer });
    return answer;
  }

  #decide(index: number, operation: ModelOperation): string {
    switch (operation.type) {
      case "transfer":
        return this.#transfer(index, operation.from, operation.to, operation.amount);
      case "split":
        return this.#split(index, operation);
      case "hold":
        return this.#hold(index, operation);
      case "capture":
        return this.#capture(index, operation);
      case "void":
        return this.#void(operation.hold);
      case "refund":
        return this.#refund(index, operation.transfer, operation.amount);
      case "freeze": {
        const account = this.#account(operation.account);
        account.debitsFrozen = operation.debits;
        account.creditsFrozen = operation.credits;
        return "posted";
      }
    }
  }

  #account(index: number): ModelAccount {
    const account = this.accounts[index];
    if (!account) throw new Error("no such account in the model");
    return account;
  }

  #transfer(index: number, from: number, to: number, amount: number): string {
    if (from === to) return "same_account";
    const problem = this.#debitProblem(from, amount) ?? this.#creditProblem(to);
    if (problem) return problem;
    this.#account(from).balance -= amount;
    this.#account(to).balance += amount;
    this.transfers.set(index, { from, to, left: amount });
    return "posted";
  }

  /** Two payees, twice the amount; the payer is checked before each payee, as the lines are. */
  #split(index: number, { from, to: payees, amount }: ModelOperation & { type: "split" }): string {
    const before = this.accounts.map((account) => ({ ...account }));
    for (const to of payees) {
      const problem = this.#debitProblem(from, amount) ?? this.#creditProblem(to);
      if (problem) {
        this.accounts.splice(0, this.accounts.length, ...before);
        return problem;
      }
      this.#account(from).balance -= amount;
      this.#account(to).balance += amount;
    }
    this.splits.add(index);
    return "posted";
  }

  #debitProblem(index: number, amount: number): string | undefined {
    const account = this.#account(index);
    if (account.debitsFrozen) return "account_frozen";
    return account.balance - account.held < amount ? "insufficient_funds" : undefined;
  }

  #creditProblem(index: number): string | undefined {
    return this.#account(index).creditsFrozen ? "account_frozen" : undefined;
  }

  #hold(index: number, { from, to, amount }: { from: number; to: number; amount: number }): string {
    if (from === to) return "same_account";
    const problem = this.#debitProblem(from, amount);
    if (problem) return problem;
    this.#account(from).held += amount;
    this.holds.set(index, { from, to, left: amount, open: true });
    return "posted";
  }

  #capture(index: number, operation: { hold: number; amount: number; final: boolean }): string {
    const hold = this.holds.get(operation.hold);
    if (!hold) return "hold_not_found";
    if (!hold.open) return "hold_not_open";
    if (operation.amount > hold.left) return "capture_too_large";
    const ended = operation.final || operation.amount === hold.left;
    const released = ended ? hold.left : operation.amount;
    this.#account(hold.from).held -= released;
    const answer = this.#transfer(index, hold.from, hold.to, operation.amount);
    if (answer !== "posted") {
      this.#account(hold.from).held += released;
      return answer;
    }
    hold.left -= operation.amount;
    hold.open = !ended;
    return "posted";
  }

  #void(index: number): string {
    const hold = this.holds.get(index);
    if (!hold) return "hold_not_found";
    if (!hold.open) return "hold_not_open";
    hold.open = false;
    this.#account(hold.from).held -= hold.left;
    return "posted";
  }

  #refund(index: number, original: number, amount: number): string {
    if (this.splits.has(original)) return "invalid_field";
    const transfer = this.transfers.get(original);
    if (!transfer) return "transfer_not_found";
    if (amount > transfer.left) return "refund_too_large";
    const answer = this.#transfer(index, transfer.to, transfer.from, amount);
    if (answer === "posted") transfer.left -= amount;
    return answer;
  }
}
