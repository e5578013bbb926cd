/**
 * Notifies the partner, with proof: the outbox row first, then the sending, then the receipt.
 *
 * A notice has one id per run, kind and channel. A run killed between sending and its receipt sends
 * again under the same id. So the receiver can drop the copy. A failure stays visible in the
 * journal: only a delivered notice counts.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emit } from "../model/events.ts";
import type { Journal } from "../journal/journal.ts";
import type { StoryEvent } from "../journal/run-story.ts";
import { duration } from "../model/text.ts";
import {
  channelAddress,
  channelLabel,
  deliver,
  PermanentRefusal,
  type Channel,
} from "./channels.ts";
import type { Notice, NoticeKind } from "./notice.ts";

/** Waits between the attempts: a restarting receiver is back within this. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 4_000, 15_000];

export interface NotifyRequest {
  readonly journal: Journal;
  readonly emit: Emit;
  readonly notice: Notice;
  readonly channels: readonly Channel[];
  /** The run's journal so far. */
  readonly past: readonly StoryEvent[];
  readonly delaysMs?: readonly number[];
}

export interface Delivery {
  readonly channel: string;
  readonly status: "delivered" | "delivered_before" | "failed";
  readonly attempts: number;
  readonly answer: string;
}

/**
 * Sends the notice over every channel; resolves with each result. A failed channel is a result too.
 */
export async function notify(request: NotifyRequest): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const channel of request.channels) deliveries.push(await deliverOnce(request, channel));
  return deliveries;
}

/** The idempotency key: the same notice to the same place has the same id in every process. */
export function noticeId(runId: string, kind: NoticeKind, address: string): string {
  const digest = createHash("sha256").update(`${runId}\n${kind}\n${address}`).digest("hex");
  return `msg_${digest.slice(0, 32)}`;
}

async function deliverOnce(request: NotifyRequest, channel: Channel): Promise<Delivery> {
  const { journal, notice, past } = request;
  const label = channelLabel(channel);
  const id = noticeId(journal.runId, notice.kind, channelAddress(channel));
  const before = past.find(
    ({ kind, body }) => kind === "outbox" && body["id"] === id && body["status"] === "delivered",
  );
  if (before) {
    const { answer = "" } = before.body as { answer?: string };
    return reportDelivery(request, {
      channel: label,
      status: "delivered_before",
      attempts: 0,
      answer,
    });
  }
  await journal.append("outbox", { id, notice: notice.kind, channel: label, status: "queued" });
  const delivery = await deliverWithRetries(request, { channel, label, id });
  await journal.append("outbox", { id, notice: notice.kind, ...delivery });
  return reportDelivery(request, delivery);
}

async function deliverWithRetries(
  { notice, emit, delaysMs = RETRY_DELAYS_MS }: NotifyRequest,
  { channel, label, id }: { channel: Channel; label: string; id: string },
): Promise<Delivery> {
  for (let attempts = 1; ; attempts++) {
    try {
      const { answer } = await deliver(channel, id, notice);
      return { channel: label, status: "delivered", attempts, answer };
    } catch (error) {
      const answer = failureWords(error);
      const delay = delaysMs[attempts - 1];
      if (error instanceof PermanentRefusal || delay === undefined)
        return { channel: label, status: "failed", attempts, answer };
      const pause = delay * (0.75 + Math.random() / 2);
      const next = duration(pause);
      emit(
        "waiting",
        {
          en: `Try ${attempts} by ${label}: ${answer}; again in ${next}`,
          zh: `通过 ${label} 第 ${attempts} 次尝试：${answer}；${next} 后重试`,
        },
        { channel: label, attempts, answer, pause },
      );
      await sleep(pause);
    }
  }
}

/** `fetch failed` lacks the reason; its cause names it. */
function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function reportDelivery({ emit, notice }: NotifyRequest, delivery: Delivery): Delivery {
  const { channel, status, attempts, answer } = delivery;
  const data = { ...delivery, notice: notice.kind };
  if (status === "failed")
    emit(
      "warning",
      {
        en: `Notice "${notice.kind}" was not delivered by ${channel} (${attempts} tries): ${answer}`,
        zh: `通知“${notice.kind}”未能通过 ${channel} 送达（尝试 ${attempts} 次）：${answer}`,
      },
      data,
    );
  else
    emit(
      "check",
      {
        en: `Notice "${notice.kind}" ${status === "delivered" ? "delivered" : "was delivered earlier"} by ${channel}: ${answer}`,
        zh: `通知“${notice.kind}”${status === "delivered" ? "已" : "此前已"}通过 ${channel} 送达：${answer}`,
      },
      { ...data, ok: true },
    );
  return delivery;
}
