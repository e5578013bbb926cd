/** Channels of notices, from the environment: secrets stay out of argument lists. */
import type { Channel } from "../../repair/aftercare/channels.ts";
import { webhookSigner } from "../../repair/aftercare/signature.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { readNotifyVariables } from "../../config.ts";
import type { Message } from "../../lib/messages.ts";

export interface NotifySettings {
  readonly channels: readonly Channel[];
  readonly contact: string;
}

const SECRET_FORM: Message = {
  en: "whsec_ and at least 24 bytes in base64",
  zh: "whsec_ 加至少 24 字节的 base64",
};
const PARTNER_ADDRESS: Message = { en: "the partner's address", zh: "合作方的地址" };
const OWN_ADDRESS: Message = { en: "our own address", zh: "发件地址" };

/** Throws `repair_usage` for half a setting; the caller judges an empty list of channels. */
export function readNotifySettings(env: NodeJS.ProcessEnv): NotifySettings {
  const { webhookUrl, webhookSecret, smtpUrl, mailFrom, mailTo, chatUrl, contact } =
    readNotifyVariables(env);
  const channels: Channel[] = [];
  if (webhookUrl !== undefined) {
    if (webhookSecret === undefined) throw missing("NEWDAY_NOTIFY_WEBHOOK_SECRET", SECRET_FORM);
    webhookSigner(webhookSecret);
    channels.push({ kind: "webhook", url: httpUrl(webhookUrl), secret: webhookSecret });
  }
  if (smtpUrl !== undefined) {
    if (mailTo === undefined) throw missing("NEWDAY_NOTIFY_MAIL_TO", PARTNER_ADDRESS);
    if (mailFrom === undefined) throw missing("NEWDAY_NOTIFY_MAIL_FROM", OWN_ADDRESS);
    channels.push({ kind: "mail", smtpUrl, from: mailFrom, to: mailTo });
  }
  if (chatUrl !== undefined) channels.push({ kind: "chat", url: httpUrl(chatUrl) });
  return { channels, contact: contact ?? "-" };
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw refusal("notify_url_invalid", {});
}

function missing(variable: string, what: Message): NewDayError {
  return refusal("notify_variable_missing", { variable, what }, { details: { variable } });
}
