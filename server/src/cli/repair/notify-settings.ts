/** Channels of notices, from the environment: secrets stay out of argument lists. */
import type { Channel } from "../../repair/aftercare/channels.ts";
import { webhookSigner } from "../../repair/aftercare/signature.ts";
import { NewDayError } from "../../errors/errors.ts";
import { readNotifyVariables } from "../../config.ts";

export interface NotifySettings {
  readonly channels: readonly Channel[];
  readonly contact: string;
}

/** Throws `repair_usage` for half a setting; the caller judges an empty list of channels. */
export function readNotifySettings(env: NodeJS.ProcessEnv): NotifySettings {
  const { webhookUrl, webhookSecret, smtpUrl, mailFrom, mailTo, chatUrl, contact } =
    readNotifyVariables(env);
  const channels: Channel[] = [];
  if (webhookUrl !== undefined) {
    if (webhookSecret === undefined)
      throw missing("NEWDAY_NOTIFY_WEBHOOK_SECRET", "whsec_ and at least 24 bytes in base64");
    webhookSigner(webhookSecret);
    channels.push({ kind: "webhook", url: httpUrl(webhookUrl), secret: webhookSecret });
  }
  if (smtpUrl !== undefined) {
    if (mailTo === undefined) throw missing("NEWDAY_NOTIFY_MAIL_TO", "the partner's address");
    if (mailFrom === undefined) throw missing("NEWDAY_NOTIFY_MAIL_FROM", "our own address");
    channels.push({ kind: "mail", smtpUrl, from: mailFrom, to: mailTo });
  }
  if (chatUrl !== undefined) channels.push({ kind: "chat", url: httpUrl(chatUrl) });
  return { channels, contact: contact ?? "-" };
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new NewDayError(
    "repair_usage",
    {},
    { message: "NEWDAY_NOTIFY_WEBHOOK_URL and NEWDAY_NOTIFY_CHAT_URL are http(s) addresses." },
  );
}

function missing(variable: string, what: string): NewDayError {
  return new NewDayError(
    "repair_usage",
    { variable },
    { message: `${variable} is missing: ${what}.` },
  );
}
