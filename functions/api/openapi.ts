import * as z from 'zod';
import { FIRST_DAY, isDay } from '../calendar/day.ts';
import { CHANNELS } from '../chats/channel.ts';
import { distribution, figures, share } from '../metrics/measures.ts';
import { day, storedSummary } from '../metrics/summary.ts';
import { waitingCustomer } from '../metrics/waiting.ts';
import { REACHES } from '../metrics/work-list.ts';
import { VENDOR } from '../sources/vendor.ts';
import { channel, count, instant } from '../storage/json-record.ts';
import { answerWith, NO_INPUT, PROBLEM_TYPE, type Route, type RouteAnswer, route, toBytes } from './route.ts';

/** The schemas of requests and answers. Answers may get more fields, so readers must ignore unknown ones. */

/** A day that a range may hold. */
export const requestedDay = day.refine((text) => !isDay(text) || text >= FIRST_DAY, {
  error: `is before ${FIRST_DAY}`,
});

/** Channels in a link: with commas between, in any order. */
export const channelNames = z
  .string({ error: 'is given more than once; write the names with commas between' })
  .refine((text) => text.split(',').every((name) => channel.safeParse(name).success), {
    error: `can hold ${CHANNELS.join(', ')}, with commas between`,
  })
  .meta({ examples: ['zalo'] });

export const headline = z
  .looseObject({
    day,
    report: z.string().meta({ description: 'The path of the report', examples: ['/reports/2026-11-21'] }),
    verdict: z.enum(['proven', 'partial']).meta({
      description: 'partial: some channels could not be proven, and the figures leave them out',
    }),
    missing: z
      .array(channel)
      .optional()
      .meta({ description: 'The channels that could not be proven; left out where all could be' }),
    generatedAt: instant,
    channels: z.array(channel).meta({ description: 'The channels that the figures are of' }),
    chats: count,
    customers: count,
    answered: count,
    missed: count,
    other: count,
    missedRate: share,
    serviceLevelRate: share,
    callbacks: count.meta({ description: 'Customers to call back' }),
  })
  .meta({ description: 'The headline figures of a report' });

export const reportList = z.looseObject({ from: day, to: day, days: z.array(headline) });

const WORK_GROUPS = ['soon', 'next', 'unreachable'] as const;
export type WaitingGroup = (typeof WORK_GROUPS)[number];

export const waitingListSchema = z.looseObject({
  day,
  asOf: instant.meta({ description: 'Later answers are not known' }),
  isFollowed: z.boolean().meta({
    description:
      'Whether the list follows the report: it holds customers of earlier days, too, and leaves out those who were answered since. Otherwise it is the list of the report itself',
  }),
  unread: z.array(channel).optional().meta({
    description:
      'Channels whose answers after the day are not known; left out where the list does not follow the report',
  }),
  soonUntil: instant.meta({ description: 'An hour after work begins next' }),
  counts: z.looseObject({
    waiting: count,
    soon: count.meta({
      description: 'Customers who can be answered on their channel until soonUntil at the latest',
    }),
    withPhone: count,
  }),
  customers: z
    .array(
      z.looseObject({
        number: z.int().positive().meta({ description: 'In the order of work, from 1' }),
        group: z.enum(WORK_GROUPS).meta({
          description:
            'soon: can be answered on their channel until soonUntil at the latest; unreachable: wrote on a web page and left no contact',
        }),
        reach: z.enum(REACHES).meta({
          description:
            'How the customer can be reached, the surest way first. byHand: only by a message that a person has to send',
        }),
        ...waitingCustomer.shape,
      }),
    )
    .meta({ description: 'In the order of work' }),
  next: z.string().optional().meta({ description: 'The path of the rest; left out where this is all' }),
});

export const accepted = z.looseObject({
  id: z.string(),
  status: z
    .string()
    .meta({ description: 'The path to follow the runs', examples: ['/runs/1f0c9b7a2d3e4f56-000001'] }),
});

