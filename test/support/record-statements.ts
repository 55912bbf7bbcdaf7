import type { CompiledQuery, KyselyPlugin, RootOperationNode } from "kysely";
import type { Database } from "../../src/db/open.ts";

type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** A database that records each statement as it is sent. */
export function recordStatements(db: Database): { readonly db: Database; readonly statements: Statement[] } {
  const statements: Statement[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const { sql, parameters } = db.getExecutor().compileQuery(node as RootOperationNode, queryId);
      statements.push({ sql, parameters });
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { db: db.withPlugin(plugin), statements };
}
