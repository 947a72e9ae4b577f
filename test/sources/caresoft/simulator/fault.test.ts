import { describe, expect, it } from 'vitest';
import { FAULTS, type Fault, parseFault } from '../../../../functions/sources/caresoft/simulator/fault.ts';

/** The forms that have a shape of their own. */
const EXAMPLES: Readonly<Record<string, Fault>> = {
  'throttle:some': { name: 'throttle', often: 'some' },
  'throttle:many': { name: 'throttle', often: 'many' },
  'throttle:forever': { name: 'throttle', often: 'forever' },
  'retry-after:SECONDS': { name: 'retry-after', seconds: 7 },
  'error:some': { name: 'error', often: 'some' },
  'error:forever': { name: 'error', often: 'forever' },
  'drop:some': { name: 'drop', often: 'some' },
  'drop:forever': { name: 'drop', often: 'forever' },
  'cut:some': { name: 'cut', often: 'some' },
  'cut:forever': { name: 'cut', often: 'forever' },
  'stall:some': { name: 'stall', often: 'some' },
  'stall:forever': { name: 'stall', often: 'forever' },
  'html:some': { name: 'html', often: 'some' },
  'html:forever': { name: 'html', often: 'forever' },
  'code-errors:some': { name: 'code-errors', often: 'some' },
  'code-errors:forever': { name: 'code-errors', often: 'forever' },
  'cap:N': { name: 'cap', rows: 7 },
  'arriving:N': { name: 'arriving', rows: 7 },
  'arriving:forever': { name: 'arriving', rows: Number.POSITIVE_INFINITY },
  moving: { name: 'moving', changes: Number.POSITIVE_INFINITY },
  'moving:N': { name: 'moving', changes: 7 },
  'num-found:+N': { name: 'num-found', by: 7 },
  'num-found:-N': { name: 'num-found', by: -7 },
  'num-found-cap:N': { name: 'num-found-cap', rows: 7 },
  'dead:livechat': { name: 'dead', channel: 'livechat' },
  'dead:messenger': { name: 'dead', channel: 'messenger' },
  'dead:zalo': { name: 'dead', channel: 'zalo' },
  'broken:error:N': { name: 'broken', by: 'error', from: 7 },
  'broken:drop:N': { name: 'broken', by: 'drop', from: 7 },
  'broken:throttle:N': { name: 'broken', by: 'throttle', from: 7 },
  'broken:token:N': { name: 'broken', by: 'token', from: 7 },
  'broken:domain:N': { name: 'broken', by: 'domain', from: 7 },
  'broken:ban:N': { name: 'broken', by: 'ban', from: 7 },
  'slow:MS': { name: 'slow', waitMs: 7 },
};

/** Of a form that is a name alone, a name with a number, or one with a parameter of /chats. */
function usual(form: string): unknown {
  const [name, detail] = form.split(':');
  if (detail === undefined) return { name };
  return detail === 'N' ? { name, number: 7 } : { name, param: detail };
}

describe('parseFault', () => {
  it('reads every form that the help names', () => {
    const forms = FAULTS.flatMap((fault) => fault.forms);
    expect(Object.keys(EXAMPLES).filter((form) => !forms.includes(form))).toEqual([]);
    expect(forms.length).toBe(new Set(forms).size);
    for (const form of forms) {
      expect(parseFault(form.replace(/N$|SECONDS|MS/, '7'))).toEqual(EXAMPLES[form] ?? usual(form));
    }
  });

  it.each([
    'unheard-of',
    '',
    'throttle',
    'throttle:often',
    'error:many',
    'ban:1',
    'cap:0',
    'cap:',
    'num-found:7',
    'dead:fax',
    'broken:error',
    'broken:fire:3',
    'broken:ban:0',
    'slow:-1',
    'arriving:1.5',
    'ties:1',
    'rows-cap:0',
    'ignore:page',
    'moving:x',
    'third-status',
  ])('refuses "%s" and lists what there is', (text) => {
    expect(() => parseFault(text)).toThrow(/there is no fault ".*"; there are: throttle:some, .*moving:N/);
  });

  it('has a meaning for each fault, for the help', () => {
    expect(FAULTS.filter(({ meaning }) => meaning === '')).toEqual([]);
  });
});
