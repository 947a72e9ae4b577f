import * as z from 'zod';
import { distribution, figures } from '../measure/measures.ts';
import { storedSummary } from '../measure/summary.ts';
import { answerWith, toBytes } from './answer.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { BARE } from './read-input.ts';
import { type Route, type RouteAnswer, route } from './route.ts';
import { accepted, headline, problem, reportList, runStatus } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const COMPONENTS = {
  Accepted: accepted,
  Distribution: distribution,
  Figures: figures,
  Headline: headline,
  Problem: problem,
  ReportList: reportList,
  RunStatus: runStatus,
  Summary: storedSummary,
} as const;

/** The document that describes the other routes, and itself. */
export function describeApi(others: () => readonly Route[]): Route {
  const own = route({
    method: 'get',
    path: '/openapi.json',
    id: 'describeApi',
    title: 'This document',
    description: 'What there is, made from the very schemas that requests are checked against.',
    input: z.object(BARE),
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        headers: { ETag: 'Of the document' },
        content: { 'application/json': z.looseObject({ openapi: z.literal('3.1.1') }) },
      },
      304: { description: 'It is as it was' },
      400: { description: 'Something is wrong with the request' },
    },
    handle(_input, context) {
      bytes ??= toBytes(toDocument([...others(), own]));
      return answerWith(context, { bytes, type: 'application/json' });
    },
  });
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  return own;
}

function toDocument(routes: readonly Route[]): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const paths = new Map<string, Record<string, Json>>();
  for (const one of routes) {
    const at = paths.get(one.path) ?? {};
    paths.set(one.path, { ...at, [one.method]: toOperation(one) });
  }
  const uri = (id: string): string => `#/components/schemas/${id}`;
  const { schemas: described } = z.toJSONSchema(registry, { uri, io: 'input' });
  return {
    openapi: '3.1.1',
    info: {
      title: 'chat-report',
      version: '1',
      summary: 'Daily reports of the chats of an account with CareSoft, on demand',
      description:
        'Where GET is, HEAD is too. Another method is answered 405, and what is not here 404, both as a problem ' +
        'like every other error. Requests without a valid signature are refused with 403 by API Gateway itself.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document is' }],
    security: [{ signature: [] }],
    tags: [{ name: 'reports', description: 'Asking for reports, and reading them' }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(Object.entries(described).map(([id, schema]) => [id, bare(schema)])),
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4 for the service execute-api. None where it is served on localhost.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}

function toOperation({ id, title, description, isOpen = false, input, answers }: Route): Json {
  const { params, query, headers, body } = input.shape;
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(query, 'query'),
    ...parametersOf(headers, 'header'),
  ];
  return {
    operationId: id,
    summary: title,
    description,
    tags: ['reports'],
    ...(isOpen && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(!(body instanceof z.ZodUndefined) && {
      requestBody: { required: true, content: { 'application/json': { schema: toSchema(body) } } },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, toAnswer(Number(status), answer)]),
    ),
  };
}

function parametersOf({ shape }: z.ZodObject, place: 'path' | 'query' | 'header'): Json[] {
  return Object.entries(shape).map(([name, field]) => {
    const { description, ...schema } = toSchema(field);
    const isRequired = place === 'path';
    return {
      name,
      in: place,
      required: isRequired,
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function toAnswer(status: number, { description, headers = {}, content }: RouteAnswer): Json {
  const contents = Object.entries(content ?? {}).map(([type, schema]) => [
    type,
    { schema: schema === null ? { type: 'string' } : referTo(schema) },
  ]);
  if (status >= 400) contents.push([PROBLEM_TYPE, { schema: referTo(problem) }]);
  const described = Object.entries(headers).map(([name, says]) => [
    name,
    { description: says, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(contents.length > 0 && { content: Object.fromEntries(contents) }),
  };
}

/** By its name where it has one. */
function referTo(schema: z.ZodType): Json {
  const [id] = Object.entries(COMPONENTS).find(([, component]) => component === schema) ?? [];
  return id === undefined ? toSchema(schema) : { $ref: `#/components/schemas/${id}` };
}

function toSchema(schema: z.core.$ZodType): Json {
  return bare(z.toJSONSchema(schema, { io: 'input' }));
}

/** Within a document, which says which version of JSON Schema it is, and where it is. */
function bare(schema: Json): Json {
  const { $schema: _version, $id: _place, ...rest } = schema;
  return rest;
}
