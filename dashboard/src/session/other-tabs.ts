const CHANNEL = "opensend-workspace";

/** Opened with the page: what is sent before someone listens is lost. */
const channel = new BroadcastChannel(CHANNEL);

/** Goes to the workspace the session is in now. All that the page held of the one before goes with it. */
export function enterWorkspace(): void {
  location.assign("/");
}

/** Tells the other tabs of this browser where the session is now; null when it ended, or when that is not known. */
export function tellOtherTabs(workspaceId: string | null): void {
  channel.postMessage(workspaceId);
}

/** Tabs that show another workspace than the session is in go there, so that none acts where it is not looking. */
export function followOtherTabs(shownWorkspaceId: () => string | null): void {
  channel.addEventListener("message", ({ data }: MessageEvent<string | null>) => {
    const shown = shownWorkspaceId();
    if (shown !== null && data !== shown) enterWorkspace();
  });
}
