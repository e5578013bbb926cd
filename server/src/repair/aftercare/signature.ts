/** The headers of a signed webhook, by the reference implementation of https://www.standardwebhooks.com. */
import { Webhook } from "standardwebhooks";
import { refusal } from "../../errors/refusals.ts";

const SECRET_PREFIX = "whsec_";
/** The specification asks for 24 to 64 bytes; fewer can be guessed. */
const MIN_SECRET_BYTES = 24;

/**
 * Signs with the key inside `whsec_<base64>`. Throws `repair_usage` for a short key; keeps it out of
 * the message.
 */
export function webhookSigner(secret: string): Webhook {
  const key = Buffer.from(secret.replace(SECRET_PREFIX, ""), "base64");
  if (key.length >= MIN_SECRET_BYTES) return new Webhook(key, { format: "raw" });
  throw refusal(
    "webhook_secret_invalid",
    { prefix: SECRET_PREFIX, bytes: MIN_SECRET_BYTES },
    { details: { option: "NEWDAY_NOTIFY_WEBHOOK_SECRET" } },
  );
}

/** Returns the headers that a receiver verifies; `sentAt` bounds how long a copy can be replayed. */
export function signedHeaders(
  signer: Webhook,
  { id, sentAt, body }: { readonly id: string; readonly sentAt: Date; readonly body: string },
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": signer.sign(id, sentAt, body),
  };
}
