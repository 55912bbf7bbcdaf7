/**
 * `@peculiar/x509` wires its classes with tsyringe, which insists on the `reflect-metadata` polyfill. None of those
 * classes has constructor parameters to look up, so answering that there is no metadata is all it needs.
 */
Object.assign(Reflect, { getMetadata: () => undefined, getOwnMetadata: () => undefined });
