/**
 * Response serializers that are built at a route's first reply. Fastify builds all of them before
 * it listens. For the routes of `/api/v1` that took a third of the start.
 */
import { SerializerSelector } from "@fastify/fast-json-stringify-compiler";

type Factory = ReturnType<typeof SerializerSelector>;

/**
 * For Fastify's `schemaController.compilersFactory.buildSerializer`. A reply about stored data never fails:
 * by then the money has moved. Where a schema rejects the data, `onMismatch` gets the error and the reply is
 * plain JSON.
 */
export function createLazySerializers(onMismatch: (error: unknown) => void): Factory {
  return (externalSchemas, options) => {
    let compile: ReturnType<Factory> | undefined;
    return (route) => {
      let serialize: ReturnType<ReturnType<Factory>> | undefined;
      return (document) => {
        compile ??= SerializerSelector()(externalSchemas, options);
        serialize ??= compile(route);
        try {
          return serialize(document);
        } catch (error) {
          onMismatch(error);
          return JSON.stringify(document);
        }
      };
    };
  };
}
