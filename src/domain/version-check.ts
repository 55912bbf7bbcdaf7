/** Whether an object may be changed while it has this version, null where there is none, by what its reader has seen of it. */
export type VersionCheck = (version: number | null) => boolean;

export const anyVersion: VersionCheck = () => true;
