import { useInfiniteQuery } from "@tanstack/react-query";
import { membersQuery } from "../members/queries.ts";
import { LoadMore } from "../ui/load-more.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";

type MemberChoiceProps = {
  values: readonly string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
};

/** The members to notify by mail. */
export function MemberChoice({ values, onChange, error }: MemberChoiceProps) {
  const list = useInfiniteQuery(membersQuery);
  const members = list.data?.pages.flatMap((page) => page.data) ?? [];
  const toggle = (id: string) =>
    onChange(values.includes(id) ? values.filter((one) => one !== id) : [...values, id]);
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">Mail to</legend>
      {list.error && !list.data && (
        <LoadProblem what="Members" error={list.error} onRetry={() => void list.refetch()} />
      )}
      <div className="flex max-h-48 flex-col overflow-y-auto rounded-control border border-control px-3 py-1">
        {members.map(({ id, name, email }) => (
          <label key={id} className="flex min-h-11 items-center gap-3 md:min-h-8">
            <input
              type="checkbox"
              checked={values.includes(id)}
              onChange={() => toggle(id)}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {name} <span className="text-muted">{email}</span>
            </span>
          </label>
        ))}
      </div>
      <LoadMore list={list} words="More members" what="More members" />
      {error && (
        <p role="alert" className="text-table text-err">
          {error}
        </p>
      )}
    </fieldset>
  );
}
