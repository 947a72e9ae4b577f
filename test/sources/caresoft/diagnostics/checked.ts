import { expect, onTestFinished } from 'vitest';
import { openToken } from '../../../../functions/app/compose.local.ts';
import { openZone } from '../../../../functions/calendar/time-zone.ts';
import { CHANNELS } from '../../../../functions/chats/channel.ts';
import { readSettings } from '../../../../functions/config/settings.ts';
import { openChatSource } from '../../../../functions/sources/caresoft/client.http.ts';
import { checkAccount } from '../../../../functions/sources/caresoft/diagnostics/account.ts';
import {
  CHECK_RETRY_POLICY,
  type Finding,
} from '../../../../functions/sources/caresoft/diagnostics/probe.ts';
import { DIALECT } from '../../../../functions/sources/caresoft/dialect.ts';
import { RateLimiter } from '../../../../functions/sources/caresoft/rate-limiter.ts';
import type { RetryPolicy } from '../../../../functions/sources/caresoft/retry-policy.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { leapingClock, skippableTimers } from '../../../hand-clock.ts';

/** Noon of the day after {@link DAY}, in Ho Chi Minh City. */
export const NOW = Date.parse('2026-11-21T05:00:00Z');
export const DAY = '2026-11-20';
const TOKEN = 'never-to-be-shown-4711';

/** As long as the program’s where it is for an answer: one that is slow to come is not none. */
const RETRY_POLICY: RetryPolicy = { ...CHECK_RETRY_POLICY, firstDelayMs: 1, pauseMs: 1 };
/** When a request has failed so often there has been as much time as there is patience. */
const TRIES = 6;

export interface Checked {
  readonly findings: readonly Finding[];
  readonly simulator: Simulator;
  /** The one with that id. */
  of(id: string): Finding;
}

/** What `check` finds at a simulated CareSoft. Whatever it finds, it shows no token and nobody's data. */
export async function checked(
  simulated: SimulatorOptions = {},
  changed: Readonly<Record<string, string>> = {},
  now = NOW,
): Promise<Checked> {
  const simulator = await startSimulator({ requestsPerSecond: 10_000, token: TOKEN, ...simulated });
  onTestFinished(() => simulator.close());
  const read = readSettings({
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    ...changed,
  });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const { access, source: baseUrl, clock, channels, filters, timeZone } = read.settings;
  const token = await openToken(access.token);
  const rateLimiter = new RateLimiter({
    requestsPerSecond: 2_000,
    clock: leapingClock(),
    retryPolicy: RETRY_POLICY,
  });
  const pass = skippableTimers(['performance']);
  const asking = openChatSource({
    baseUrl,
    token,
    rateLimiter,
    retryPolicy: RETRY_POLICY,
    onRetry({ attempt }) {
      if (attempt === TRIES) pass(RETRY_POLICY.giveUpAfterMs);
    },
  });
  const findings = await Array.fromAsync(
    checkAccount(
      { baseUrl, channels, filters, reading: { dialect: DIALECT, zone: openZone(timeZone), clock } },
      { chatSource: asking, clock: { now: () => now } },
    ),
  );
  const said = JSON.stringify(findings);
  expect([TOKEN, ...secretsOf(simulator)].filter((secret) => said.includes(secret))).toEqual([]);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  return {
    findings,
    simulator,
    of(id) {
      const finding = findings.find((one) => one.id === id);
      if (finding === undefined) throw new Error(`nothing was found of ${id}: ${said}`);
      return finding;
    },
  };
}

/** Whatever of the rows tells who wrote, as it stands in them. */
export function secretsOf({ rows }: Pick<Simulator, 'rows'>, days: readonly string[] = [DAY]): string[] {
  const all = days.flatMap((day) => CHANNELS.flatMap((channel) => rows(channel, day)));
  const columns = ['cus_phone', 'cus_email', 'cus_name', 'conversation_id', 'customer_id'];
  const values = all.flatMap((row) =>
    Object.entries(row ?? {}).flatMap(([name, value]) => (columns.includes(name) ? [String(value)] : [])),
  );
  return [...new Set(values)].filter(
    (text) => text.length > 6 && text !== 'undefined' && !text.startsWith('[object'),
  );
}
