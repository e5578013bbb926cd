/**
 * Response serializers that are built when a route first answers. Fastify builds all of them before
 * it listens: for every route and status of `/api/v1` that took a third of the whole start.
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
