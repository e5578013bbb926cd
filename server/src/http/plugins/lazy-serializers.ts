/**
 * Response serializers that are built at a route's first reply. Fastify builds all of them before
 * it listens, which took a third of the whole start for the routes of `/api/v1`.
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
