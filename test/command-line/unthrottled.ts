import { jsonLines } from '../../bin/terminal-log.ts';
import { daysFrom } from '../../functions/calendar/day.ts';
import { openLog } from '../../functions/observability/log.ts';
import { reportUnthrottled } from './report-unthrottled.ts';

/** As a process that can be killed. Called with the first and the last day. */
const [from = '', to = ''] = process.argv.slice(2);
const log = openLog(jsonLines((line) => process.stderr.write(line)));
const surroundings = { cwd: process.cwd(), settings: process.env };
for await (const { day, state } of reportUnthrottled(daysFrom(from, to), surroundings, log)) {
  process.stdout.write(`${day} ${state}\n`);
}
