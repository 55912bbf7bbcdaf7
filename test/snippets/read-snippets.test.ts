import assert from "node:assert/strict";
import { test } from "node:test";
import { isProjectCommand, readSnippets } from "./read-snippets.ts";

const DOCUMENT = `# A page

\`\`\`bash
echo 1
\`\`\`

<!-- not run: it needs a server -->
\`\`\`bash
echo 2
\`\`\`

1. A step

   <!-- run as: receiver -->

   \`\`\`python
   if True:
       pass
   \`\`\`
`;

test("reads blocks with their language, line and remark, without a list's indentation", () => {
  assert.deepEqual(readSnippets("a.md", DOCUMENT), [
    { path: "a.md", line: 3, language: "bash", code: "echo 1\n", remark: null },
    {
      path: "a.md",
      line: 8,
      language: "bash",
      code: "echo 2\n",
      remark: { kind: "not run", text: "it needs a server" },
    },
    {
      path: "a.md",
      line: 16,
      language: "python",
      code: "if True:\n    pass\n",
      remark: { kind: "run as", text: "receiver" },
    },
  ]);
});

test("distinguishes scripts of this project from commands that readers run on a server", () => {
  const isOne = (code: string) =>
    isProjectCommand({ path: "a.md", line: 1, language: "bash", code, remark: null });
  for (const code of [
    "npm install && npm start\n",
    "npm test -- src/a.test.ts\n",
    "npm run bench -- --quick\n",
    "OPENSEND_DATA_DIR=../seeded npm start\n",
    "npm run bench   # everything\nnpm ci\n",
  ]) {
    assert.ok(isOne(code), code);
  }
  for (const code of ["npm run --silent opensend -- listen\n", "npm run bench\ncurl x\n", "npm publish\n"]) {
    assert.ok(!isOne(code), code);
  }
});
