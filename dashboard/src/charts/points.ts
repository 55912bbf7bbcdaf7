/** The counts of one interval, which starts at `start` (epoch milliseconds). */
export type Point = {
  readonly start: number;
  readonly delivered: number;
  readonly failed: number;
  /** Neither delivered nor failed, such as attempts that will be retried. */
  readonly other?: number;
};

export function totalOf({ delivered, failed, other = 0 }: Point): number {
  return delivered + failed + other;
}

export function sumOf(points: readonly Point[]): Required<Omit<Point, "start">> {
  const sum = { delivered: 0, failed: 0, other: 0 };
  for (const { delivered, failed, other = 0 } of points) {
    sum.delivered += delivered;
    sum.failed += failed;
    sum.other += other;
  }
  return sum;
}
