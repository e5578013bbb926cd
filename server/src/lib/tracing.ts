/**
 * Traces by OpenTelemetry's API. Without tracing, which is the default, a span costs one comparison: the program
 * that exports them turns tracing on (start/export-traces.ts).
 */
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from "@opentelemetry/api";

let tracer: Tracer | undefined;

/** Spans go to the provider that is registered with the API. */
export function startTracing(): void {
  tracer = trace.getTracer("newday");
}

export function stopTracing(): void {
  tracer = undefined;
}

/** Runs the work in a span of its own, which ends with it and keeps the name of its error. */
export async function inSpan<T>(
  name: string,
  attributes: () => Attributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer) return work();
  return tracer.startActiveSpan(name, { attributes: attributes() }, async (span) => {
    try {
      return await work();
    } catch (error) {
      // The name alone: a message may quote a value.
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.name : "error",
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span of a request, and the context in which its work runs. */
export interface RequestSpan {
  run(work: () => void): void;
  end(name: string, attributes: Attributes & { readonly failed: boolean }): void;
}

/** W3C Trace Context, version 00 and later ones that begin alike. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Continues the caller's trace where it sent one. Undefined without tracing. */
export function startRequestSpan(traceparent: string | undefined): RequestSpan | undefined {
  if (!tracer) return undefined;
  const parent = parentOf(traceparent);
  const span = tracer.startSpan("request", { kind: SpanKind.SERVER }, parent);
  const active = trace.setSpan(parent, span);
  return {
    run: (work) => context.with(active, work),
    end: (name, attributes) => endSpan(span, name, attributes),
  };
}

function endSpan(
  span: Span,
  name: string,
  { failed, ...attributes }: Attributes & { readonly failed: boolean },
): void {
  span.updateName(name);
  span.setAttributes(attributes);
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function parentOf(traceparent = ""): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
