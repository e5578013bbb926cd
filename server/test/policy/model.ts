/** The reference model: locked coins, budgets, limits, consents, freezes and refunds once more, as plainly as possible. */

/** Users 0 and 1 are AllinONE's, 2 and 3 moon's. */
export const USERS = 4;

export function platformOfUser(user: number): number {
  return user < 2 ? 0 : 1;
}

/** Users whose starter coins are locked: one of each platform. */
export function isLocked(user: number): boolean {
  return user % 2 === 1;
}

/** The mint, as a payer or payee. */
export const MINT = -1;

export type PolicyStep =
  | {
      readonly type: "transfer" | "hold";
      readonly from: number;
      readonly to: number;
      readonly amount: number;
    }
  | { readonly type: "mint"; readonly to: number; readonly amount: number }
  | { readonly type: "capture"; readonly hold: number; readonly amount: number }
  | { readonly type: "void"; readonly hold: number }
  | { readonly type: "refund"; readonly transfer: number; readonly amount: number }
  | { readonly type: "budget"; readonly total: number }
  | { readonly type: "limit"; readonly subject: number; readonly maximum: number }
  | { readonly type: "unlimit"; readonly subject: number }
  | { readonly type: "consent"; readonly user: number; readonly perDay: number }
  | { readonly type: "revoke"; readonly user: number }
  | { readonly type: "freeze"; readonly user: number; readonly debits: boolean }
  | { readonly type: "thaw"; readonly user: number };

interface Limit {
  maximum: number;
  used: number;
}

interface Consent {
  perDay: number;
  open: boolean;
  day: string;
  spent: number;
}

interface Hold {
  readonly from: number;
  readonly to: number;
  readonly limits: readonly Limit[];
  readonly consent: Consent | undefined;
  readonly day: string;
  left: number;
  open: boolean;
}

interface Movement {
  readonly from: number;
  readonly to: number;
  left: number;
}

const today = () => new Date().toISOString().slice(0, 10);

/** Subjects of limits: each user, then each platform's users together. */
export class PolicyModel {
  readonly balances: number[];
  readonly #locked: number;
  readonly held = Array<number>(USERS).fill(0);
  readonly limits = new Map<number, Limit>();
  readonly consents = new Map<number, Consent>();
  readonly frozen = new Map<number, { debits: boolean }>();
  readonly holds = new Map<number, Hold>();
  readonly transfers = new Map<number, Movement>();
  issued = 0;
  /** undefined: no bound. */
  budget: number | undefined;

  /** `locked` are coins beside the balance of each unverified user; nothing here pays the shop. */
  constructor(balance: number, locked: number) {
    this.#locked = locked;
    this.balances = Array.from({ length: USERS }, (_, user) => balance + this.#lockedOf(user));
  }

  /** "posted", or the code of the refusal. */
  apply(index: number, step: PolicyStep): string {
    switch (step.type) {
      case "transfer":
        return this.#transfer(index, step);
      case "hold":
        return this.#hold(index, step);
      case "mint":
        return this.#mint(index, step);
      case "capture":
        return this.#capture(index, step);
      case "void":
        return this.#void(step.hold);
      case "refund":
        return this.#refund(index, step);
      case "budget":
        if (this.budget === step.total) return "already_so";
        this.budget = step.total;
        return "posted";
      case "limit":
        return this.#setLimit(step);
      case "unlimit":
        return this.limits.delete(step.subject) ? "posted" : "policy_not_found";
      case "consent":
        return this.#consent(step);
      case "revoke":
        return this.#revoke(step.user);
      case "freeze":
        if (this.frozen.get(step.user)?.debits === step.debits) return "already_so";
        this.frozen.set(step.user, { debits: step.debits });
        return "posted";
      case "thaw":
        return this.frozen.delete(step.user) ? "posted" : "already_so";
    }
  }

  #transfer(
    index: number,
    { from, to, amount }: { from: number; to: number; amount: number },
  ): string {
    if (from === to) return "same_account";
    if (this.#isFrozen(from, "debit") || this.#isFrozen(to, "credit")) return "user_frozen";
    const counted = this.#count(from, to, amount);
    if (typeof counted === "string") return counted;
    const shortage = this.#shortage(from, amount);
    if (shortage) return shortage;
    counted.commit();
    this.#move(index, from, to, amount);
    return "posted";
  }

  #hold(index: number, { from, to, amount }: { from: number; to: number; amount: number }): string {
    if (from === to) return "same_account";
    if (this.#isFrozen(from, "debit")) return "user_frozen";
    const counted = this.#count(from, to, amount);
    if (typeof counted === "string") return counted;
    const shortage = this.#shortage(from, amount);
    if (shortage) return shortage;
    counted.commit();
    this.held[from] = (this.held[from] ?? 0) + amount;
    const { limits, consent } = counted;
    const hold = { from, to, limits, consent, day: today(), left: amount, open: true };
    this.holds.set(index, hold);
    return "posted";
  }

  /** What the payment uses; the code of the first rule that refuses it. */
  #count(from: number, to: number, amount: number) {
    const limits = [from, USERS + platformOfUser(from)].flatMap(
      (one) => this.limits.get(one) ?? [],
    );
    if (limits.some(({ maximum, used }) => used + amount > maximum))
      return "spending_limit_exceeded";
    const across = platformOfUser(from) !== platformOfUser(to);
    const consent = across ? this.consents.get(from) : undefined;
    if (across && !consent?.open) return "consent_required";
    if (consent && consent.day !== today()) Object.assign(consent, { day: today(), spent: 0 });
    if (consent && consent.spent + amount > consent.perDay) return "consent_exceeded";
    const commit = () => {
      for (const limit of limits) limit.used += amount;
      if (consent) consent.spent += amount;
    };
    return { limits, consent, commit };
  }

