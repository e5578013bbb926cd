/**
 * The channels: a signed webhook, an e-mail, a text for a chat room. Each delivers once or rejects;
 * retries belong to the outbox.
 */
import { createTransport } from "nodemailer";
import type { Notice } from "./notice.ts";
import { signedHeaders, webhookSigner } from "./signature.ts";

/** A receiver should answer first and work later; this is the limit. */
const SEND_TIMEOUT_MS = 10_000;
const RECEIPT_LENGTH = 200;

export type Channel =
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | {
      readonly kind: "mail";
      /** `smtp://user:password@host:587` or `smtps://...`; kept out of the journal. */
      readonly smtpUrl: string;
      readonly from: string;
      readonly to: string;
    }
  /** Incoming webhooks of chat products take `{"text": ...}`. */
  | { readonly kind: "chat"; readonly url: string };

/** The receiver's acknowledgement. */
export interface Receipt {
  readonly answer: string;
}

/** A permanent refusal, such as 401 or an unknown recipient. */
export class PermanentRefusal extends Error {
  override readonly name = "PermanentRefusal";
}

/** The journal's form of a channel's address: path, credentials and mailbox names removed. */
export function channelLabel(channel: Channel): string {
  if (channel.kind === "mail") return `mail ${channel.to.replace(/^.*@/, "…@")}`;
  return `${channel.kind} ${new URL(channel.url).host}`;
}

/** The whole address; only its hash leaves the process. */
export function channelAddress(channel: Channel): string {
  return channel.kind === "mail" ? channel.to : channel.url;
}

export function deliver(channel: Channel, id: string, notice: Notice): Promise<Receipt> {
  if (channel.kind === "webhook") return deliverWebhook(channel, id, notice);
  if (channel.kind === "chat")
    return post(channel.url, JSON.stringify({ text: notice.chat }), { "idempotency-key": id });
  return deliverMail(channel, id, notice);
}

function deliverWebhook(
  channel: Extract<Channel, { kind: "webhook" }>,
  id: string,
  notice: Notice,
): Promise<Receipt> {
  const { facts, subject, text } = notice;
  const body = JSON.stringify({
    type: `repair.${notice.kind}`,
    timestamp: facts.at,
    data: {
      environment: facts.environment,
      runId: facts.runId,
      headHash: facts.headHash,
      subject,
      text,
    },
  });
  const signed = signedHeaders(webhookSigner(channel.secret), { id, sentAt: new Date(), body });
  return post(channel.url, body, signed);
}

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Receipt> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body,
    // A redirect would carry the signed notice to another receiver.
    redirect: "manual",
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  const words = (await response.text()).slice(0, RECEIPT_LENGTH).trim();
  const answer = `${response.status} ${words}`.trim();
  if (response.ok) return { answer };
  const temporary = response.status >= 500 || [408, 425, 429].includes(response.status);
  throw temporary ? new Error(answer) : new PermanentRefusal(answer);
}

async function deliverMail(
  channel: Extract<Channel, { kind: "mail" }>,
  id: string,
  notice: Notice,
): Promise<Receipt> {
  const transport = createTransport({
    url: channel.smtpUrl,
    connectionTimeout: SEND_TIMEOUT_MS,
    greetingTimeout: SEND_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
  });
  try {
    const sent = await transport.sendMail({
      from: channel.from,
      to: channel.to,
      subject: notice.subject,
      text: notice.text,
      // The same id on every attempt lets the mailbox drop a copy.
      messageId: `<${id}@newday.repair>`,
    });
    return { answer: String(sent.response).slice(0, RECEIPT_LENGTH) };
  } catch (error) {
    const code = (error as { responseCode?: number }).responseCode ?? 0;
    const words = error instanceof Error ? error.message : String(error);
    throw code >= 500 ? new PermanentRefusal(words) : new Error(words);
  } finally {
    transport.close();
  }
}
