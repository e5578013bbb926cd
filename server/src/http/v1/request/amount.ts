/** Amounts on the wire: decimal strings of minor units. JSON numbers lose digits. */
import { NewDayError } from "../../../errors/errors.ts";
import type { Message } from "../../../lib/messages.ts";

/** The largest amount that a bigint column holds. */
const AMOUNT_MAX = 9_223_372_036_854_775_807n;
const AMOUNT = /^(0|-?[1-9][0-9]{0,18})$/;

/** A positive amount. The schema has checked the form; the size is checked here. */
export function parseAmount(text: string, field = "amount"): bigint {
  const amount = parseSignedAmount(text, field);
  if (amount <= 0n) throw refusal(field, { en: "must be above zero", zh: "必须大于零" });
  return amount;
}

/** An amount of a leg: below zero for the payer. Errors: `invalid_amount`. */
export function parseSignedAmount(text: string, field = "amount"): bigint {
  if (!AMOUNT.test(text))
    throw refusal(field, {
      en: "must be a whole number of minor units as a decimal string",
      zh: "必须是以十进制字符串表示的最小单位整数",
    });
  const amount = BigInt(text);
  if (amount > AMOUNT_MAX || amount < -AMOUNT_MAX)
    throw refusal(field, { en: `must be at most ${AMOUNT_MAX}`, zh: `不能超过 ${AMOUNT_MAX}` });
  return amount;
}

function refusal(field: string, rule: Message): NewDayError {
  return new NewDayError("invalid_amount", {
    field,
    rule,
    remedy: {
      en: 'Send minor units in quotes, such as "amount": "100".',
      zh: '请以带引号的最小单位发送，例如 "amount": "100"',
    },
  });
}
