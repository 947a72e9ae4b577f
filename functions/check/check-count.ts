import type { FilteredStatus } from '../capture/slice.ts';
import { startOf } from '../chat/row-key.ts';
import { countOf, type Finding, fail, note, ok } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';
import type { Trial } from './trial.ts';

const [ID, CAP, STATUS] = ['count', 'count-cap', 'chat-status'];
const LATER = 'report somewhat later in the day; what changes while it is read is read again';
const TELL = 'a day is proven only where the count is right: show this line to CareSoft';

/** Whether CareSoft's own count is what it gives, which is what a day is proven by: tried on some chats as a report does. */
export async function judgeTrial(probe: Probe, trial: Trial, sample: Sample): Promise<Finding> {
  const { proof, failure, isOfAll } = trial;
  const { asked, day, numFound } = sample;
  if (failure === null && proof !== null) {
    const { all } = proof.closing;
    const proven = 'read and proven as a report does it';
    if (isOfAll)
      return ok(ID, `CareSoft's count stands: ${countOf(all, `${asked.channel} chat`)}, ${proven}.`);
    const again = await probe.count(asked);
    return again === numFound
      ? ok(ID, `CareSoft's count stands: ${numFound} when asked twice; ${all} amid ${day} were ${proven}.`)
      : noteChange(numFound, again);
  }
  if (failure?.reason === 'count-changed' && !(await isSteady(probe, trial))) {
    return note(ID, `CareSoft's count changed while it was asked: ${failure.message}.`, LATER);
  }
  return fail(ID, `CareSoft's count is wrong: ${failure?.message ?? 'no row came'}.`, TELL);
}

/** A count by status that stays at what the rows do not say is no chat that changed. */
async function isSteady(probe: Probe, { asked, window, proof }: Trial): Promise<boolean> {
  if (proof === null || proof.closing.all !== proof.census.count().all) return false;
  for (const status of ['missed', 'answered'] as const) {
    const again = await probe.countUnlessRefused({ ...asked, window, status });
    if (again !== proof.closing[status]) return false;
  }
  return true;
}

/** What a report says of a trial that took too long. */
export async function judgeEndless(
  probe: Probe,
  { asked, numFound }: Sample,
  says: string,
): Promise<Finding> {
  const again = await probe.count(asked);
  return again === numFound
    ? note(ID, `Whether CareSoft's count is right could not be found out, ${says}.`)
    : noteChange(numFound, again);
}

function noteChange(before: number, after: number): Finding {
  const says = `CareSoft's count changed while it was asked, from ${before} to ${after}: chats still arrive.`;
  return note(ID, says, LATER);
}

/** Whether a count stops at some number: then two parts come to more than the whole. Null where that cannot be told. */
export async function checkCap(
  probe: Probe,
  { asked, numFound, rows, chats }: Sample,
): Promise<Finding | null> {
  const starts = chats.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const cut = starts[Math.floor(starts.length / 2)];
  // Rows without a start may be counted in each.
  if (cut === undefined || rows.some((row) => startOf(row) === null)) return null;
  const { since, to } = asked.window;
  const parts = [
    await probe.count({ ...asked, window: { since, to: cut - 1 } }),
    await probe.count({ ...asked, window: { since: cut, to } }),
  ];
  const sum = parts.reduce((total, part) => total + part, 0);
  if (sum <= numFound)
    return ok(CAP, `Counts do not stop short: two parts come to no more than the ${numFound} of the whole.`);
  if ((await probe.count(asked)) !== numFound) return null;
  return note(
    CAP,
    `CareSoft counts no further than ${numFound}: two parts of it come to ${sum}. A day is counted in parts that stay below that; nothing is lost.`,
  );
}

/** Whether missed and met chats are counted apart, as a report compares them; null where a trial did not tell. */
export function judgeStatusCounts({ proof, failure }: Trial): Finding | null {
  if (proof === null || failure !== null) return null;
  const { all, missed, answered, notHeeded } = proof.closing;
  const of = (status: FilteredStatus): string => (status === 'missed' ? 'missed' : 'met');
  const said = `of ${all} it counts ${missed ?? 'no'} missed and ${answered ?? 'no'} met`;
  const [one] = notHeeded;
  if (one === undefined) {
    return ok(STATUS, `CareSoft tells chats by chat_status: ${said}. A report compares both, and all.`);
  }
  const isRefused = notHeeded.every((status) => proof.closing[status] === null);
  const does = isRefused ? 'refuses to count by chat_status' : `does not heed chat_status: ${said}`;
  if (notHeeded.length > 1) {
    return note(
      STATUS,
      `CareSoft ${does}. A report compares all chats instead, counted in two parts; a chat whose status changes while it is read is not noticed before the day is read again.`,
    );
  }
  const other = one === 'missed' ? 'answered' : 'missed';
  return note(
    STATUS,
    `CareSoft ${isRefused ? `refuses to count ${of(one)} chats` : `does not heed chat_status for ${of(one)} chats`}: ${said}. A report compares ${of(other)} chats and all.`,
  );
}
