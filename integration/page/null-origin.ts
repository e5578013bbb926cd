/**
 * A transport whose origin is `null` on a page that has a real origin: requests are made inside a
 * sandboxed frame, exactly as a page opened from disk would make them.
 */
import {
  CLIENT_TIMEOUT_MS,
  type Transport,
  type WireAnswer,
  type WireRequest,
} from "../checks/transport.ts";
import { element } from "./dom.ts";

/** The script of the frame, put in by the build (scripts/generate/integration-page.ts). */
declare const NULL_ORIGIN_SCRIPT: string;

export interface FrameRequest {
  readonly id: number;
  readonly request: WireRequest;
}

export interface FrameReply {
  readonly id: number;
  readonly answer?: WireAnswer;
  readonly fault?: string;
}

/** Leaves time for the frame to report its own timeout first. */
const FRAME_TIMEOUT_MS = CLIENT_TIMEOUT_MS + 2_000;

export async function openNullOriginTransport(): Promise<Transport> {
  const frame = element("iframe", {
    sandbox: "allow-scripts",
    hidden: "",
    title: "origin null",
    srcdoc: `<!doctype html><script>${NULL_ORIGIN_SCRIPT}</script>`,
  });
  const loaded = new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true });
  });
  document.body.append(frame);
  await loaded;
  let lastId = 0;
  return (request) => {
    lastId += 1;
    return askFrame(frame, { id: lastId, request });
  };
}

function askFrame(frame: HTMLIFrameElement, message: FrameRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle({ id: message.id, fault: "timeout" }), FRAME_TIMEOUT_MS);
    const listen = (event: MessageEvent<FrameReply>): void => {
      if (event.source === frame.contentWindow && event.data.id === message.id) settle(event.data);
    };
    const settle = (reply: FrameReply): void => {
      clearTimeout(timer);
      removeEventListener("message", listen);
      if (reply.answer) resolve(reply.answer);
      else reject(new Error(reply.fault ?? "no answer"));
    };
    addEventListener("message", listen);
    // The frame has an opaque origin; the document inside is our own.
    frame.contentWindow?.postMessage(message, "*");
  });
}
