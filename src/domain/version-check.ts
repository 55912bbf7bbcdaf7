/** Whether an object may be changed while it has this version, by what its reader has seen of it. */
export type VersionCheck = (version: number) => boolean;

export const anyVersion: VersionCheck = () => true;
