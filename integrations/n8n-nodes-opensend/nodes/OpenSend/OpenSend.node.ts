import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
} from "n8n-workflow";
import { NodeConnectionTypes, NodeOperationError } from "n8n-workflow";
import { getEventTypes } from "./event-types";
import { OPERATIONS } from "./operations";
import { PROPERTIES } from "./properties";
import { problemOf, request } from "./request";

export class OpenSend implements INodeType {
  description: INodeTypeDescription = {
    displayName: "OpenSend",
    name: "openSend",
    icon: { light: "file:../../icons/opensend.svg", dark: "file:../../icons/opensend.dark.svg" },
    group: ["output"],
    version: 1,
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description: "Send events with OpenSend, and look at events and deliveries",
    defaults: { name: "OpenSend" },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "openSendApi", required: true }],
    properties: PROPERTIES,
  };

  methods = { loadOptions: { getEventTypes } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const results: INodeExecutionData[] = [];
    for (const index of this.getInputData().keys()) {
      try {
        const found = await perform(this, index);
        results.push(...found.map((json) => ({ json, pairedItem: { item: index } })));
      } catch (error) {
        if (!this.continueOnFail()) {
          throw new NodeOperationError(this.getNode(), error as Error, { itemIndex: index });
        }
        results.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
      }
    }
    return [results];
  }
}

async function perform(node: IExecuteFunctions, index: number): Promise<IDataObject[]> {
  const name = `${node.getNodeParameter("resource", index)}.${node.getNodeParameter("operation", index)}`;
  const operation = OPERATIONS[name];
  if (operation === undefined) {
    throw new NodeOperationError(node.getNode(), `Unknown operation: ${name}`, { itemIndex: index });
  }
  const { method, path, ...call } = operation(node, index);
  const response = await request(node, method, path, call);
  if (response.statusCode >= 300) {
    const { message, description } = problemOf(response);
    throw new NodeOperationError(node.getNode(), message, { description, itemIndex: index });
  }
  return [response.body.data].flat() as IDataObject[];
}
