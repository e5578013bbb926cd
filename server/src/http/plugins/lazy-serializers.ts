/**
 * Response serializers that are built at a route's first reply. Fastify builds all of them before
 * it listens. For the routes of `/api/v1` that took a third of the start.
 */
import { SerializerSelector } from "@fastify/fast-json-stringify-compiler";

type Factory = ReturnType<typeof SerializerSelector>;

/** For Fastify's `schemaController.compilersFactory.buildSerializer`. */
export const buildLazySerializer: Factory = (externalSchemas, options) => {
  let compile: ReturnType<Factory> | undefined;
  return (route) => {
    let serialize: ReturnType<ReturnType<Factory>> | undefined;
    return (document) => {
      compile ??= SerializerSelector()(externalSchemas, options);
      serialize ??= compile(route);
      return serialize(document);
    };
  };
};
