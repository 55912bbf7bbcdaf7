import { join } from "node:path";
import ts from "typescript";
import { readSource } from "./read-imports.ts";

/** Names of types that bundle dependencies or inputs. */
const DEPENDENCY_TYPES = /(?:Deps|Input|Hooks|Services|AppContext|Parts)$/;

/** Such types with more members than this. */
export function wideTypes(projectDir: string, paths: readonly string[], membersMax: number): string[] {
  return paths.flatMap((path) =>
    readSource(join(projectDir, path)).statements.flatMap((statement) =>
      ts.isTypeAliasDeclaration(statement) &&
      ts.isTypeLiteralNode(statement.type) &&
      DEPENDENCY_TYPES.test(statement.name.text) &&
      statement.type.members.length > membersMax
        ? [`${path}: ${statement.name.text} has ${statement.type.members.length} members`]
        : [],
    ),
  );
}
