const CHANNEL = "opensend-workspace";

/** Opened with the page, because messages sent before anyone listens are lost. */
const channel = new BroadcastChannel(CHANNEL);

/** Goes to the session's current workspace with a full page load, which discards everything in memory. */
export function enterWorkspace(): void {
  location.assign("/");
}

/**
 * Notifies the browser's other tabs of the session's current workspace; null when the session has ended, or the
 * workspace is unknown.
 */
export function notifyOtherTabs(workspaceId: string | null): void {
  channel.postMessage(workspaceId);
}

/**
 * Sends tabs that show another workspace to the session's workspace, so that no one acts in a workspace they are not
 * looking at.
 */
export function followOtherTabs(shownWorkspaceId: () => string | null): void {
  channel.addEventListener("message", ({ data }: MessageEvent<string | null>) => {
    const shown = shownWorkspaceId();
    if (shown !== null && data !== shown) enterWorkspace();
  });
}
