/**
 * `@peculiar/x509` wires its classes with tsyringe, which insists on the `reflect-metadata` polyfill. None of those
 * classes has constructor parameters to look up, so it is enough to report that there is no metadata.
 */
Object.assign(Reflect, { getMetadata: () => undefined, getOwnMetadata: () => undefined });
