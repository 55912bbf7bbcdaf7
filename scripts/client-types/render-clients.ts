import { type Description, readModel } from "./read-model.ts";
import { renderGo } from "./render-go.ts";
import { renderPython } from "./render-python.ts";
import { renderTypeScript } from "./render-typescript.ts";

/** The generated files in `clients/`, the API's types and the version, by path. */
export function renderClients(openApi: string, version: string): [path: string, text: string][] {
  const types = readModel(JSON.parse(openApi) as Description);
  return [
    ["clients/typescript/src/api.generated.ts", renderTypeScript(types)],
    [
      "clients/typescript/src/version.generated.ts",
      `/** Of the project's package.json. */\nexport const VERSION = "${version}";\n`,
    ],
    ["clients/python/src/opensend_client/api_types.py", renderPython(types)],
    [
      "clients/python/src/opensend_client/_version.py",
      `"""Of the project's package.json, by \`npm run generate\`."""\n\n__version__ = "${version}"\n`,
    ],
    ["clients/go/api_types.go", renderGo(types)],
    [
      "clients/go/version.go",
      `// Code generated from package.json by "npm run generate". DO NOT EDIT.\n\npackage opensend\n\n// Version of the client, which is that of OpenSend.\nconst Version = "${version}"\n`,
    ],
  ];
}
