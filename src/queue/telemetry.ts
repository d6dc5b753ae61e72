import { ProxyTracerProvider, trace } from "@opentelemetry/api";
import type { Telemetry } from "bullmq";
import { BullMQOtel } from "bullmq-otel";

/** The provider that the API has for whoever registered none. */
const nobody = new ProxyTracerProvider().getDelegate();

const isRegistered = (): boolean => {
  const provider = trace.getTracerProvider();
  return (provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider) !== nobody;
};

/**
 * Spans of hints and of the work on them, where an OpenTelemetry SDK was registered before the start
 * (`node --import`); otherwise nothing, at no cost. What a span carries of a job is its name and its id.
 */
export const telemetry = (): { readonly telemetry?: Telemetry } =>
  isRegistered() ? { telemetry: new BullMQOtel({ tracerName: "chuanda" }) as Telemetry } : {};
