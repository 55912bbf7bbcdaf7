import type { OpenAPIV3_1 } from "openapi-types";
import { ERRORS } from "../../domain/errors.ts";
import { describeType, type Schema } from "./describe-type.ts";
import { type Html, html, prose } from "./html.ts";
import { renderPage } from "./page.ts";

type Document = OpenAPIV3_1.Document;
type Operation = OpenAPIV3_1.OperationObject;
type Parameter = OpenAPIV3_1.ParameterObject | OpenAPIV3_1.ReferenceObject;
type Call = { readonly method: string; readonly path: string; readonly operation: Operation };

/** The whole API on one page, from the same document that `/openapi.json` serves. */
export function renderReference(document: Document): string {
  const calls = readCalls(document);
  const tags = [...new Set(calls.map((call) => call.operation.tags?.[0] ?? "Other"))];
  const of = (tag: string) => calls.filter((call) => (call.operation.tags?.[0] ?? "Other") === tag);
  return renderPage(
    "API reference",
    html`<h1>API reference</h1>
<p>${prose(document.info.description ?? "")}</p>
<p class="muted">Version ${document.info.version}. Authenticate with <code>Authorization: Bearer os_…</code> or a dashboard session. Machine-readable: <a href="/openapi.json">openapi.json</a>.</p>
${tags.map((tag) => html`<h2>${tag}</h2><ul class="index">${of(tag).map(renderIndexLine)}</ul>`)}
<p><a href="#errors">Errors</a></p>
${tags.map((tag) => html`<h2>${tag}</h2>${of(tag).map((call) => renderCall(document, call))}`)}
<h2 id="errors">Errors</h2>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${Object.entries(
      ERRORS,
    ).map(
      ([code, { status, title }]) =>
        html`<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`,
    )}</tbody></table>`,
  );
}

function readCalls(document: Document): Call[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation: operation as Operation,
    })),
  );
}

function anchorOf({ method, path, operation }: Call): string {
  return operation.operationId ?? `${method}-${path}`;
}

function renderIndexLine(call: Call): Html {
  return html`<li><a href="#${anchorOf(call)}"><span class="method">${call.method}</span> <span>${call.path}</span></a></li>`;
}

function renderCall(document: Document, call: Call): Html {
  const { operation } = call;
  const body = operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
  const bodySchema = body?.content["application/json"]?.schema as Schema | undefined;
  const parameters = (operation.parameters ?? []).map((one) => readParameter(document, one));
  const [success, ...failures] = Object.entries(operation.responses ?? {}).sort(([a], [b]) =>
    a.localeCompare(b),
  );
  return html`<section class="call" id="${anchorOf(call)}"><div class="line"><span class="method">${call.method}</span><code>${call.path}</code></div>
<h3>${operation.summary ?? ""}</h3>${operation.description === undefined ? html`` : html`<p>${prose(operation.description)}</p>`}
${parameters.length === 0 ? html`` : renderFields("Parameters", parameters.map(parameterRow(document)))}
${bodySchema === undefined ? html`` : renderFields("Body", fieldRows(document, bodySchema))}
${success === undefined ? html`` : renderAnswer(document, success)}
<details><summary>Errors</summary><table><tbody>${failures.map(([status, answer]) => {
    const { description } = answer as OpenAPIV3_1.ResponseObject;
    return html`<tr><td>${status}</td><td>${prose(description)}</td></tr>`;
  })}</tbody></table></details></section>`;
}

type FieldRow = { readonly name: string; readonly type: string; readonly text: string };

function renderFields(title: string, rows: readonly FieldRow[]): Html {
  return html`<table><thead><tr><th>${title}</th><th>Type</th><th></th></tr></thead><tbody>${rows.map(
    (row) => html`<tr><td><code>${row.name}</code></td><td>${row.type}</td><td>${prose(row.text)}</td></tr>`,
  )}</tbody></table>`;
}

function parameterRow(document: Document) {
  return (parameter: OpenAPIV3_1.ParameterObject): FieldRow => {
    const schema = (parameter.schema ?? {}) as Schema;
    const required = parameter.required === true ? "required" : "optional";
    const text = parameter.description ?? schema.description ?? "";
    return { name: parameter.name, type: `${describeType(document, schema)}, ${required}`, text };
  };
}

function fieldRows(document: Document, schema: Schema): FieldRow[] {
  const { properties = {}, required = [] } = resolve(document, schema);
  return Object.entries(properties).map(([name, property]) => {
    const field = property as Schema;
    const need = required.includes(name) ? "required" : "optional";
    return { name, type: `${describeType(document, field)}, ${need}`, text: field.description ?? "" };
  });
}

function renderAnswer(document: Document, [status, answer]: [string, unknown]): Html {
  const { content } = answer as OpenAPIV3_1.ResponseObject;
  const schema = content?.["application/json"]?.schema as Schema | undefined;
  if (schema === undefined) return html`<p class="muted">Answers ${status}.</p>`;
  return html`<p class="muted">Answers ${status}:</p><pre><code>${describeType(document, schema)}</code></pre>`;
}

function readParameter(document: Document, parameter: Parameter): OpenAPIV3_1.ParameterObject {
  if (!("$ref" in parameter)) return parameter;
  const name = parameter.$ref.split("/").at(-1) ?? "";
  return document.components?.parameters?.[name] as OpenAPIV3_1.ParameterObject;
}

function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : ((document.components?.schemas?.[name] ?? {}) as Schema);
}
