import { composeLocal, openDelivery, openLake, openToken } from '../../functions/compose.local.ts';
import { jsonLines } from '../../functions/log/json-lines.system.ts';
import { openLog } from '../../functions/log/log.ts';
import { reportDays } from '../../functions/pipeline/report-days.ts';
import { readSettings } from '../../functions/settings.ts';
import { daysFrom } from '../../functions/time/report-day.ts';

/**
 * `chat-report run` as a process that can be killed, but at a rate that no user may set: three months of requests
 * would else take most of a minute. Called with the first and the last day.
 */
const [from = '', to = ''] = process.argv.slice(2);
const read = readSettings(process.env);
if ('problems' in read) throw new Error(JSON.stringify(read.problems));
const caresoft = { ...read.settings.caresoft, requestsPerSecond: 500 };
const { account, context, ports } = composeLocal(
  { ...read.settings, caresoft },
  {
    ...(await openDelivery(read.settings, { send: false, outbox: 'out/outbox' })),
    lake: await openLake(read.settings.lake),
    token: await openToken(caresoft.token),
    log: openLog(jsonLines((line) => process.stderr.write(line))),
  },
);
const lease = { ...ports.lease, settleMs: 0 };
const request = { days: daysFrom(from, to), refresh: false, resend: false };
for await (const { day, state } of reportDays(request, context, account, { ...ports, lease })) {
  process.stdout.write(`${day} ${state}\n`);
}
