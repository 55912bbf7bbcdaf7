/** "98.7 %". Only exactly 0 and 1 are shown as 0 % and 100 %. A dash for null. */
export function percent(part: number | null): string {
  if (part === null) return "–";
  if (part === 0 || part === 1) return `${part * 100} %`;
  const shown = Math.min(99.9, Math.max(0.1, Math.round(part * 1000) / 10));
  return `${shown.toFixed(1)} %`;
}
