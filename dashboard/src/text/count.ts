const format = new Intl.NumberFormat("en");

/** "1,204" */
export function count(value: number): string {
  return format.format(value);
}

/** "1 delivery", "1,204 deliveries" */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