  #mint(index: number, { to, amount }: { to: number; amount: number }): string {
    if (this.#isFrozen(to, "credit")) return "user_frozen";
    if (this.budget !== undefined && this.issued + amount > this.budget)
      return "issuance_budget_exceeded";
    this.issued += amount;
    this.#move(index, MINT, to, amount);
    return "posted";
  }

  #capture(index: number, { hold: at, amount }: { hold: number; amount: number }): string {
    const hold = this.holds.get(at);
    if (!hold) return "hold_not_found";
    if (!hold.open) return "hold_not_open";
    if (amount > hold.left) return "capture_too_large";
    if (this.#isFrozen(hold.from, "debit") || this.#isFrozen(hold.to, "credit"))
      return "user_frozen";
    const rest = hold.left - amount;
    this.#end(hold, rest);
    this.#move(index, hold.from, hold.to, amount);
    return "posted";
  }

  #void(at: number): string {
    const hold = this.holds.get(at);
    if (!hold) return "hold_not_found";
    if (!hold.open) return "hold_not_open";
    this.#end(hold, hold.left);
    return "posted";
  }

  #end(hold: Hold, given: number): void {
    this.held[hold.from] = (this.held[hold.from] ?? 0) - hold.left;
    hold.open = false;
    hold.left = 0;
    for (const limit of hold.limits) limit.used = Math.max(0, limit.used - given);
    const { consent } = hold;
    if (consent && consent.day === hold.day) consent.spent = Math.max(0, consent.spent - given);
  }

  #refund(index: number, { transfer: at, amount }: { transfer: number; amount: number }): string {
    const transfer = this.transfers.get(at);
    if (!transfer) return "transfer_not_found";
    if (amount > transfer.left) return "refund_too_large";
    const { from, to } = transfer;
    if (this.#isFrozen(to, "debit") || this.#isFrozen(from, "credit")) return "user_frozen";
    const shortage = this.#shortage(to, amount);
    if (shortage) return shortage;
    transfer.left -= amount;
    this.#move(index, to, from, amount);
    return "posted";
  }

  #setLimit({ subject, maximum }: { subject: number; maximum: number }): string {
    const known = this.limits.get(subject);
    if (known?.maximum === maximum) return "already_so";
    if (known) known.maximum = maximum;
    else this.limits.set(subject, { maximum, used: 0 });
    return "posted";
  }

  #consent({ user, perDay }: { user: number; perDay: number }): string {
    const known = this.consents.get(user);
    if (known) Object.assign(known, { perDay, open: true });
    else this.consents.set(user, { perDay, open: true, day: today(), spent: 0 });
    return "posted";
  }

  #revoke(user: number): string {
    const known = this.consents.get(user);
    if (!known) return "policy_not_found";
    if (!known.open) return "already_so";
    known.open = false;
    return "posted";
  }

  #isFrozen(user: number, part: "debit" | "credit"): boolean {
    const freeze = this.frozen.get(user);
    return freeze !== undefined && (part === "debit" ? freeze.debits : !freeze.debits);
  }

  #lockedOf(user: number): number {
    return isLocked(user) ? this.#locked : 0;
  }

  /** The refusal of a payment for which the movable coins do not suffice. */
  #shortage(user: number, amount: number): string | undefined {
    if (user === MINT) return undefined;
    const rest = (this.balances[user] ?? 0) - (this.held[user] ?? 0);
    if (rest - this.#lockedOf(user) >= amount) return undefined;
    return rest >= amount ? "coins_locked" : "insufficient_funds";
  }

  #move(index: number, from: number, to: number, amount: number): void {
    if (from !== MINT) this.balances[from] = (this.balances[from] ?? 0) - amount;
    if (to !== MINT) this.balances[to] = (this.balances[to] ?? 0) + amount;
    this.transfers.set(index, { from, to, left: amount });
  }
}
