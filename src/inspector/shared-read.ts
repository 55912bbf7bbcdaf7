type Slot<Value> = { readonly running: Promise<unknown>; next: Promise<Value> | null };

/**
 * Reads a value that may have just changed: each caller gets a value read after the call, and callers during a read
 * share the next one. One read per key runs at a time, however many callers there are.
 */
export function createSharedRead<Value>(
  read: (key: string) => Promise<Value>,
): (key: string) => Promise<Value> {
  const slots = new Map<string, Slot<Value>>();

  const begin = (key: string): Promise<Value> => {
    const reading = read(key);
    const slot: Slot<Value> = { running: reading.catch(() => undefined), next: null };
    slots.set(key, slot);
    void slot.running.then(() => {
      if (slot.next === null) slots.delete(key);
    });
    return reading;
  };

  return (key) => {
    const slot = slots.get(key);
    if (slot === undefined) return begin(key);
    slot.next ??= slot.running.then(() => begin(key));
    return slot.next;
  };
}
