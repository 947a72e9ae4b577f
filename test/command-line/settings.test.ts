import { describe, expect, test } from 'vitest';
import { SETTING_NAMES } from '../../functions/config/settings.ts';
import { call } from './call.ts';

describe('chat-report settings', () => {
  test('lists each setting once, with its default and what it is', async () => {
    const { code, out, err } = await call(['settings'], {});
    expect([code, err]).toEqual([0, '']);
    const heads = out.split('\n').filter((line) => /^[A-Z]\w+( \(|$)/.test(line));
    expect(heads.map((line) => line.split(' ')[0])).toEqual(SETTING_NAMES);
    expect(out).toMatch(/^LOCALE \(default: vi\)\n {2}the language of re/m);
    expect(out).not.toMatch(/`|\]\(/);
  });

  test('takes nothing else, and needs no settings that are right', async () => {
    expect(await call(['settings'], { LOCALE: 'xx' })).toMatchObject({ code: 0 });
    expect(await call(['settings', '--all'], {})).toMatchObject({ code: 2, out: '' });
  });
});
