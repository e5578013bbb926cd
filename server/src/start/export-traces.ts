/**
 * Exports traces where OTEL_EXPORTER_OTLP_ENDPOINT is set. The exporter's packages are large and most servers need
 * none, so an operator installs them beside the server.
 */
import { createRequire } from "node:module";
import { NewDayError } from "../errors/errors.ts";
import { startTracing } from "../lib/tracing.ts";

const PACKAGES = [
  "@opentelemetry/sdk-trace-node",
  "@opentelemetry/exporter-trace-otlp-http",
] as const;

/** The parts of the packages that are used here; they are loaded by name, so the compiler does not see them. */
interface Sdk {
  readonly NodeTracerProvider: new (options: { spanProcessors: unknown[] }) => {
    register(): void;
    shutdown(): Promise<void>;
  };
  readonly BatchSpanProcessor: new (exporter: unknown) => unknown;
}
interface Exporter {
  readonly OTLPTraceExporter: new () => unknown;
}

export interface TraceExport {
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Undefined without an endpoint. Errors: `config_invalid`, which names the packages to install. */
export function startTraceExport(endpoint: string | undefined): TraceExport | undefined {
  if (endpoint === undefined) return undefined;
  const [sdk, exporter] = PACKAGES.map(load) as [Sdk, Exporter];
  // The exporter reads endpoint, headers and timeouts from OTEL_* itself, and the provider OTEL_SERVICE_NAME.
  const spanProcessors = [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter())];
  const provider = new sdk.NodeTracerProvider({ spanProcessors });
  provider.register();
  startTracing();
  return { stop: () => provider.shutdown() };
}

/** By `require`, which both packages support: they are no dependencies, so no import names them. */
function load(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch (error) {
    throw new NewDayError(
      "config_invalid",
      { variable: "OTEL_EXPORTER_OTLP_ENDPOINT" },
      {
        message: {
          en: `OTEL_EXPORTER_OTLP_ENDPOINT needs ${name}, which is not installed. Run \`npm install --no-save ${PACKAGES.join(" ")}\`, or unset the variable.`,
          zh: `OTEL_EXPORTER_OTLP_ENDPOINT 需要 ${name}，但尚未安装。请运行 npm install --no-save ${PACKAGES.join(" ")}，或取消该变量。`,
        },
        cause: error,
      },
    );
  }
}
