import { openToken, type Pace } from '../functions/app/compose.local.ts';
import { systemClock } from '../functions/calendar/clock.system.ts';
import { openZone } from '../functions/calendar/time-zone.ts';
import type { Settings } from '../functions/config/account.ts';
import { openChatSource } from '../functions/sources/caresoft/client.http.ts';
import type { DiagnosticsPorts } from '../functions/sources/caresoft/diagnostics/account.ts';
import {
  type AccountUnderTest,
  CHECK_RETRY_POLICY,
} from '../functions/sources/caresoft/diagnostics/probe.ts';
import { DIALECT } from '../functions/sources/caresoft/dialect.ts';
import { RateLimiter } from '../functions/sources/caresoft/rate-limiter.ts';
import type { Retry } from '../functions/sources/source.ts';

/** The account of some settings, as diagnostics try it. */
export function toAccountUnderTest({
  source: baseUrl,
  channels,
  filters,
  timeZone,
  clock,
}: Pick<Settings, 'source' | 'channels' | 'filters' | 'timeZone' | 'clock'>): AccountUnderTest {
  return { baseUrl, channels, filters, reading: { dialect: DIALECT, zone: openZone(timeZone), clock } };
}

/** What diagnostics ask the account through. They give up sooner than a run. */
export async function openDiagnostics(
  { source: baseUrl, access }: Pick<Settings, 'source' | 'access'>,
  pace: Pace | undefined,
  onRetry?: (retry: Retry) => void,
): Promise<DiagnosticsPorts> {
  const { requestsPerSecond } = { ...access, ...pace };
  const retryPolicy = CHECK_RETRY_POLICY;
  const rateLimiter = new RateLimiter({ requestsPerSecond, clock: systemClock, retryPolicy });
  const token = await openToken(access.token);
  const options = { baseUrl, token, rateLimiter, retryPolicy, ...(onRetry && { onRetry }) };
  return { chatSource: openChatSource(options), clock: systemClock };
}
