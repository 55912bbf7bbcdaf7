/**
 * Tracks changes during a read of queues: the read may return deliveries as pending that have been recorded since, and
 * connections that have changed since. One read at a time.
 */
export class ReadGuard {
  readonly #recorded = new Set<string>();
  readonly #changed = new Set<string>();

  begin(): void {
    this.#recorded.clear();
    this.#changed.clear();
  }

  markRecorded(deliveryId: string): void {
    this.#recorded.add(deliveryId);
  }

  /** Called when the connection was changed, or an attempt at it failed. */
  markChanged(connectionId: string): void {
    this.#changed.add(connectionId);
  }

  isRecorded(deliveryId: string): boolean {
    return this.#recorded.has(deliveryId);
  }

  isChanged(connectionId: string): boolean {
    return this.#changed.has(connectionId);
  }
}
