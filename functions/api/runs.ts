import * as z from 'zod';
import type { RUN_STATES } from './openapi.ts';
import * as schemas from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import {
  type DayState,
  findRequest,
  isOver,
  keepRequest,
  reportRequestSchema,
  startRuns,
  statesOf,
} from './report-requests.ts';
import { pathOf, toPlace } from './reports.ts';
import { NO_INPUT, Problem, type Route, route, toBytes } from './route.ts';

type RunState = (typeof RUN_STATES)[number];

/** The state of all days together. It is done only where each day has a report of all channels. */
function overall(states: readonly DayState[]): RunState {
  if (states.every((state) => state === 'reported')) return 'done';
  if (states.every((state) => state === 'reported' || state === 'partial')) return 'partial';
  if (states.every(isOver)) return 'failed';
  return states.every((state) => state === 'accepted') ? 'accepted' : 'running';
}

/** A requested run begins sooner than this. Otherwise the process that should have begun it has ended. */
const OVERDUE_MS = 30_000;
const ASK_AGAIN_SECONDS = 5;
const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** By the IETF's draft a key is a text in quotes. Keys without quotes are accepted, too. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

const idempotencyKey = z
  .string()
  .regex(KEY, { error: 'is no text of 1 to 255 printable characters' })
  .transform((text) => text.replace(KEY, '$1$2'));

/** Requests reports. They take a minute or an hour: so the answer tells where to follow them. */
export function askForReports(ports: ApiPorts): Route {
  return route({
    method: 'post',
    path: '/reports',
    id: 'askForReports',
    title: 'Ask for reports',
    description:
      'Begins a run for each day. The same `Idempotency-Key` with the same body is one request, however often it is ' +
      'sent. Without a key, the same body is one request while its runs are at work, and for ten minutes.',
    input: z.object({
      ...NO_INPUT,
      headers: z.object({
        'idempotency-key': idempotencyKey.optional().meta({
          description: 'A text of your own for this request',
          examples: ['"8e03978e-40d5-43e8-bc93"'],
        }),
      }),
      body: reportRequestSchema(ports),
    }),
    answers: {
      202: {
        description: 'The reports are on their way, or already made',
        headers: { Location: 'Where to follow it', 'Retry-After': 'Look again after this many seconds' },
        content: { 'application/json': schemas.accepted },
      },
      400: { description: 'Something is wrong with the request' },
      413: { description: 'The body is larger than 8 KB' },
      415: { description: 'The body is no JSON' },
      422: { description: 'The key belongs to another body' },
      500: {
        description:
          'Something went wrong here. The same request, sent again, begins the runs that did not begin',
      },
    },
    async handle({ headers, body }) {
      const { request, isNew } = await keepRequest(body, headers['idempotency-key'] ?? null, ports);
      // The process that kept the request may have ended before it began all runs.
      const missing = isNew
        ? request.runs
        : (await statesOf(request, ports)).filter(({ state }) => !isOver(state));
      await startRuns(request, missing, ports);
      const status = `/runs/${request.id}`;
      return new Response(toBytes({ id: request.id, status }), {
        status: 202,
        headers: { ...JSON_HEADERS, location: status, 'retry-after': String(ASK_AGAIN_SECONDS) },
      });
    },
  });
}

export function followRuns(ports: ApiPorts): Route {
  return route({
    method: 'get',
    path: '/runs/{id}',
    id: 'followRuns',
    title: 'Follow a request',
    description:
      'The state of each run of a request, one for each day. A run that did not begin in time begins now.',
    input: z.object({
      ...NO_INPUT,
      params: z.object({
        id: z.string().meta({ description: 'The id of a request', examples: ['1f0c9b7a2d3e4f56-000001'] }),
      }),
    }),
    answers: {
      200: {
        description: 'The state of the runs',
        headers: { 'Retry-After': 'Look again after this many seconds; left out once all is over' },
        content: { 'application/json': schemas.runStatus },
      },
      400: { description: 'Something is wrong with the request' },
      404: { description: 'There is no request with this id' },
      500: { description: 'Something went wrong here' },
    },
    async handle({ params: { id } }) {
      const found = await findRequest(ports.lake, id);
      if (found.state === 'none') throw new Problem(404, 'Nothing was asked for under this id.');
      if (found.state === 'unreadable') {
        throw new Problem(404, 'What was asked for under this id can no longer be read; ask for it again.');
      }
      const { value: request } = found;
      const runs = await statesOf(request, ports);
      if (ports.clock.now() - Date.parse(request.askedAt) > OVERDUE_MS) {
        const overdue = runs.filter(({ state }) => state === 'accepted');
        await startRuns(request, overdue, ports);
      }
      const state = overall(runs.map((one) => one.state));
      const channels = request.channels?.join();
      const days = runs.map(({ day, state }) => ({
        ...{ day, state },
        ...((state === 'reported' || state === 'partial') && {
          report: pathOf(toPlace(day, channels, ports.account)),
        }),
      }));
      const isToCome = state === 'accepted' || state === 'running';
      return new Response(toBytes({ id, state, askedAt: request.askedAt, days }), {
        headers: { ...JSON_HEADERS, ...(isToCome && { 'retry-after': String(ASK_AGAIN_SECONDS) }) },
      });
    },
  });
}
