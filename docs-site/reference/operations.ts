import type { OpenAPIV3_1 } from "openapi-types";
import type { Schema } from "./describe-type.ts";

export type Document = OpenAPIV3_1.Document;
export type Parameter = OpenAPIV3_1.ParameterObject;

/** One operation of the API with its references resolved as far as pages and samples need them. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly details: OpenAPIV3_1.OperationObject;
  readonly parameters: readonly Parameter[];
};

export function listOperations(document: Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, value]) => {
      const details = value as OpenAPIV3_1.OperationObject;
      return {
        id: details.operationId ?? `${method}-${path}`,
        method: method.toUpperCase(),
        path,
        tag: details.tags?.[0] ?? "Other",
        details,
        parameters: (details.parameters ?? []).map((one) => resolveParameter(document, one)),
      };
    }),
  );
}

export function bodySchemaOf({ details }: Operation): Schema | undefined {
  const body = details.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
  return body?.content["application/json"]?.schema as Schema | undefined;
}

type Success = { readonly status: string; readonly type: string | null; readonly schema: Schema | undefined };

/** The successful response: the first status below 300 that has a body, otherwise the first of all. */
export function successOf({ details }: Operation): Success {
  const successes = Object.entries(details.responses ?? {})
    .filter(([status]) => status.startsWith("2"))
    .map(([status, response]) => {
      const [[type, media] = [null, undefined]] = Object.entries(
        (response as OpenAPIV3_1.ResponseObject).content ?? {},
      );
      return { status, type, schema: media?.schema as Schema | undefined };
    });
  return (
    successes.find(({ type }) => type !== null) ??
    successes[0] ?? { status: "200", type: null, schema: undefined }
  );
}

/** Codes of the errors an operation can return, by status. */
export function errorsOf({
  details,
}: Operation): { readonly status: string; readonly codes: readonly string[] }[] {
  return Object.entries(details.responses ?? {})
    .filter(([status]) => Number(status) >= 400)
    .map(([status, response]) => {
      const { description } = response as OpenAPIV3_1.ResponseObject;
      return { status, codes: [...description.matchAll(/`([a-z_]+)`/g)].map(([, code = ""]) => code) };
    });
}

export function resolveSchema(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : ((document.components?.schemas?.[name] ?? {}) as Schema);
}

function resolveParameter(document: Document, parameter: Parameter | OpenAPIV3_1.ReferenceObject): Parameter {
  if (!("$ref" in parameter)) return parameter;
  const name = parameter.$ref.split("/").at(-1) ?? "";
  return document.components?.parameters?.[name] as Parameter;
}
