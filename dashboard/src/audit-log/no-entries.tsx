import { ScrollText, SearchX } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { LoadMore, type PagedList } from "../ui/load-more.tsx";

type NoEntriesProps = {
  isFiltered: boolean;
  list: PagedList;
  onClear: () => void;
};

export function NoEntries({ isFiltered, list, onClear }: NoEntriesProps) {
  if (!isFiltered) {
    return (
      <EmptyState icon={ScrollText} title="No entries yet">
        All changes and sign-ins are recorded here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={list.hasNextPage ? "No matches so far" : "No matches"}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          <LoadMore list={list} words="Search older" what="Older entries" variant="primary" className="" />
          <Button onClick={onClear}>Clear filters</Button>
        </div>
      }
    >
      {list.hasNextPage ? "Older entries have not been searched yet." : "No entries match these filters."}
    </EmptyState>
  );
}