export const DAY_STATES = ['accepted', 'running', 'reported', 'partial', 'unproven', 'failed'] as const;
export const RUN_STATES = ['accepted', 'running', 'done', 'partial', 'failed'] as const;

export const runStatus = z.looseObject({
  id: z.string(),
  state: z.enum(RUN_STATES).meta({
    description:
      'done: each day has its report. partial: each day has a report, and some lack channels that could not be proven. failed: all runs are over, and a day has no report. Otherwise some runs are not over',
  }),
  askedAt: instant,
  days: z.array(
    z.looseObject({
      day,
      state: z.enum(DAY_STATES).meta({
        description:
          'unproven: the data could not be proven complete, so there is no report. partial: the report is of the channels that could be proven',
      }),
      report: z
        .string()
        .optional()
        .meta({ description: 'The path of the report, once the state is reported or partial' }),
    }),
  ),
});

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    errors: z
      .array(
        z.looseObject({
          detail: z.string(),
          pointer: z.string().optional().meta({ description: 'A JSON Pointer into the body' }),
          parameter: z
            .string()
            .optional()
            .meta({ description: 'The name of a parameter of the path or the query' }),
          header: z.string().optional().meta({ description: 'The name of a header' }),
        }),
      )
      .optional()
      .meta({ description: 'All wrong parts of the request' }),
  })
  .meta({ description: 'RFC 9457' });

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

/**
 * The route of the OpenAPI document, which describes all routes and itself.
 *
 * @param takesTokens whether callers with a token of the company's issuer are let in too
 */
export function describeApi(others: () => readonly Route[], takesTokens: boolean): Route {
  const own = route({
    method: 'get',
    path: '/openapi.json',
    id: 'describeApi',
    title: 'This document',
    description: 'All routes, made from the schemas that check requests.',
    input: z.object(NO_INPUT),
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        headers: { ETag: 'Of the document' },
        content: { 'application/json': z.looseObject({ openapi: z.literal('3.1.1') }) },
      },
      304: { description: 'It has not changed' },
      400: { description: 'Something is wrong with the request' },
    },
    handle(_input, context) {
      bytes ??= toBytes(toDocument([...others(), own], takesTokens));
      return answerWith(context, { bytes, type: 'application/json' });
    },
  });
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  return own;
}

function toDocument(routes: readonly Route[], takesTokens: boolean): Json {
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
      summary: `Daily reports of the chats of an account with ${VENDOR}, on demand`,
      description:
        'HEAD works like GET, without the body. Other methods get 405, and unknown paths get 404, both as a problem, ' +
        'like every other error. API Gateway itself answers requests without a valid signature with 403.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/', description: 'Where this document is' },
      ...(takesTokens ? [{ url: '/jwt', description: 'The same, for requests with a token' }] : []),
    ],
    security: [{ signature: [] }, ...(takesTokens ? [{ token: [] }] : [])],
    tags: [{ name: 'reports', description: 'Request reports, and read them' }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(Object.entries(described).map(([id, schema]) => [id, withoutHead(schema)])),
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4 for the service execute-api. On localhost no signature is needed.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        ...(takesTokens && {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: "A token of the company's issuer. It may do all that a signature may, below /jwt.",
          },
        }),
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

/** A reference where the schema is a component. */
function referTo(schema: z.ZodType): Json {
  const [id] = Object.entries(COMPONENTS).find(([, component]) => component === schema) ?? [];
  return id === undefined ? toSchema(schema) : { $ref: `#/components/schemas/${id}` };
}

function toSchema(schema: z.core.$ZodType): Json {
  return withoutHead(z.toJSONSchema(schema, { io: 'input' }));
}

/** The document itself names the version of JSON Schema: so its parts need not. */
function withoutHead(schema: Json): Json {
  const { $schema: _version, $id: _place, ...rest } = schema;
  return rest;
}
