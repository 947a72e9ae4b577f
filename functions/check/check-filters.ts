import type { Filters } from '../capture/filters.ts';
import { type Finding, note, ok } from './finding.ts';
import type { Probe } from './probe.ts';
import type { Sample } from './sample.ts';

const SETTING_OF = {
  groups: 'CARESOFT_GROUPS',
  services: 'CARESOFT_SERVICES',
  assignees: 'CARESOFT_ASSIGNEES',
} as const;

/** What the settings of groups, services and agents leave of the day's chats; null where none is set. */
export async function checkFilters(
  probe: Probe,
  samples: readonly Sample[],
  filters: Filters,
): Promise<Finding | null> {
  const set = [
    filters.groups.length > 0 && SETTING_OF.groups,
    filters.services.length > 0 && SETTING_OF.services,
    filters.assignees.length > 0 && SETTING_OF.assignees,
  ];
  const names = set.filter((name) => name !== false).join(', ');
  if (names === '') return null;
  let before = 0;
  let left = 0;
  for (const { asked, numFound } of samples) {
    before += await probe.count({ ...asked, unfiltered: true });
    left += numFound;
  }
  const says = `Of ${before} chats on all channels ${names} leave ${left}.`;
  if (before > 0 && left === 0) {
    return note('filters', says, `check the ids in ${names}: nothing would be reported`);
  }
  if (before > 0 && left === before) {
    return note('filters', `${says} They leave nothing out.`, `check the ids in ${names}, or unset them`);
  }
  return ok('filters', says);
}
