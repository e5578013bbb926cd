/** Signing a webhook as https://www.standardwebhooks.com describes: HMAC-SHA256 over id, time, body. */
import { createHmac } from "node:crypto";
import { NewDayError } from "../../errors/errors.ts";

const SECRET_PREFIX = "whsec_";
/** The specification asks for 24 to 64 bytes; fewer can be guessed. */
const MIN_SECRET_BYTES = 24;

/**
 * The key inside `whsec_<base64>`. Throws `repair_usage` for anything else; keeps it out of the
 * message.
 */
export function webhookKey(secret: string): Buffer {
  const key = Buffer.from(secret.replace(SECRET_PREFIX, ""), "base64");
  if (key.length >= MIN_SECRET_BYTES) return key;
  throw new NewDayError(
    "repair_usage",
    { option: "NEWDAY_NOTIFY_WEBHOOK_SECRET" },
    {
      message: `The webhook secret must be ${SECRET_PREFIX} followed by at least ${MIN_SECRET_BYTES} bytes in base64.`,
    },
  );
}

export interface SignedHeaders {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/** The three headers that a receiver verifies; `sentAt` bounds how long a copy can be replayed. */
export function signedHeaders(
  key: Buffer,
  message: { readonly id: string; readonly sentAt: Date; readonly body: string },
): SignedHeaders {
  const timestamp = String(Math.floor(message.sentAt.getTime() / 1000));
  const signature = createHmac("sha256", key)
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest("base64");
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
