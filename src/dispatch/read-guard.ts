/**
 * What happened since the read of queues under way began: it may have found pending what is recorded by now, and connections
 * as they are not any more. One read at a time.
 */
export class ReadGuard {
  readonly #recorded = new Set<string>();
  readonly #changed = new Set<string>();

  begin(): void {
    this.#recorded.clear();
    this.#changed.clear();
  }

  noteRecorded(deliveryId: string): void {
    this.#recorded.add(deliveryId);
  }

  /** The connection was changed, or has failed. */
  noteChanged(connectionId: string): void {
    this.#changed.add(connectionId);
  }

  isRecorded(deliveryId: string): boolean {
    return this.#recorded.has(deliveryId);
  }

  isChanged(connectionId: string): boolean {
    return this.#changed.has(connectionId);
  }
}
